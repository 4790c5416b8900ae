// Ends everybody below this process: TERM, a grace, KILL, until nobody is left or the time is over. The
// caller is a child subreaper, so whoever leaves the tree comes back as its child. Blocks. Plain C++ without
// Qt.
#pragma once

#include <chrono>

namespace muster::guard {

// How many are still there (0: verified gone).
int endDescendants(std::chrono::milliseconds grace);

} // namespace muster::guard
