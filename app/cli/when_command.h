// muster schedules when: tells how a text is read and its next firings. Needs no node, so it answers at once.
// Main thread.
#pragma once

#include "app/command_line.h"

namespace muster::app {

// Returns the exit code.
[[nodiscard]] int tellWhen(const WhenOptions &options, bool json);

} // namespace muster::app
