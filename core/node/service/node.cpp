#include "core/node/service/node.h"

#include "core/node/adapters/process_git_runner.h"
#include "core/node/service/first_look.h"
#include "core/node/service/start_notes.h"
#include "core/process/child_registry.h"
#include "core/process/process_identity.h"
#include "core/store/limit_repository.h"
#include "core/store/project_repository.h"
#include "core/store/sqlite_version.h"
#include "core/store/task_repository.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcessEnvironment>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int housekeepingMs = 10 * 60 * 1000;
constexpr int foreignWatchMs = 500;
constexpr int indexAfterMs = 1000; // what a person looks for may be what has just happened
constexpr int indexRows = 1000;
constexpr int indexPauseMs = 25;
constexpr qint64 dayMs = 24LL * 3600 * 1000;

qint64 microUsdIn(const Settings &settings, const QString &key)
{
    return static_cast<qint64>(settings.value(key).toDouble() * 1'000'000);
}

WatchLimits watchLimitsIn(const Settings &settings)
{
    constexpr qint64 mebibyte = 1024LL * 1024;
    return {.memoryBytes = mebibyte * settings.number(u"agent.memory_mib"_s),
            .textBytesPerMinute = mebibyte * settings.number(u"agent.runaway_mib"_s),
            .steps = settings.number(u"agent.max_turns"_s),
            .tokens = settings.value(u"budget.max_tokens_per_task"_s).toInteger(),
            .costMicroUsd = microUsdIn(settings, u"budget.max_cost_per_task"_s)};
}

AdmissionLimits admissionLimitsIn(const Settings &settings)
{
    constexpr qint64 mebibyte = 1024LL * 1024;
    return {.memoryBytes = mebibyte * settings.number(u"admission.free_memory_mib"_s),
            .diskBytes = mebibyte * settings.number(u"admission.free_disk_mib"_s),
            .load = settings.value(u"admission.load"_s).toDouble()};
}

} // namespace

Result<std::unique_ptr<Node>> Node::open(const NodeOptions &options, const Clock &clock)
{
    auto runtimes = RuntimeCatalog::load(u":/muster/runtimes"_s, options.binFolder);
    if (!runtimes)
        return std::unexpected(runtimes.error());
    const std::vector<Error> problems =
        runtimes->addPersonal(options.paths.configDir + u"/runtimes"_s, options.binFolder);
    // Durability is a setting in the store itself: opened with the default, it says how it wants to be
    // opened.
    StoreOptions storeOptions = StoreOptions::forPaths(options.paths, Durability::Full);
    if (QFileInfo::exists(storeOptions.file))
        storeOptions.durability = wishedDurability(storeOptions);
    auto store = Store::open(storeOptions, clock);
    if (!store)
        return std::unexpected(store.error());
    const auto look = firstLook(storeOptions);
    if (!look)
        return std::unexpected(look.error());
    std::unique_ptr<Node> node(new Node(options, clock, std::move(*store), std::move(*runtimes)));
    node->m_runtimeProblems = problems;
    for (const QString &key : {u"runtime.default"_s, u"runtime.fallback"_s})
        node->m_settings.setChoices(key, node->m_runtimes.ids());
    node->m_settings.load(look->settings);
    node->m_keys.load(look->settings);
    node->m_credentials.load(look->settings);
    node->m_limits.load(look->limits);
    node->m_accounts.load(look->accounts);
    node->m_hub.begin(look->lastSeq);
    node->wire();
    return node;
}

Node::Node(const NodeOptions &options, const Clock &clock, std::unique_ptr<Store> store,
           RuntimeCatalog runtimes)
    : m_options(options)
    , m_clock(clock)
    , m_owner(ownerText())
    , m_store(std::move(store))
    , m_logMark(m_store->options().file)
    , m_runtimes(std::move(runtimes))
    , m_hub(*m_store)
    , m_ledger(*m_store, m_hub, m_clock)
    , m_git(std::make_shared<ProcessGitRunner>(QProcessEnvironment::systemEnvironment().toStringList()))
    , m_projects(m_ledger, m_git, m_options.paths)
    , m_changes(m_ledger, m_projects, m_git, m_options.paths)
    , m_launcher(&m_supervisor, m_options.binFolder + u"/muster-guard"_s)
    , m_keys(m_ledger, {.service = u"Muster "_s + m_options.paths.home,
                        .file = m_options.paths.home + u"/keys.sealed"_s,
                        .choice = [this] { return m_settings.text(u"keys.store"_s); },
                        .isFixed =
                            [this] {
                                return m_settings.isFixed(u"keys.store"_s);
                            }})
    , m_credentials(m_ledger, m_keys, m_runtimes)
    , m_runtimeProbe(m_runtimes, m_launcher, m_clock,
                     {.environment = QProcessEnvironment::systemEnvironment().toStringList(),
                      .keptKeys = [this] { return m_credentials.kept(); },
                      .tmpRoot = m_options.paths.tmpDir})
    , m_limits(m_ledger)
    , m_dayCosts(m_ledger, [this] { return microUsdIn(m_settings, u"budget.max_cost_per_day"_s); })
    , m_accounts(m_ledger, m_keys, m_runtimes, m_credentials, m_limits, m_options.paths.home + u"/accounts"_s)
    , m_runtimeDesk(m_runtimes, m_runtimeProbe, m_runtimeProblems, m_accounts,
                    [this] { return m_settings.text(u"runtime.default"_s); })
    , m_guards(m_options.binFolder + u"/muster-guard"_s, m_options.paths.guardDir)
    , m_mcpServers(m_options.paths, m_options.binFolder,
                   [this] { return m_settings.value(u"mcp.own"_s).toBool(); })
    , m_sessions(m_clock,
                 [this] {
                     return SessionPoolLimits{
                         .most = m_settings.number(u"agent.warm_sessions"_s),
                         .idleFor = std::chrono::seconds(m_settings.number(u"agent.warm_seconds"_s))};
                 })
    , m_streams(m_ledger)
    , m_inbox(m_ledger)
    , m_machine(m_clock, m_options.paths.home, [this] { return admissionLimitsIn(m_settings); })
    , m_work{.ledger = m_ledger,
             .paths = m_options.paths,
             .projects = m_projects,
             .changes = m_changes,
             .inbox = m_inbox,
             .streams = m_streams,
             .runtimes = m_runtimes,
             .launcher = m_launcher,
             .guards = m_guards,
             .credentials = m_credentials,
             .mcpServers = m_mcpServers,
             .sessions = m_sessions,
             .limits = m_limits,
             .dayCosts = m_dayCosts,
             .accounts = m_accounts,
             .personFolder = m_options.paths.configDir,
             .owner = m_owner,
             .defaultRuntime = [this] { return m_settings.text(u"runtime.default"_s); },
             .fallback = [this] { return m_settings.text(u"runtime.fallback"_s); },
             .stallMs = [this] { return qint64{1000} * m_settings.number(u"agent.stall_seconds"_s); },
             .watchLimits = [this] { return watchLimitsIn(m_settings); },
             .sessionTook =
                 [this](qint64 bytes) {
                     m_machine.sessionTook(bytes);
                 }}
    , m_preflight(m_work, [this] { return watchLimitsIn(m_settings).costMicroUsd; })
    , m_taskStore(m_ledger, m_owner)
    , m_dispatcher(m_work)
    , m_tasks(m_taskStore, m_dispatcher, m_clock)
    , m_taskDesk(m_ledger, m_projects, m_tasks, m_inbox, m_owner)
    , m_chat(m_ledger, m_projects, m_tasks, m_dispatcher, m_owner)
    , m_journal(m_ledger, m_books)
    , m_steps(m_tasks, m_ledger, m_books, m_journal)
    , m_eval(m_options.binFolder + u"/muster-eval"_s)
    , m_runEnvironment(m_eval, m_books)
    , m_runBranch(m_runEnvironment, m_ledger, m_books, m_projects, m_changes)
    , m_wakeUps(m_clock)
    , m_approvals(m_inbox, m_books)
    , m_runs(m_ledger, m_books, m_projects, m_options.paths.configDir, m_owner)
    , m_runLimits(m_ledger, m_books, m_inbox)
    , m_reruns(m_ledger, m_runs, m_projects, m_changes, m_tasks, m_options.paths.configDir)
    , m_childRuns(m_ledger, m_books, m_projects, m_runs)
    , m_stepRouter(m_books, m_steps, m_childRuns)
    , m_agentStarts(m_ledger, m_inbox, m_projects, m_runs, m_options.paths.configDir)
    , m_schedules(m_ledger, m_projects, m_runs, m_tasks, m_options.paths.configDir, m_owner)
    , m_scheduleFiles(m_ledger, m_projects)
    , m_stayAwake([this] {
        return enumFromName<AwakeRule>(m_settings.text(u"machine.stay_awake"_s)).value();
    }, [] { return isOnBattery(); })
{
}

Node::~Node()
{
    m_engine.reset();
    m_store->close();
}

void Node::wire()
{
    m_status = std::make_unique<StatusKeeper>(
        m_ledger, api::NodeStatus{.version = QStringLiteral(MUSTER_VERSION),
                                  .pid = QCoreApplication::applicationPid(),
                                  .home = m_options.paths.home,
                                  .durability = enumName(m_store->options().durability),
                                  .startedAt = m_clock.nowMs(),
                                  .notes = startNotes(m_store->openReport(), sqliteVersion())});
    m_engine = std::make_unique<FlowEngine>(FlowPorts{.journal = &m_journal,
                                                      .runner = &m_stepRouter,
                                                      .evaluator = &m_runBranch,
                                                      .desk = &m_approvals,
                                                      .wakeUp = &m_wakeUps,
                                                      .clock = &m_clock},
                                            &m_runs);
    wireTasks();
    m_steps.setListener(m_engine.get());
    m_approvals.setEngine(m_engine.get());
    m_runs.setEngine(m_engine.get());
    m_childRuns.setEngine(m_engine.get());
    m_runLimits.setEngine(m_engine.get());
    connect(&m_runs, &RunService::advanced, &m_runLimits, &RunLimitWatch::advanced);
    connect(&m_runs, &RunService::finished, &m_runLimits, &RunLimitWatch::finished);
    connect(&m_runs, &RunService::dropped, &m_runLimits, &RunLimitWatch::forget);
    connect(&m_runs, &RunService::nearBudget, &m_runLimits, &RunLimitWatch::nearBudget);
    connect(&m_dispatcher, &TaskDispatcher::stepped, &m_runLimits, &RunLimitWatch::stepped);
    connect(&m_dispatcher, &TaskDispatcher::placed, &m_steps, &TaskStepRunner::placed);
    connect(&m_dispatcher, &TaskDispatcher::began, &m_steps, &TaskStepRunner::began);
    connect(&m_dispatcher, &TaskDispatcher::waits, &m_steps, &TaskStepRunner::waits);
    connect(&m_dispatcher, &TaskDispatcher::spent, &m_steps, &TaskStepRunner::spent);
    connect(&m_dispatcher, &TaskDispatcher::rests, &m_steps, &TaskStepRunner::rests);
    connect(&m_sessions, &SessionPool::ended, this, &Node::endPooled);
    connect(&m_wakeUps, &WakeUps::due, this, [this](RunId run) { m_engine->wake(run); });
    connect(&m_store->writer(), &StoreWriter::stateChanged, this, [this](const WriterState &state) {
        m_status->setPaused(
            state.paused ? u"%1\n%2"_s.arg(state.reason == ErrorCode::DiskFull ? u"disk_full"_s : u"io"_s,
                                           state.detail)
                         : QString());
        if (!state.paused)
            takeOver([] {}); // runs that were let go while nothing could be written
    });
    connect(&m_housekeeping, &QTimer::timeout, this, &Node::housekeeping);
    m_indexSoon.setSingleShot(true);
    connect(&m_indexSoon, &QTimer::timeout, this, &Node::indexTexts);
    connect(&m_hub, &EventHub::arrived, this, &Node::indexSoon);
    connect(&m_streams, &StreamRecorder::written, this, &Node::indexSoon);
    connect(&m_foreignWatch, &QTimer::timeout, this, &Node::watchStore);
    connect(&m_schedules, &ScheduleService::overdue, this, [this](qint64 passedAtMs) {
        m_status->addNote(u"schedules_overdue\n%1"_s.arg(passedAtMs));
        m_status->refreshSoon();
    });
    connect(&m_wakeWatch, &WakeWatch::woke, this, [this] {
        m_tasks.lookAtClocks(); // our leases before those of others
        m_schedules.passSoon();
    });
    connect(&m_runs, &RunService::takeOverDue, this, [this] { takeOver([] {}); });
}

void Node::wireTasks()
{
    m_dispatcher.setService(&m_tasks);
    m_tasks.setAdmission(&m_machine);
    connect(&m_tasks, &TaskService::changed, this,
            [this] { m_status->setHeldBack(m_tasks.heldBack(), m_clock.nowMs() + m_tasks.reapMs()); });
    connect(&m_tasks, &TaskService::changed, this,
            [this] { m_stayAwake.setAtWork(m_tasks.workingCount() > 0); });
    connect(&m_taskDesk, &TaskDesk::capSet, this,
            [this](const QString &pool, int cap) { m_settings.set(u"pools."_s + pool, cap); });
}

// A cap that the environment gives wins.
void Node::setPoolCaps()
{
    m_ledger.commit(this,
                    [flow = m_settings.number(u"pools.flow"_s),
                     scheduled = m_settings.number(u"pools.scheduled"_s)](Connection &db, EventBatch &) {
        PoolRepository pools(db);
        return pools.setCap(u"flow"_s, flow).and_then([&] {
            return pools.setCap(u"scheduled"_s, scheduled);
        });
    });
}

void Node::start(std::function<void()> ready)
{
    (void)becomeSubreaper(); // elsewhere than on Linux the other ways of finding a tree remain
    setPoolCaps();
    m_tasks.setResumedAtOnce(m_settings.number(u"tasks.resumed_at_once"_s));
    m_foreignWatch.start(foreignWatchMs);
    m_housekeeping.start(housekeepingMs);
    withdrawLeft();
    m_dayCosts.look([this, ready = std::move(ready)] { takeOver([this, ready] { begin(ready); }); });
}

void Node::begin(const std::function<void()> &ready)
{
    if (m_stopping)
        return;
    m_runs.beginRenewing();
    m_tasks.start();
    m_chat.start();
    m_agentStarts.begin();
    m_schedules.start();
    m_scheduleFiles.start();
    (void)m_wakeWatch.start();     // without it the next look finds out
    (void)m_changes.sweepTrials(); // goes on by itself
    housekeeping();
    ready();
}

void Node::stop(std::function<void()> done)
{
    if (std::exchange(m_stopping, true))
        return;
    m_tasks.pause();
    m_chat.stop();
    m_schedules.stop();
    m_scheduleFiles.stop();
    m_foreignWatch.stop();
    m_housekeeping.stop();
    m_indexSoon.stop();
    m_dispatcher.abandonAll([this, done = std::move(done)] {
        m_sessions.close([this, done] { m_store->writer().drain(this, done); });
    });
}

// A session that was kept warm and is not any more.
void Node::endPooled(SessionId id, const SessionEnded &end)
{
    m_ledger.commit(this, [id, end](Connection &db, EventBatch &log) -> Status {
        SessionRepository sessions(db);
        const auto row = sessions.find(id);
        if (!row)
            return std::unexpected(row.error());
        log.add(
            kindOf(SessionEvent(end)),
            {.project = row->project, .task = row->task, .session = id, .conversation = row->conversation},
            u"node"_s, toJson(SessionEvent(end)));
        return sessions.end(id, end.reason, end.detail, log.nowMs());
    });
}

bool Node::isIdle() const
{
    if (m_tasks.heldCount() > 0 || !m_chat.isIdle() || m_schedules.hasActive())
        return false;
    const auto runs = m_engine->activeRuns();
    return std::ranges::none_of(runs, [&](RunId run) {
        const FlowState *state = m_engine->state(run);
        return state && (ownRunningUnits(*m_engine->definition(run), *state) > 0 || !state->timers.empty());
    });
}

bool Node::isAtWork() const
{
    if (m_tasks.heldCount() > 0 || !m_chat.isIdle())
        return true;
    const auto runs = m_engine->activeRuns();
    return std::ranges::any_of(runs, [&](RunId run) {
        const FlowState *state = m_engine->state(run);
        return state && (ownRunningUnits(*m_engine->definition(run), *state) > 0 ||
                         std::ranges::any_of(state->timers, [&](const auto &timer) {
            return state->unit(timer.second).phase != UnitPhase::Asking;
        }));
    });
}

Caller Node::classify(qint64 pid, const QString &clientName) const
{
    QList<KnownTree> known;
    const QList<ProcessTree *> trees = m_supervisor.trees();
    for (const ProcessTree *tree : trees)
        known.push_back({.marker = tree->root().marker, .rootPid = tree->root().process.pid});
    const PeerOrigin origin = classifyPeer(pid, known);
    return {.role = origin.mayActForPerson() ? Caller::Role::Person : Caller::Role::Agent,
            .name = clientName.isEmpty() ? u"pid %1"_s.arg(pid) : clientName,
            .marker = origin.marker};
}

void Node::watchStore()
{
    if (!m_logMark.mayHaveChanged())
        return;
    m_store->writer().lookForForeignCommits(this, [this](bool changed) {
        if (!changed)
            return;
        m_hub.readForeign();
        m_dayCosts.look();
        m_tasks.lookForCancels();
        m_tasks.drain(); // a slot may have been freed by the other process
        m_status->refreshSoon();
    });
}

void Node::housekeeping()
{
    m_store->backupIfDue(this, [](const Result<QString> &) {});
    m_store->prune({.streamMs = dayMs * m_settings.number(u"retention.stream_days"_s),
                    .eventMs = dayMs * m_settings.number(u"retention.event_days"_s)},
                   this, [](const Result<bool> &) {});
    indexTexts();
}

void Node::indexSoon()
{
    if (!m_indexSoon.isActive() && !m_indexing && !m_stopping)
        m_indexSoon.start(indexAfterMs);
}

// A batch at a time, with a pause after it where others want to write too.
void Node::indexTexts()
{
    if (std::exchange(m_indexing, true))
        return;
    m_store->indexBatch(indexRows, this, [this](const Result<bool> &more) {
        m_indexing = false;
        if (more && *more && !m_stopping)
            m_indexSoon.start(m_store->writer().isIdle() ? 0 : indexPauseMs);
    });
}

int Node::subscribe(const api::Subscription &subscription, NoticeHandler handler)
{
    const int id = m_hub.subscribe(subscription, handler);
    handler(api::StatusNotice{.status = m_status->status()});
    return id;
}

void Node::unsubscribe(int id) { m_hub.unsubscribe(id); }

} // namespace muster
