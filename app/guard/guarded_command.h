// Runs one command under a key, outliving the node, and leaves what came of it in files (guard_layout.h).
#pragma once

#include "app/guard/options.h"

namespace muster::guard {

// Returns in the process that was called as soon as the guard stands on its own in the background, or could
// not: exitOk, exitBusy, exitIo.
[[nodiscard]] int startGuarded(const Options &options);

} // namespace muster::guard
