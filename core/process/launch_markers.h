// The environment variables by which launched processes are found again. Plain C++ without Qt.
#pragma once

namespace muster {

// Marks every process of one launched tree. The name holds no KEY, SECRET or TOKEN: agents filter those.
inline constexpr const char *runMarkerVariable = "MUSTER_RUN";
// Marks a guarded shell step, which outlives the node on purpose.
inline constexpr const char *guardMarkerVariable = "MUSTER_GUARD";

} // namespace muster
