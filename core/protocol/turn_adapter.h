// TurnAdapter: what the adapters of native line protocols have in common, so that each is only a decoder and
// an encoder: lines, phases, one turn at a time, permissions by our own ids, bounded warnings. It keeps the
// contract of agent_protocol.h; the agent's side of it is in the pure virtual functions.
//
// A prompt's TurnStarted is told before the prompt is sent; a cancel() that a sink calls from within that is
// sent after the prompt. One thread.
#pragma once

#include "core/protocol/agent_protocol.h"
#include "core/protocol/line_framer.h"
#include "core/protocol/tool_table.h"

#include <QMap>

#include <functional>

namespace muster {

class TurnAdapter : public AgentProtocol {
public:
    TurnAdapter(ProtocolSink &sink, qsizetype maxLine);

    void open(const OpenRequest &request) final;
    Status prompt(const Prompt &prompt) final;
    void cancel() final;
    Status answerPermission(const QString &requestId, const PermissionAnswer &answer) final;
    Status answerQuestion(const QString &requestId, const QuestionAnswer &answer) final;
    void receive(QByteArrayView bytes) final;
    void streamEnded(FailureReason reason, const QString &detail) final;

    [[nodiscard]] qint64 warnings() const { return m_warnings; } // also those beyond the first thousand

protected:
    enum class Phase : std::uint8_t { Idle, Opening, Ready, Closed };
    // Puts the answer to the agent; nullptr: the request was withdrawn by us, so it is to be refused.
    using PermissionReply = std::function<void(const PermissionAnswer *)>;
    using QuestionReply = std::function<void(const QuestionAnswer *)>;

    virtual void startHandshake() = 0; // ends with finishOpening() or failOpening()
    virtual void sendPrompt(const Prompt &prompt) = 0;
    virtual void sendCancel() = 0;
    // One line, not empty; LineFramer::padding bytes after it may be read. False: not a message.
    virtual bool takeLine(QByteArrayView line) = 0;
    // The turn is about to be told as finished, its tools and permissions still open.
    virtual void turnEnding(const TurnFinished &finished) { Q_UNUSED(finished) }
    virtual void connectionClosed() {}

    void finishOpening(const SessionStarted &started);
    void failOpening(FailureReason reason, const QString &detail);
    void finishTurn(const TurnFinished &finished); // no-op without a turn
    void say(const SessionEvent &event) { m_sink.happened(event); }
    void warn(const QString &code, const QString &detail);
    void send(const QJsonObject &message) { m_sink.send(encoded(message)); }
    // Gives the request its id and tells it; out of a turn or in one that is being cancelled it is refused.
    QString askPermission(PermissionRequested request, const PermissionReply &reply);
    QString askQuestion(QuestionAsked question, const QuestionReply &reply); // as askPermission()
    // The agent no longer waits for the answer.
    void requestGone(const QString &requestId);

    [[nodiscard]] Phase phase() const { return m_phase; }
    [[nodiscard]] const OpenRequest &request() const { return m_request; }
    [[nodiscard]] bool inTurn() const { return m_inTurn; }
    [[nodiscard]] bool isCancelling() const { return m_cancelling; }
    [[nodiscard]] int turn() const { return m_turn; }
    [[nodiscard]] ToolTable &tools() { return m_tools; }
    [[nodiscard]] ProtocolSink &sink() { return m_sink; }
    [[nodiscard]] static QByteArray encoded(const QJsonObject &message);

private:
    struct OpenPermission {
        QString toolId;
        PermissionReply reply;
    };

    void takeFrame(const Frame &frame);
    [[nodiscard]] bool mayAsk() const;
    void withdrawAll();

    ProtocolSink &m_sink;
    LineFramer m_framer;
    ToolTable m_tools;
    OpenRequest m_request;
    Phase m_phase = Phase::Idle;
    bool m_inTurn = false;
    bool m_promptSent = false;
    bool m_cancelling = false;
    bool m_finishing = false;
    int m_turn = 0;
    QMap<QString, OpenPermission> m_permissions;
    QMap<QString, QuestionReply> m_questions;
    qint64 m_lastRequest = 0;
    qint64 m_warnings = 0;
};

} // namespace muster
