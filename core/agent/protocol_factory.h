// makeProtocol: the adapter that a runtime of the catalog is driven by. `sink` must outlive it.
#pragma once

#include "core/agent/runtime_record.h"
#include "core/protocol/agent_protocol.h"

#include <memory>

namespace muster {

[[nodiscard]] std::unique_ptr<AgentProtocol> makeProtocol(const RuntimeRecord &runtime, ProtocolSink &sink);

} // namespace muster
