// One conversation with a real agent program through AgentSession, as the node leads it: permissions are
// answered by what the case says, and silence beyond the stall limit ends it. Each has a folder of its own
// below which everything of it lies: home, workspace, temporary files.
#pragma once

#include "core/agent/agent_session.h"
#include "core/agent/runtime_record.h"
#include "core/process/local_launcher.h"
#include "core/process/tree_supervisor.h"
#include "tests/e2e/agents/agent_programs.h"

#include <QTemporaryDir>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace muster::e2e {

class RealSession {
public:
    RealSession(const AgentProgram &program, RuntimeRecord runtime, const QString &url);
    ~RealSession();
    RealSession(const RealSession &) = delete;
    RealSession &operator=(const RealSession &) = delete;

    [[nodiscard]] bool isPrepared() const { return m_folder.isValid(); }
    [[nodiscard]] QString workspace() const { return m_folder.path() + u"/workspace"; }
    [[nodiscard]] SessionSpec &spec() { return m_spec; }
    void signIn(const QString &key) { m_spec.secrets = {key}; }
    void signOut() { m_spec.secrets.clear(); }
    void setAllows(bool allows) { m_allows = allows; }
    void setStallLimit(std::chrono::milliseconds limit) { m_silence.setInterval(limit); }

    // A process of its own with one prompt. `resume`: goes on where the one before ended.
    void begin(const QString &prompt, bool resume = false);
    void cancel() { m_session->cancel(); }
    void close() { m_session->close(); }
    [[nodiscard]] bool isEnded() const { return m_session && m_session->state() == SessionState::Ended; }

    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] int permissionsAsked() const { return m_asked; }
    [[nodiscard]] const std::optional<TurnFinished> &finished() const { return m_finished; }
    [[nodiscard]] const std::optional<SessionEnded> &end() const { return m_end; }
    [[nodiscard]] const std::optional<Usage> &usage() const { return m_usage; }
    [[nodiscard]] const std::optional<RateLimited> &limited() const { return m_limited; }
    [[nodiscard]] const std::optional<SessionStarted> &started() const { return m_started; }
    [[nodiscard]] LaunchProblem launchProblem() const { return m_session->launchProblem(); }
    // "pid command line" of each of its processes, found by the folder and the marker, not by ancestry.
    [[nodiscard]] QStringList processes() const;
    // What happened, a line an event, for a look at a failure.
    [[nodiscard]] QString story() const { return m_story.join(u'\n'); }

private:
    void take(const SessionEvent &event);
    void answer(const PermissionRequested &request);
    void note(const SessionEvent &event);

    QTemporaryDir m_folder;
    SystemClock m_clock;
    TreeSupervisor m_supervisor;
    LocalLauncher m_launcher;
    SessionSpec m_spec;
    std::unique_ptr<AgentSession> m_session;
    QTimer m_silence;
    bool m_allows = true;
    int m_asked = 0;
    qint64 m_createdMs = 0;
    QString m_text;
    QStringList m_story;
    std::optional<SessionStarted> m_started;
    std::optional<TurnFinished> m_finished;
    std::optional<SessionEnded> m_end;
    std::optional<Usage> m_usage;
    std::optional<RateLimited> m_limited;
};

} // namespace muster::e2e
