// AcpAdapter: the client's side of the Agent Client Protocol, version 1: bytes of an agent to session events,
// commands to bytes. One session per connection, one prompt at a time. Pure; contract: agent_protocol.h.
// Source: agentclientprotocol.com (schema release 1.21.0) and facts "agents" §5.
//
// What the agent says outside the protocol is kept raw (bounded) in a SessionWarning and counted, never
// fatal. Its history during session/load comes as repeated(), not as events. Only what `quirks` says is
// offered to it (files); all else it asks for is answered "method not found".
#pragma once

#include "core/protocol/acp/acp_chunk.h"
#include "core/protocol/acp/acp_permission.h"
#include "core/protocol/acp/acp_quirks.h"
#include "core/protocol/acp/acp_tools.h"
#include "core/protocol/acp/acp_usage.h"
#include "core/protocol/agent_protocol.h"
#include "core/protocol/json_rpc_peer.h"
#include "core/protocol/line_framer.h"

#include <QMap>

namespace muster {

class AcpAdapter final : public AgentProtocol {
public:
    // What the agent said of itself in the handshake; for display and for `doctor`.
    struct Handshake {
        SessionStarted started;
        QJsonObject capabilities;
        QJsonArray authMethods;
    };

    AcpAdapter(ProtocolSink &sink, AcpQuirks quirks, qsizetype maxLine = LineFramer::defaultMaxLine);

    [[nodiscard]] QStringList arguments(const OpenRequest &request) const override;
    [[nodiscard]] std::vector<PrivateFile> files(const OpenRequest &request) const override;
    void open(const OpenRequest &request) override;
    Status prompt(const Prompt &prompt) override;
    void cancel() override;
    Status answerPermission(const QString &requestId, const PermissionAnswer &answer) override;
    void answerFile(const QString &requestId, const Result<QString> &content) override;
    void receive(QByteArrayView bytes) override;
    void streamEnded(FailureReason reason, const QString &detail) override;

    [[nodiscard]] const Handshake &handshake() const { return m_handshake; }
    [[nodiscard]] const JsonRpcPeer::Counters &counters() const { return m_peer.counters(); }
    [[nodiscard]] qint64 warnings() const { return m_warnings; } // also those beyond the first thousand
    // The last that the agent said of these, as raw JSON; empty if it said nothing.
    [[nodiscard]] QJsonArray commands() const { return m_state.value(QStringLiteral("commands")).toArray(); }
    [[nodiscard]] const QJsonObject &state() const { return m_state; }

private:
    enum class Phase : std::uint8_t { Idle, Opening, Ready, Closed };
    struct OpenPermission {
        RpcId id;
        PermissionRequested request;
    };

    // Handshake (acp_handshake.cpp)
    void initialized(const QJsonObject &result);
    void createSession();
    void resumeSession();
    void sessionReady(const QJsonObject &result);
    void configureNext();
    void failOpening(FailureReason reason, const QString &detail);
    void finishOpening();
    [[nodiscard]] QJsonObject sessionParams() const;

    // MCP servers, by what this agent takes (acp_servers.cpp)
    [[nodiscard]] std::vector<McpEntry> serversByFile(const OpenRequest &request) const;
    [[nodiscard]] bool takesInSession(const McpEntry &server) const;
    [[nodiscard]] std::vector<McpEntry> serversInSession() const;
    void warnOfServersLeftOut();

    // What the agent says (acp_updates.cpp)
    void takeLine(const Frame &frame);
    void takeChunk(const AcpChunk &chunk);
    void takeUpdate(const RpcNotification &notification);
    void applyUpdate(const QString &kind, const QJsonObject &update);
    void takeUpdateChunk(const QString &kind, const QJsonObject &update);
    void takePlan(const QJsonObject &update);
    void takeSessionInfo(const QJsonObject &update);
    void takeState(const QString &kind, const QJsonObject &update);
    void emitEvent(const SessionEvent &event);
    void emitAll(const AcpTools::Events &events);
    void warn(const QString &code, const QString &detail);
    [[nodiscard]] QString messageKey(const AcpChunk &chunk);

    // What the agent asks for (acp_adapter.cpp)
    void takePermissionRequest(const RpcRequest &request);
    void takeFileRequest(const RpcRequest &request, bool isWrite);
    void withdrawPermissions();

    // The turn (acp_turn.cpp)
    void promptAnswered(const RpcOutcome &outcome);
    void turnFailed(const RpcError &error);
    void finishTurn(TurnFinished finished);
    [[nodiscard]] TurnFinished finishedBy(const QString &stopReason) const;
    [[nodiscard]] TurnFinished failureOf(const RpcError &error, const QString &words) const;
    [[nodiscard]] std::optional<TurnFinished> guessFrom(const QString &words) const;

    template <typename Done> void call(const QString &method, const QJsonObject &params, Done done);

    ProtocolSink &m_sink;
    AcpQuirks m_quirks;
    LineFramer m_framer;
    AcpChunkReader m_chunks;
    JsonRpcPeer m_peer;
    AcpTools m_tools;
    UsageMeter m_usage;
    Handshake m_handshake;
    OpenRequest m_request;
    Phase m_phase = Phase::Idle;
    bool m_replaying = false;
    QString m_sessionId;
    QList<std::pair<QString, QJsonObject>> m_configuration; // still to be sent before the session is ready
    QJsonObject m_state;

    bool m_inTurn = false;
    bool m_cancelling = false;
    bool m_declinedInTurn = false;
    int m_turn = 0;
    int m_segment = 0; // counts the messages of agents that give them no id
    QString m_implicitMessage;
    AcpChunk::Kind m_lastChunkKind = AcpChunk::Kind::Text;
    QString m_lastMessage; // its id, and the start of its text, for errors that come as text
    QString m_lastText;
    // What the agent told of an error beside the protocol; decides once the agent says that it gave up.
    RpcError m_lastError;
    bool m_gaveUp = false;

    QMap<QString, OpenPermission> m_permissions;
    QMap<QString, RpcId> m_files;
    qint64 m_lastRequest = 0;
    qint64 m_warnings = 0;
};

} // namespace muster
