#include "core/agent/protocol_factory.h"

#include "core/protocol/acp/acp_adapter.h"
#include "core/protocol/claude/claude_adapter.h"
#include "core/protocol/codex/codex_adapter.h"
#include "core/protocol/pi/pi_adapter.h"

namespace muster {

std::unique_ptr<AgentProtocol> makeProtocol(const RuntimeRecord &runtime, ProtocolSink &sink)
{
    switch (runtime.protocol) {
    case RuntimeProtocol::Acp:
        return std::make_unique<AcpAdapter>(sink, runtime.quirks);
    case RuntimeProtocol::Codex:
        return std::make_unique<CodexAdapter>(sink);
    case RuntimeProtocol::Pi:
        return std::make_unique<PiAdapter>(sink);
    case RuntimeProtocol::StreamJson:
        return std::make_unique<ClaudeAdapter>(sink, runtime.streamJson);
    }
    Q_UNREACHABLE_RETURN(nullptr);
}

} // namespace muster
