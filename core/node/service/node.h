// Node: one running core. Opens the store, takes over what an earlier node left, drives runs and sessions,
// and answers commands, queries and subscriptions. open() blocks (before the event loop); everything else is
// asynchronous on the core thread, which must be the thread that calls open().
#pragma once

#include "core/agent/runtime_catalog.h"
#include "core/base/async_owner.h"
#include "core/base/paths.h"
#include "core/flow/flow_engine.h"
#include "core/node/chat/chat_service.h"
#include "core/node/events/ledger.h"
#include "core/node/flows/agent_starts.h"
#include "core/node/flows/approvals.h"
#include "core/node/flows/child_runs.h"
#include "core/node/flows/eval_process.h"
#include "core/node/flows/preflight_desk.h"
#include "core/node/flows/run_branch.h"
#include "core/node/flows/run_environment.h"
#include "core/node/flows/run_limits.h"
#include "core/node/flows/run_rerun.h"
#include "core/node/flows/run_service.h"
#include "core/node/flows/step_router.h"
#include "core/node/flows/step_runner.h"
#include "core/node/flows/wake_ups.h"
#include "core/node/link/backend.h"
#include "core/node/schedules/schedule_files.h"
#include "core/node/schedules/schedule_service.h"
#include "core/node/service/runtime_desk.h"
#include "core/node/service/settings.h"
#include "core/node/service/status_keeper.h"
#include "core/node/work/credentials.h"
#include "core/node/work/machine_gate.h"
#include "core/node/work/sql_task_store.h"
#include "core/node/work/task_desk.h"
#include "core/node/work/task_dispatcher.h"
#include "core/process/local_launcher.h"
#include "core/process/peer_origin.h"
#include "core/process/tree_supervisor.h"
#include "core/store/log_file_mark.h"
#include "core/store/session_repository.h"
#include "core/system/stay_awake.h"
#include "core/system/wake_watch.h"

#include <memory>

namespace muster {

struct NodeOptions {
    Paths paths;
    QString binFolder; // where muster-demo-agent, muster-model-agent, muster-guard and muster-eval are
};

// An answer whose error tells no secret.
template <typename T> std::function<void(Result<T>)> withoutSecrets(std::function<void(Result<T>)> done)
{
    return [done = std::move(done)](Result<T> result) {
        if (!result) {
            result.error().detail = Redactor::global().redactKnown(result.error().detail);
            result.error().where = Redactor::global().redactKnown(result.error().where);
        }
        done(std::move(result));
    };
}

class Node final : public Backend, public AsyncOwner {
    Q_OBJECT
public:
    [[nodiscard]] static Result<std::unique_ptr<Node>> open(const NodeOptions &options, const Clock &clock);
    ~Node() override;
    Q_DISABLE_COPY_MOVE(Node)

    // Ends survivors of dead nodes, takes their runs over and begins to work; `ready` when that is done.
    // Requests are served from the first moment.
    void start(std::function<void()> ready);
    // Ends every session; tasks and runs keep their state for the next node. `done`: nothing of ours runs any
    // more.
    void stop(std::function<void()> done);

    // Nothing runs and nothing will by itself: a background node without clients may end.
    [[nodiscard]] bool isIdle() const;
    // Something runs or will by itself; what only waits for a person does not count.
    [[nodiscard]] bool isAtWork() const;
    // For NodeServer: an agent is told apart from its person by what the kernel says of its process.
    [[nodiscard]] Caller classify(qint64 pid, const QString &clientName) const;
    [[nodiscard]] const Settings &settings() const { return m_settings; }
    [[nodiscard]] StatusKeeper &status() { return *m_status; }

    void submit(const Caller &caller, const api::Command &command, CommandCallback done) override;
    void query(const Caller &caller, const api::Query &query, QueryCallback done) override;
    int subscribe(const api::Subscription &subscription, NoticeHandler handler) override;
    void unsubscribe(int id) override;

signals:
    void stopRequested();

private:
    Node(const NodeOptions &options, const Clock &clock, std::unique_ptr<Store> store,
         RuntimeCatalog runtimes);

    friend struct CommandHandler;
    friend struct QueryHandler;

    void wire();
    void wireTasks();
    void begin(const std::function<void()> &ready);
    void setPoolCaps();
    void takeOver(std::function<void()> done);
    void sweepSurvivors(std::function<void()> done);
    void endPooled(SessionId id, const SessionEnded &end);
    void removeTemporary(const std::vector<SessionRow> &dead);
    void noteSurvivors(const QList<qint64> &found, const StopReport &report);
    void endSessions(const std::vector<SessionRow> &rows);
    void withdrawLeft();
    [[nodiscard]] Status checkRuntime(const QString &id) const;
    void submitForAgent(const Caller &caller, const api::Command &command, const CommandCallback &done);
    void refuseAgent(const Caller &caller, const api::Command &command);
    void noteAgent(const Caller &caller, const api::Query &query);
    void housekeeping();
    void indexSoon();
    void indexTexts();
    void watchStore();

    NodeOptions m_options;
    const Clock &m_clock;
    QString m_owner;
    std::unique_ptr<Store> m_store;
    LogFileMark m_logMark;
    RuntimeCatalog m_runtimes;
    std::vector<Error> m_runtimeProblems; // of the person's own
    Settings m_settings;
    EventHub m_hub;
    Ledger m_ledger;
    std::unique_ptr<StatusKeeper> m_status;
    std::shared_ptr<GitRunner> m_git;
    ProjectService m_projects;
    ChangesService m_changes;
    TreeSupervisor m_supervisor;
    LocalLauncher m_launcher;
    KeyPlaces m_keys;
    Credentials m_credentials;
    RuntimeProbe m_runtimeProbe;
    RuntimeLimits m_limits;
    DayCosts m_dayCosts;
    Accounts m_accounts;
    RuntimeDesk m_runtimeDesk;
    GuardClient m_guards;
    McpServers m_mcpServers;
    SessionPool m_sessions;
    StreamRecorder m_streams;
    InboxDesk m_inbox;
    MachineGate m_machine;
    WorkContext m_work;
    PreflightDesk m_preflight;
    SqlTaskStore m_taskStore;
    TaskDispatcher m_dispatcher;
    TaskService m_tasks;
    TaskDesk m_taskDesk;
    RunBooks m_books;
    ChatService m_chat;
    StoreJournal m_journal;
    TaskStepRunner m_steps;
    EvalProcess m_eval;
    RunEnvironment m_runEnvironment;
    RunBranch m_runBranch;
    WakeUps m_wakeUps;
    Approvals m_approvals;
    RunService m_runs;
    RunLimitWatch m_runLimits;
    RunRerun m_reruns;
    ChildRuns m_childRuns;
    StepRouter m_stepRouter;
    AgentStarts m_agentStarts;
    ScheduleService m_schedules;
    ScheduleFiles m_scheduleFiles;
    WakeWatch m_wakeWatch;
    StayAwake m_stayAwake;
    std::unique_ptr<FlowEngine> m_engine;
    QTimer m_housekeeping;
    QTimer m_indexSoon;
    QTimer m_foreignWatch;
    bool m_indexing = false;
    bool m_takingOver = false;
    bool m_stopping = false;
};

} // namespace muster
