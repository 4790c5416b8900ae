// AgentSession: one live conversation with one agent process: start, prompt, cancel, stop; what the agent
// says comes as event(). Core thread.
//
// Promises, whatever the agent does:
//   exactly one TurnFinished for every prompt() that was accepted, in order, each after its TurnStarted;
//   exactly one SessionEnded after start(), as the last event, and only when the whole process tree is
//   verified gone or its survivors are named;
//   before a TurnFinished the turn's tools and permissions are closed;
//   signals never come from within start() or prompt(), except those that tell of the call itself failing.
// Delete it with deleteLater(), and only once it has ended (else the tree is killed without report).
#pragma once

#include "core/agent/launch_problem.h"
#include "core/agent/runtime_record.h"
#include "core/agent/session_state.h"
#include "core/agent/stderr_tail.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/events/session_event.h"
#include "core/process/launcher.h"
#include "core/protocol/agent_protocol.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <chrono>
#include <memory>

namespace muster {

class SessionFiles;

struct SessionTimeouts {
    std::chrono::milliseconds cancelGrace{5000}; // after the protocol was asked to end the turn
    std::chrono::milliseconds stdinGrace{2000};  // after stdin was closed
    KillLadder ladder;
};

struct SessionSpec {
    RuntimeRecord runtime;
    QString workingDir;         // absolute; what the agent may touch
    QString resumeId;           // native id of an earlier session; empty: a new one
    qint64 resumeCreatedMs = 0; // when that was created, for agents that must not load a young one
    QString model;
    std::vector<McpEntry> mcpServers;
    std::vector<SessionWarning> warnings; // of what it is started with; told once it is open
    QStringList environment;              // "NAME=value" of ours, to be filtered
    QStringList secrets;                  // "NAME=value" that only this child gets, keys for example
    QString tmpRoot;                      // where the session's own temporary folder is made; empty: none
    QString stateDir; // "{state}" in the record's environment: where an agent keeps what it resumes from
    QString marker;   // empty: a new one
    bool lifeline = true;
    SessionTimeouts timeouts;
};

// What the watchdog and the swarm's state look at. Times are Clock::monotonicMs().
struct SessionHealth {
    SessionState state = SessionState::Idle;
    qint64 pid = 0;
    qint64 lastEventMs = 0;
    qint64 turnStartedMs = 0; // 0: no turn
    qint64 outputBytes = 0;   // stdout since the start
    qint64 textBytes = 0;     // of it what was text: said, thought, put out by tools
    qint64 memoryBytes = 0;   // of its whole process tree, as it was seen last
    int turns = 0;
    int steps = 0;        // messages and tool calls of the running turn
    int openRequests = 0; // permissions and questions
    int queuedPrompts = 0;
    bool outputPaused = false;
};

class AgentSession final : public QObject, private ProtocolSink {
    Q_OBJECT
public:
    static constexpr qsizetype maxQueuedPrompts = 64;

    AgentSession(SessionSpec spec, Launcher &launcher, const Clock &clock, QObject *parent = nullptr);
    ~AgentSession() override;
    Q_DISABLE_COPY_MOVE(AgentSession)

    void start(); // once
    // At once if Ready, else queued until the turns before it are done. Unavailable once stopping.
    Status prompt(const Prompt &prompt);
    // Adds to the running turn; see AgentProtocol::steer(). Unavailable: no turn runs.
    void steer(const Prompt &prompt, const AgentProtocol::SteerDone &done);
    // Ends the running turn: protocol first, the tree if the agent does not listen. Queued prompts end as
    // cancelled too. `reason` is what the turn's TurnFinished will say.
    void cancel(FailureReason reason = FailureReason::Aborted, const QString &detail = {});
    // Ends the session on purpose: a running turn is cancelled, stdin closed, then the tree ended.
    void close();
    // The same for a reason, which SessionEnded and the running turn will say.
    void stop(FailureReason reason, const QString &detail);

    // NotFound if it was answered or withdrawn before.
    Status answerPermission(const QString &requestId, const PermissionAnswer &answer);
    // Of a QuestionAsked. NotFound as above.
    Status answerQuestion(const QString &requestId, const QuestionAnswer &answer);
    // A paused agent's output waits in its pipe, and so does the agent.
    void setOutputPaused(bool paused);
    // Above this its memory is measured exactly, below it cheaply. 0: never exactly.
    void setMemoryMark(qint64 bytes);

    [[nodiscard]] SessionState state() const { return m_state; }
    [[nodiscard]] bool isBusy() const; // in a turn, or prompts are queued
    [[nodiscard]] bool isClosing() const { return m_closing; }
    [[nodiscard]] SessionHealth health() const;
    [[nodiscard]] const SessionSpec &spec() const { return m_spec; }
    [[nodiscard]] QString nativeId() const { return m_nativeId; }
    [[nodiscard]] LaunchProblem launchProblem() const { return m_launchProblem; }
    [[nodiscard]] Containment containment() const;

signals:
    void sessionEvent(const muster::SessionEvent &event);
    void stateChanged(muster::SessionState state);
    void requestWithdrawn(const QString &requestId); // a permission or a question
    void replayed(const muster::ReplayedItem &item); // history that a resumed agent repeated

private:
    // Why the session or its turn ends, once that is known.
    struct Cause {
        std::optional<FailureReason> reason;
        QString detail;
    };
    // ProtocolSink
    void send(const QByteArray &bytes) override;
    void opened(const SessionStarted &started) override;
    void openFailed(const OpenFailure &failure) override;
    void happened(const SessionEvent &event) override;
    void withdrew(const QString &requestId) override;
    void repeated(const ReplayedItem &item) override;
    void wantsFile(const FileRequest &request) override;

    // Life (agent_session.cpp)
    void launch();
    [[nodiscard]] OpenRequest openRequest() const;
    [[nodiscard]] LaunchSpec launchSpec() const;
    [[nodiscard]] QString tmpFolder() const;
    void tellWarnings();
    bool enter(SessionInput input);
    void emitEvent(const SessionEvent &event);
    void takeOutput(const QByteArray &bytes);
    void askPermission(const PermissionRequested &request);
    void sendNextPrompt();
    void turnFinished(TurnFinished finished);
    void count(const SessionEvent &event);
    [[nodiscard]] int nextTurn();

    // The end (agent_session_end.cpp)
    void processExited(const ExitInfo &info);
    void failedToStart(const Error &error);
    void handshakeTimedOut();
    void cancelTimedOut();
    void beginStopping(SessionInput input, bool politely);
    void treeGone(const StopReport &report);
    void finishQueuedPrompts();
    void finish();

    SessionSpec m_spec;
    Launcher &m_launcher;
    const Clock &m_clock;
    std::unique_ptr<AgentProtocol> m_protocol;
    std::unique_ptr<SessionFiles> m_files;
    LaunchedProcess *m_process = nullptr;
    SessionState m_state = SessionState::Idle;
    LaunchProblem m_launchProblem = LaunchProblem::None;
    QList<Prompt> m_queue;
    QString m_nativeId;
    StderrTail m_stderr;
    std::optional<ExitInfo> m_exit;
    Cause m_end;                                   // of the session; no reason: on purpose
    Cause m_turnEnd;                               // of the running turn, if we end it
    bool m_closing = false;                        // stop once the turn has ended
    QString m_lastMessage;                         // whose text came last, to count steps
    QHash<QString, QStringList> m_openPermissions; // request → the paths it is about
    QSet<QString> m_openQuestions;
    SessionHealth m_health;
    qint64 m_memoryMark = 0;
    QTimer m_handshakeTimer;
    QTimer m_cancelTimer;
    QTimer m_stdinTimer;
};

} // namespace muster

Q_DECLARE_METATYPE(muster::SessionEvent)
Q_DECLARE_METATYPE(muster::ReplayedItem)
