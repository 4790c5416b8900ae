// ClaudeAdapter: the host's side of Claude Code's stream-JSON, both ways: bytes of an agent to session
// events, commands to bytes. One session per process, one prompt at a time. Pure; contract: agent_protocol.h.
// Qwen speaks the same with the differences of its StreamJsonQuirks. Source: facts "agents" §3, §7, and the
// recorded transcripts in tests/fixtures/transcripts/claude and qwen.
//
// The agent says its init line only with the first prompt, so the session counts as open once it has answered
// the control request `initialize` (and taken its permission mode). Partial text is keyed by the id of the
// model's message: a retry comes under a new one. What is said outside the protocol is kept raw (bounded) in
// a SessionWarning and counted, never fatal.
#pragma once

#include "core/protocol/agent_protocol.h"
#include "core/protocol/claude/claude_delta.h"
#include "core/protocol/claude/claude_tools.h"
#include "core/protocol/claude/claude_usage.h"
#include "core/protocol/claude/stream_json_quirks.h"
#include "core/protocol/line_framer.h"

#include <QMap>

namespace muster {

class ClaudeAdapter final : public AgentProtocol {
public:
    // `newSessionId`: what a session that is not resumed will be called; empty: a new UUID.
    ClaudeAdapter(ProtocolSink &sink, StreamJsonQuirks quirks, qsizetype maxLine = LineFramer::defaultMaxLine,
                  const QString &newSessionId = {});

    [[nodiscard]] QStringList arguments(const OpenRequest &request) const override;
    [[nodiscard]] std::vector<PrivateFile> files(const OpenRequest &request) const override;
    void open(const OpenRequest &request) override;
    Status prompt(const Prompt &prompt) override;
    void cancel() override;
    Status answerPermission(const QString &requestId, const PermissionAnswer &answer) override;
    Status answerQuestion(const QString &requestId, const QuestionAnswer &answer) override;
    void receive(QByteArrayView bytes) override;
    void streamEnded(FailureReason reason, const QString &detail) override;

    [[nodiscard]] qint64 warnings() const { return m_warnings; } // also those beyond the first thousand

private:
    enum class Phase : std::uint8_t { Idle, Opening, Ready, Closed };
    enum class Awaited : std::uint8_t { Initialize, Mode, Interrupt };
    struct OpenQuestion {
        QString requestId;
        QString key; // under which the agent wants the answer
        bool several = false;
    };
    // A can_use_tool that waits for a person; several questions may be one of them.
    struct Asked {
        QJsonValue controlId;
        QString toolId;
        QJsonObject input;
        QJsonObject answers;
        QList<OpenQuestion> questions; // without an answer so far
        bool isQuestion = false;
    };

    // What the agent says (claude_messages.cpp, claude_content.cpp)
    void takeLine(const Frame &frame);
    void takeMessage(const QJsonObject &message, QByteArrayView raw);
    void takeSystem(const QJsonObject &message, QByteArrayView raw);
    void takeStreamEvent(const QJsonObject &message, QByteArrayView raw);
    void takeDelta(bool thinking, const QString &text, const QString &parent);
    void takeAssistant(const QJsonObject &message);
    void takeBlock(const QJsonObject &block, const QString &messageId, const QString &parent);
    void takeWholeText(bool thinking, const QString &text, const QString &messageId, const QString &parent);
    void takeUser(const QJsonObject &message);
    void takeRetry(const QJsonObject &message);
    void takeRateLimit(const QJsonObject &message);
    void takeResult(const QJsonObject &result);
    void emitAll(const ClaudeTools::Events &events);
    void warn(const QString &code, const QString &detail);

    // Control requests (claude_control.cpp)
    void sendControl(Awaited what, QJsonObject request);
    void sendAnswer(const QJsonValue &controlId, const QJsonObject &response);
    void takeControlResponse(const QJsonObject &message);
    void initialized(const QJsonObject &answer);
    void finishOpening();
    void failOpening(FailureReason reason, const QString &detail);
    void takeControlRequest(const QJsonObject &message, QByteArrayView raw);
    void askQuestions(Asked asked, std::vector<QuestionAsked> questions);
    void takeControlCancel(const QJsonObject &message);
    void withdraw(const QString &key, bool denyIt);
    void withdrawAll(bool denyThem);
    [[nodiscard]] bool mayAsk() const;

    void write(const QJsonObject &message);
    void finishTurn(const TurnFinished &finished);

    ProtocolSink &m_sink;
    StreamJsonQuirks m_quirks;
    LineFramer m_framer;
    ClaudeDeltaReader m_deltas;
    ClaudeTools m_tools;
    ClaudeUsage m_usage;
    QString m_newSessionId;
    SessionStarted m_started;
    Phase m_phase = Phase::Idle;

    bool m_inTurn = false;
    bool m_cancelling = false;
    int m_turn = 0;
    QString m_message; // the id of the message that streams
    int m_unnamed = 0; // messages without an id, in this session
    // Characters of a message that were said already, text and thinking: its whole blocks follow its pieces.
    struct Said {
        qsizetype streamed[2] = {0, 0};
        qsizetype confirmed[2] = {0, 0};
    };
    QHash<QString, Said> m_said;
    QString m_lastError;
    std::optional<qint64> m_limitResetMs;

    QMap<QString, Awaited> m_awaited;
    QMap<QString, Asked> m_asked; // by the permission's request id, or that of the first question
    qint64 m_lastControl = 0;
    qint64 m_lastRequest = 0;
    qint64 m_warnings = 0;
};

} // namespace muster
