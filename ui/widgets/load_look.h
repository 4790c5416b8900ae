// Which sign and which colour stand for the load of the swarm: grey, indigo, amber, and never the colour of a
// failure. The signs differ in shape. GUI thread.
#pragma once

#include "core/node/api/values.h"
#include "ui/widgets/status_look.h"

namespace muster {

[[nodiscard]] StatusLook lookOfLoad(api::SwarmLoad load);

} // namespace muster
