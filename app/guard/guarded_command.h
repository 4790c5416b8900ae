// Runs one command under a key, outliving the node, and leaves what came of it in files (guard_layout.h).
#pragma once

#include "app/guard/options.h"

namespace muster::guard {

[[nodiscard]] int runGuarded(const Options &options);

} // namespace muster::guard
