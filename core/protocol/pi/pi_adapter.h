// PiAdapter: Pi's RPC mode over stdio: bytes to session events, commands to bytes. Pure; contract:
// agent_protocol.h. Source: facts "agents" §6 (0.87.1).
//
// Pi runs tools without asking, so it is started with our gate (resources/agents/pi-gate.ts), which
//   says {"type":"extension_ui_request","method":"setStatus","statusKey":"muster-gate",…} as the session
//     starts: without it the session does not open, because nothing would be asked;
//   puts each tool call as a "select" of the title "permission:TOOL:JSON"; only "Allow" allows, "Deny: WORDS"
//     tells the agent why not.
//
// The answer to a prompt is only an acknowledgement; "agent_settled" ends the turn, also after retries.
// Tokens and cost come with each message and are added up. Exit codes say nothing.
#pragma once

#include "core/protocol/pi/pi_tools.h"
#include "core/protocol/turn_adapter.h"

#include <functional>

namespace muster {

enum class PiGate : std::uint8_t { Required, Unchecked };

class PiAdapter final : public TurnAdapter {
public:
    explicit PiAdapter(ProtocolSink &sink, PiGate gate = PiGate::Required,
                       qsizetype maxLine = LineFramer::defaultMaxLine);

    [[nodiscard]] QStringList arguments(const OpenRequest &request) const override;
    void steer(const Prompt &prompt, const SteerDone &done) override;

private:
    struct Failure {
        FailureReason reason = FailureReason::RuntimeError;
        QString message;
    };

    // TurnAdapter
    void startHandshake() override;
    void sendPrompt(const Prompt &prompt) override;
    void sendCancel() override;
    bool takeLine(QByteArrayView line) override;
    void turnEnding(const TurnFinished &finished) override;

    // pi_adapter.cpp
    void takeResponse(const QJsonObject &response);
    void takeState(const QJsonObject &response);
    void settled();
    QString nextId();
    QJsonObject command(const QString &type, const Prompt &prompt);

    // pi_events.cpp
    using Handler = void (PiAdapter::*)(const QJsonObject &event);
    [[nodiscard]] static Handler handlerOf(const QString &type);
    void ignore(const QJsonObject &event) { Q_UNUSED(event) }
    void takeAgentStart(const QJsonObject &event);
    void takeSettled(const QJsonObject &event);
    void takeMessageStart(const QJsonObject &event);
    void takeMessageUpdate(const QJsonObject &event);
    void takeMessageEnd(const QJsonObject &event);
    void takeToolStart(const QJsonObject &event);
    void takeToolUpdate(const QJsonObject &event);
    void takeToolEnd(const QJsonObject &event);
    void takeRetryStart(const QJsonObject &event);
    void takeRetryEnd(const QJsonObject &event);
    void takeCompaction(const QJsonObject &event);
    void takeExtensionError(const QJsonObject &event);
    void addUsage(const QJsonObject &usage);

    // pi_requests.cpp
    void takeUiRequest(const QJsonObject &event);
    void askGate(const QString &id, const PiGateRequest &gate);
    void askOther(const QString &id, const QString &method, const QJsonObject &event);
    [[nodiscard]] QString toolAskedAbout(const PiGateRequest &gate);

    PiGate m_gate;
    bool m_gateSeen = false;
    qint64 m_lastId = 0;
    QString m_stateId;
    QString m_promptId;
    bool m_begun = false; // the agent took the prompt, so that what settles now is this turn
    QString m_stopReason;
    std::optional<Failure> m_failure; // of the last call of the model; a later one that works clears it
    Usage m_usage;
    double m_costUsd = 0;
    int m_message = 0;
    bool m_messageSpoke = false; // its text came in deltas
    QSet<QString> m_askedTools;
    QHash<QString, SteerDone> m_steering; // by the id of the command, until it is answered
};

// What an error that Pi passes on as text means: the upstream's status stands in it.
[[nodiscard]] FailureReason reasonOfPiError(const QString &message);

} // namespace muster
