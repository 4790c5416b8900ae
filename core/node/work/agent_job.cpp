#include "core/node/work/agent_job.h"

#include "core/node/work/key_advice.h"
#include "core/node/work/task_usage.h"
#include "core/store/stream_repository.h"
#include "core/store/task_repository.h"

#include <QFileInfo>
#include <QProcessEnvironment>
#include <QUrl>

#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// The text first.
constexpr std::array saidIn{StreamChannel::Text, StreamChannel::Thinking, StreamChannel::Tool};

QJsonObject linkTo(const QString &path)
{
    return {{u"type"_s, u"resource_link"_s},
            {u"uri"_s, QUrl::fromLocalFile(path).toString()},
            {u"name"_s, QFileInfo(path).fileName()}};
}

} // namespace

AgentJob::AgentJob(ClaimedTask task, WorkContext &context, QObject *parent)
    : TaskJob(std::move(task), context, parent)
    , m_gate(m_data)
{
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, this, &AgentJob::onSilence);
    connect(&m_watchTimer, &QTimer::timeout, this, &AgentJob::watch);
    connect(&m_context.inbox, &InboxDesk::answered, this, &AgentJob::onAnswered);
    connect(&m_context.streams, &StreamRecorder::written, this, &AgentJob::regulate);
}

EventRefs AgentJob::refs() const
{
    EventRefs refs = m_task.request.refs;
    refs.task = m_task.id;
    refs.session = m_row.id;
    return refs;
}

void AgentJob::start()
{
    (void)begin(); // goes on by itself and ends with ended()
}

Async<bool> AgentJob::begin()
{
    const auto recorded = co_await findRecordedTurn();
    m_turnRecorded = recorded && *recorded;
    auto place = co_await findPlace();
    if (!place) {
        finishBeforeSession(FailureReason::LaunchFailed, place.error().detail);
        co_return false;
    }
    m_place = std::move(*place);
    if (m_turnRecorded) {
        emit began();
        onSessionEnded({});
        co_return true;
    }
    if (const auto profile = co_await findProfile(); !profile) {
        finishBeforeSession(FailureReason::LaunchFailed,
                            profile.error().where + u' ' + profile.error().detail);
        co_return false;
    }
    if (const auto context = co_await findContext(); !context) {
        finishBeforeSession(FailureReason::LaunchFailed, context.error().detail);
        co_return false;
    }
    if (const auto found = co_await resolve(); !found || !*found) {
        finishBeforeSession(FailureReason::LaunchFailed, u"no runtime '%1'"_s.arg(m_resolution.runtime));
        co_return false;
    }
    (void)co_await findLimits();
    if (lacksPrice()) {
        finishBeforeSession(FailureReason::LaunchFailed, priceDetail());
        co_return false;
    }
    if (m_account.restsUntilMs > 0 && !m_stopReason) {
        (void)co_await restBeforeSession(m_account.restsUntilMs);
        co_return false;
    }
    (void)co_await findWhatWasSaid();
    if (auto servers = co_await m_context.mcpServers.forProject(m_place.project.info.root))
        m_mcp = std::move(*servers);
    const auto warm = co_await beginWarm();
    if (warm && *warm)
        co_return true;
    co_return co_await beginCold();
}

Async<bool> AgentJob::beginCold()
{
    (void)co_await resultOf(m_context.sessions.whenEnded(m_task.request.refs.conversation));
    const QStringList environment = QProcessEnvironment::systemEnvironment().toStringList();
    const auto as = co_await m_context.accounts.launchAs(*m_runtime, m_account.name, environment);
    if (!as) {
        finishBeforeSession(FailureReason::LaunchFailed, signInDetail(as.error()));
        co_return false;
    }
    const auto row = co_await recordSession(m_runtime->id, m_place.folder);
    if (!row || m_stopReason || m_abandoned) {
        finishBeforeSession(m_stopReason.value_or(FailureReason::LaunchFailed),
                            row ? m_stopDetail : row.error().detail);
        co_return false;
    }
    m_row = *row;
    launch(*m_runtime, *row, *as);
    co_return true;
}

Async<AgentJob::Place> AgentJob::findPlace()
{
    const auto project = co_await m_context.projects.open(m_data.project);
    if (!project)
        co_return std::unexpected(project.error());
    Place place{.project = *project, .folder = project->info.root};
    const auto found = co_await findWorktree(*project);
    if (!found)
        co_return std::unexpected(found.error());
    if (!*found)
        co_return place;
    const WorktreeRow &worktree = **found;
    if (!m_turnRecorded && (m_task.recovered || m_data.attempt > 1)) {
        // An attempt begins with what was committed, never with half of what an earlier one did.
        const auto salvaged = co_await m_context.changes.salvageAttempt(worktree, m_data.runTag, m_data.step,
                                                                        m_data.attempt, project->gitTrust());
        if (!salvaged)
            co_return std::unexpected(salvaged.error());
    }
    place.folder = worktree.path;
    place.worktree = worktree;
    co_return place;
}

// An output of a task that has not ended is the answer of a completed turn (recordTurn).
Async<bool> AgentJob::findRecordedTurn()
{
    struct Recorded {
        QJsonObject output;
        qint64 agentSteps = 0;
        UsageTotals usage;
    };
    if (!m_task.recovered)
        co_return false;
    const auto found =
        co_await resultOf(m_context.ledger.readAsync([id = m_task.id](Connection &db) -> Result<Recorded> {
        TaskRepository tasks(db);
        const auto row = tasks.find(id);
        if (!row)
            return std::unexpected(row.error());
        return tasks.spec(id).transform([&](const TaskSpec &spec) {
            return Recorded{.output = spec.output, .agentSteps = row->turns, .usage = row->usage};
        });
    }));
    if (!found || found->output.isEmpty())
        co_return false;
    const auto output = fromJsonObject<TaskOutput>(found->output);
    m_answer = AnswerText(output ? output->text : QString());
    m_outputFault = output ? output->fault : QString();
    m_finished = TurnFinished{};
    m_task.spent = {}; // what is recorded is all of it
    m_outcome.usage = usageOf(found->usage, static_cast<int>(found->agentSteps));
    co_return true;
}

// Before a limit sent it back to the queue: that stays, and the rest is added to it.
Async<bool> AgentJob::findWhatWasSaid()
{
    if (m_task.putOffs == 0)
        co_return false;
    using Units = std::array<qint64, saidIn.size()>;
    const auto units =
        co_await resultOf(m_context.ledger.readAsync([task = m_task.id](Connection &db) -> Result<Units> {
        Units found{};
        for (size_t i = 0; i < saidIn.size(); ++i) {
            const auto said = StreamRepository(db).units({.task = task, .channel = saidIn[i]});
            if (!said)
                return std::unexpected(said.error());
            found[i] = *said;
        }
        return found;
    }));
    if (!units)
        co_return false;
    for (size_t i = 0; i < saidIn.size(); ++i)
        m_context.streams.resume(m_task.id, saidIn[i], (*units)[i]);
    m_textUnits = units->front();
    co_return true;
}

Async<QString> AgentJob::findProfile()
{
    if (const auto kept = co_await findKeptFiles(); !kept)
        co_return std::unexpected(kept.error());
    if (m_task.request.profile.isEmpty())
        co_return QString();
    const FlowLibrary library = this->library();
    auto profile = co_await resultOf(onPool([library, name = m_task.request.profile, team = m_data.team] {
        return library.profile(name, team);
    }));
    if (!profile)
        co_return std::unexpected(profile.error());
    m_profile = std::move(*profile);
    co_return m_profile.name;
}

Async<SessionRow> AgentJob::recordSession(QString runtime, QString folder)
{
    // The marker is in the store before any process carries it, so that a survivor can always be found.
    co_return co_await resultOf(m_context.ledger.commitAsync(
        [runtime, folder, task = m_task, owner = m_context.owner, profile = m_profile.name,
         account = m_account.name, model = m_resolution.model,
         why = resolutionReason()](Connection &db, EventBatch &log) -> Result<SessionRow> {
        SessionRow row{.project = task.request.refs.project,
                       .conversation = task.request.refs.conversation,
                       .task = task.id,
                       .runtime = runtime,
                       .account = account,
                       .profile = profile,
                       .cwd = folder,
                       .marker = newMarker(),
                       .owner = owner,
                       .createdMs = log.nowMs(),
                       .activeMs = log.nowMs()};
        const auto id = SessionRepository(db).insert(row);
        if (!id)
            return std::unexpected(id.error());
        row.id = *id;
        return noteSession(db, task, row, model, why).transform([&] { return row; });
    }));
}

Status AgentJob::noteSession(Connection &db, const ClaimedTask &task, const SessionRow &row,
                             const QString &model, const QString &why)
{
    TaskRepository tasks(db);
    if (Status set = tasks.setSession(task.id, task.epoch, row.id); !set)
        return set;
    return tasks.setResolved(task.id, row.runtime, model, why);
}

void AgentJob::launch(const RuntimeRecord &runtime, const SessionRow &row, const AccountLaunch &as)
{
    SessionSpec spec{.runtime = runtime,
                     .workingDir = m_place.folder,
                     .resumeId = resumeId(),
                     .model = m_resolution.model,
                     .mcpServers = m_mcp.servers,
                     .environment = as.environment,
                     .secrets = as.own,
                     .tmpRoot = m_context.paths.tmpDir,
                     .stateDir = m_context.paths.sessionDir,
                     .marker = row.marker};
    for (const Error &problem : m_mcp.problems)
        spec.warnings.push_back({u"mcp_file"_s, problem.where + u": "_s + problem.detail});
    if (m_goesOn && m_task.request.refs.conversation.isValid() && spec.resumeId.isEmpty() &&
        m_goesOn->account != m_account.name)
        spec.warnings.push_back({u"account_changed"_s, m_account.name});
    if (m_context.accounts.hasSeveral(runtime.id))
        m_context.limits.used(account());
    use(new AgentSession(std::move(spec), m_context.launcher, m_context.ledger.clock(), this));
    m_session->start();
    warnOfUnknownModel();
    prompt();
}

void AgentJob::use(AgentSession *session)
{
    m_gate.setPlace(m_place.folder, m_profile);
    m_session = session;
    m_storeIsBusy = false;
    listen();
    m_silence.start(static_cast<int>(m_context.stallMs()));
    beginWatch();
}

void AgentJob::listen()
{
    connect(m_session, &AgentSession::sessionEvent, this, &AgentJob::onEvent);
    connect(m_session, &AgentSession::requestWithdrawn, this, &AgentJob::onWithdrawn);
}

void AgentJob::prompt()
{
    Prompt prompt{.text = m_task.request.prompt, .attachments = giveContext()};
    for (const QString &path : std::as_const(m_data.attachments))
        prompt.attachments.append(linkTo(path));
    if (const qint64 least = leastCost(); least > 0)
        (void)askWithin(prompt, least); // goes on by itself
    else
        send(prompt);
}

void AgentJob::send(const Prompt &prompt)
{
    if (const Status sent = m_session->prompt(prompt); !sent)
        m_session->stop(FailureReason::RuntimeError, sent.error().detail);
}

void AgentJob::steer(const QString &text, const QStringList &attachments,
                     const std::function<void(const Status &)> &done)
{
    if (!m_session || m_finished || m_stopReason)
        return done(fail(ErrorCode::Unavailable, u"no turn runs"_s));
    Prompt prompt{.text = text};
    for (const QString &path : attachments)
        prompt.attachments.append(linkTo(path));
    m_session->steer(prompt, done);
}

void AgentJob::stop(FailureReason reason, const QString &detail)
{
    if (m_stopReason)
        return;
    m_stopReason = reason;
    m_stopDetail = detail;
    if (m_session)
        m_session->stop(reason, detail);
}

void AgentJob::abandon()
{
    m_abandoned = true;
    stop(FailureReason::Aborted, u"node"_s);
}

} // namespace muster
