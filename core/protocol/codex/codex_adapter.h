// CodexAdapter: Codex's app-server over stdio: bytes to session events, commands to bytes. One thread of the
// app-server per connection, one turn at a time. Pure; contract: agent_protocol.h.
// Source: facts "agents" §4.1 (0.169.0) and `codex app-server generate-json-schema`.
//
// The thread is opened so that it asks the person before it runs a command that it does not know to be
// harmless, and before every change of a file. What other threads of the process say (agents that Codex
// started itself) is passed over, but what they ask is asked. Tokens are told of the thread and are made to
// be of the turn. After an interrupt the commands that Codex leaves running are ended ("background
// terminals", an experimental method).
#pragma once

#include "core/protocol/codex/codex_approvals.h"
#include "core/protocol/codex/codex_errors.h"
#include "core/protocol/codex/codex_items.h"
#include "core/protocol/json_rpc_peer.h"
#include "core/protocol/turn_adapter.h"

namespace muster {

class CodexAdapter final : public TurnAdapter {
public:
    explicit CodexAdapter(ProtocolSink &sink, qsizetype maxLine = LineFramer::defaultMaxLine);

    void steer(const Prompt &prompt, const SteerDone &done) override;

    [[nodiscard]] const JsonRpcPeer::Counters &counters() const { return m_peer.counters(); }

private:
    // TurnAdapter
    void startHandshake() override;
    void sendPrompt(const Prompt &prompt) override;
    void sendCancel() override;
    bool takeLine(QByteArrayView line) override;
    void turnEnding(const TurnFinished &finished) override;
    void connectionClosed() override;

    // Handshake (codex_handshake.cpp)
    void initialized(const QJsonObject &result);
    void threadOpened(const QJsonObject &result);
    [[nodiscard]] QJsonObject threadParams() const;
    template <typename Done> void call(const QString &method, const QJsonObject &params, Done done);

    // What the app-server says (codex_adapter.cpp)
    using Handler = void (CodexAdapter::*)(const QJsonObject &params);
    void on(const QString &method, Handler handler);
    void takeItemStarted(const QJsonObject &params);
    void takeItemCompleted(const QJsonObject &params);
    void takeText(const QJsonObject &params);
    void takeThinking(const QJsonObject &params);
    void takeThinkingPart(const QJsonObject &params);
    void takeServerStatus(const QJsonObject &params);
    void takeOutput(const QJsonObject &params);
    void takeDiff(const QJsonObject &params);
    void takePlan(const QJsonObject &params);
    void takeResolved(const QJsonObject &params);
    void takeNote(const QJsonObject &params);

    // What it asks for (codex_requests.cpp)
    void registerRequests();
    void takeApproval(CodexApproval kind, const RpcRequest &request);
    void takeElicitation(const RpcRequest &request);
    void takeQuestions(const RpcRequest &request);
    void askQuestions(const RpcId &id, const QJsonArray &questions);
    void answered(CodexApproval kind, const RpcId &id, const QJsonObject &params,
                  const PermissionAnswer *answer);

    // The turn (codex_turn.cpp)
    void registerTurn();
    void turnAccepted(const RpcOutcome &outcome);
    void takeTurnStarted(const QJsonObject &params);
    void takeTurnCompleted(const QJsonObject &params);
    void takeError(const QJsonObject &params);
    void takeUsage(const QJsonObject &params);
    void takeLimits(const QJsonObject &params);
    void failTurn(const CodexError &error);
    void sendOn(const QString &text); // with a refusal or an answer that has no place of its own

    JsonRpcPeer m_peer;
    CodexItems m_items;
    SessionStarted m_started;
    QString m_threadId;
    QString m_turnId;
    bool m_interruptWanted = false; // as soon as the turn has its id
    Usage m_total;                  // of the thread, as last told
    Usage m_before;                 // of the thread, when the turn began
    bool m_totalKnown = false;
    CodexLimit m_limit;
    bool m_limitTold = false;
    QHash<RpcId, QStringList> m_asked; // their request → our permission, or our questions
};

} // namespace muster
