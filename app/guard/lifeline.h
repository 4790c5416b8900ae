// muster-guard --lifeline PID -- PROGRAM ARGS…: runs an agent so that nothing of it outlives the node PID, or
// the agent itself. It hears of the node's death by the death signal, adopts whoever leaves the tree, and
// ends all of them. Ends with the agent's exit code or signal. Plain C++ without Qt.
#pragma once

#include <sys/types.h>

namespace muster::guard {

int runLifeline(pid_t node, char **command);

} // namespace muster::guard
