#include "core/agent/protocol_factory.h"

#include "core/protocol/acp/acp_adapter.h"

namespace muster {

std::unique_ptr<AgentProtocol> makeProtocol(const RuntimeRecord &runtime, ProtocolSink &sink)
{
    switch (runtime.protocol) {
    case RuntimeProtocol::Acp:
        return std::make_unique<AcpAdapter>(sink, runtime.quirks);
    }
    Q_UNREACHABLE_RETURN(nullptr);
}

} // namespace muster
