#include "core/agent/protocol_factory.h"

#include "core/protocol/acp/acp_adapter.h"
#include "core/protocol/claude/claude_adapter.h"

namespace muster {

std::unique_ptr<AgentProtocol> makeProtocol(const RuntimeRecord &runtime, ProtocolSink &sink)
{
    switch (runtime.protocol) {
    case RuntimeProtocol::Acp:
        return std::make_unique<AcpAdapter>(sink, runtime.quirks);
    case RuntimeProtocol::StreamJson:
        return std::make_unique<ClaudeAdapter>(sink, runtime.streamJson);
    }
    Q_UNREACHABLE_RETURN(nullptr);
}

} // namespace muster
