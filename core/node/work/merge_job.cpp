#include "core/node/work/merge_job.h"

#include "core/agent/permission_rule.h"
#include "core/events/step_title.h"
#include "core/workspace/git_command.h"

#include <QJsonDocument>

#include <limits>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 forEver = std::numeric_limits<qint64>::max() / 2;

} // namespace

MergeJob::MergeJob(ClaimedTask task, WorkContext &context, QObject *parent)
    : TaskJob(std::move(task), context, parent)
    , m_merge(fromJsonObject<MergeTask>(m_data.merge).value_or(MergeTask{}))
    , m_parts(QJsonDocument::fromJson(m_task.request.prompt.toUtf8()).object())
    , m_gates(context.guards)
{
    connect(&m_gates, &GateRun::said, this, &MergeJob::say);
    connect(&m_context.inbox, &InboxDesk::answered, this, [this](const InboxRow &item) {
        if (item.key == askKey())
            keep(m_answer, saysYes(item));
    });
}

void MergeJob::start()
{
    (void)begin(); // goes on by itself and ends with ended()
}

void MergeJob::stop(FailureReason reason, const QString &detail)
{
    m_stopReason = reason;
    m_stopDetail = detail;
    m_gates.stop();
    keep(m_answer, false);
    keep(m_slot, false);
}

void MergeJob::goOn() { keep(m_slot, true); }

void MergeJob::abandon()
{
    if (m_turn)
        m_context.changes.turns().giveBack(*std::exchange(m_turn, std::nullopt));
    emit gone(); // what is left of it is cleaned up by whoever goes on with it
}

Async<bool> MergeJob::begin()
{
    auto outcome = co_await work();
    if (!outcome)
        outcome = failure(outcome.error());
    co_await cleanUp();
    m_context.streams.finish(m_task.id, [self = QPointer(this), outcome = *outcome] {
        if (!self)
            return;
        emit self->ended(outcome);
        emit self->gone();
    });
    co_return true;
}

Async<bool> MergeJob::cleanUp()
{
    co_await clearTrial();
    co_await closeIntents();
    if (m_turn)
        m_context.changes.turns().giveBack(*std::exchange(m_turn, std::nullopt));
    co_return true;
}

Async<bool> MergeJob::clearTrial()
{
    for (qsizetype gate = 0; gate < static_cast<qsizetype>(m_merge.gateTimeoutsMs.size()); ++gate)
        (void)co_await m_gates.clear(gateKey(gate));
    if (!m_project.info.commonDir.isEmpty())
        (void)co_await resultOf(removeTrial(m_project.info.commonDir, trialPath()));
    co_return true;
}

Async<TaskOutcome> MergeJob::work()
{
    const auto project = co_await m_context.projects.open(m_data.project);
    if (!project)
        co_return std::unexpected(project.error());
    m_project = *project;
    m_trust = project->gitTrust();
    if (const auto found = co_await findTarget(); !found)
        co_return std::unexpected(found.error());
    emit began();
    const auto may = co_await askWhetherItMay();
    if (m_stopReason)
        co_return stopped();
    if (!may)
        co_return std::unexpected(may.error());
    if (!*may)
        co_return failure(FailureReason::PermissionDenied, branchOfRef(m_target));
    const auto sources = co_await findSources();
    if (!sources)
        co_return std::unexpected(sources.error());
    m_sources = *sources;
    const MergeTurn turn{
        .repository = m_project.info.commonDir, .target = m_target, .holder = m_task.request.key};
    const auto mine = co_await m_context.changes.turns().take(
        turn, forEver, [self = QPointer(this)] { return self && !self->m_stopReason; });
    if (mine)
        m_turn = turn;
    if (m_stopReason)
        co_return stopped();
    if (!mine)
        co_return std::unexpected(mine.error());
    co_return co_await inTurn();
}

Async<bool> MergeJob::findTarget()
{
    const QString into = m_parts.value(u"into"_s).toString(u"run"_s).trimmed();
    if (into == "run"_L1) {
        const auto tree = co_await m_context.changes.worktreeFor({.project = m_project.info,
                                                                  .projectId = m_project.row.id,
                                                                  .run = m_task.request.refs.run,
                                                                  .runTag = m_data.runTag,
                                                                  .step = {},
                                                                  .name = {},
                                                                  .from = {}},
                                                                 m_trust);
        if (!tree)
            co_return std::unexpected(tree.error());
        m_runTree = *tree;
        m_target = u"refs/heads/"_s + tree->branch;
        emit placed(tree->id);
        co_return true;
    }
    const auto ref = fullBranchRef(into);
    if (!ref)
        co_return std::unexpected(ref.error());
    // Branches of runs are moved by their runs alone.
    if (into.startsWith("muster/"_L1) || into.startsWith("refs/"_L1))
        co_return fail(ErrorCode::InvalidArgument, into, u"branch"_s);
    m_target = *ref;
    co_return true;
}

// What the flow says was accepted by starting it; anything else is asked, where there is somebody to ask.
Async<bool> MergeJob::askWhetherItMay()
{
    const QString branch = branchOfRef(m_target);
    const bool accepted = std::ranges::any_of(m_merge.mayMerge, [&](const QString &pattern) {
        return pattern == branch || matchesPath(pattern, branch) == PatternMatch::Yes;
    });
    if (m_runTree || accepted)
        co_return true;
    EventRefs refs = m_task.request.refs;
    refs.task = m_task.id;
    if (m_data.unattended) {
        m_context.ledger.commit(this, [refs, branch](Connection &, EventBatch &log) -> Status {
            log.add(u"permission.decided"_s, refs, u"unattended"_s,
                    {{u"allowed"_s, false}, {u"title"_s, QString(u"merge "_s + branch)}});
            return {};
        });
        co_return false;
    }
    QStringList from;
    for (const MergeTaskSource &source : m_merge.from)
        from += stepCode(source.step, source.item);
    const auto answer = begun(m_answer);
    const auto item = co_await m_context.inbox.ask({.key = askKey(),
                                                    .kind = InboxKind::Approval,
                                                    .refs = refs,
                                                    .body = {{u"purpose"_s, u"merge"_s},
                                                             {u"command"_s, branch},
                                                             {u"show"_s, from.join(u'\n')},
                                                             {u"who"_s, m_data.title}}});
    if (!item)
        co_return std::unexpected(item.error());
    if (item->status != InboxStatus::Open)
        co_return saysYes(*item);
    emit waiting(true); // others work in its slot meanwhile
    const auto yes = co_await resultOf(answer);
    if (m_stopReason)
        co_return false;
    const auto slot = begun(m_slot);
    emit waiting(false);
    (void)co_await resultOf(slot);
    co_return yes;
}

QFuture<Result<bool>> MergeJob::begun(Promise &promise)
{
    promise = std::make_shared<QPromise<Result<bool>>>();
    promise->start();
    return promise->future();
}

void MergeJob::keep(Promise &promise, bool value)
{
    if (const auto kept = std::exchange(promise, nullptr)) {
        kept->addResult(Result<bool>(value));
        kept->finish();
    }
}

Async<std::vector<MergeJob::Source>> MergeJob::findSources()
{
    const auto trees = co_await resultOf(m_context.ledger.readAsync(
        [run = m_task.request.refs.run](Connection &db) { return WorktreeRepository(db).ofRun(run); }));
    if (!trees)
        co_return std::unexpected(trees.error());
    std::vector<Source> sources;
    for (const MergeTaskSource &from : m_merge.from) {
        Source source{
            .told = {.step = from.step, .item = from.item, .branch = {}, .commit = {}, .why = from.status},
            .head = {},
            .keepsTree = from.keepsTree,
            .tree = {}};
        const auto tree = std::ranges::find_if(trees->rbegin(), trees->rend(), [&](const WorktreeRow &row) {
            return row.step == from.row && row.step.isValid();
        });
        if (from.status == enumName(StepStatus::Completed)) {
            source.told.why = u"no_changes"_s;
            if (tree != trees->rend() && tree->state != WorktreeState::Active)
                source.told.why = enumName(tree->state);
            else if (tree != trees->rend())
                source.head = tree->headCommit;
        }
        if (tree != trees->rend()) {
            source.tree = *tree;
            source.told.branch = tree->branch;
        }
        sources.push_back(std::move(source));
    }
    co_return sources;
}

TaskOutcome MergeJob::failure(FailureReason reason, const QString &detail) const
{
    return {.status = statusFor(reason),
            .reason = reason,
            .detail = detail,
            .output = toJsonObject(TaskOutput{})};
}

TaskOutcome MergeJob::failure(const Error &error) const
{
    return failure(FailureReason::RuntimeError,
                   error.where.isEmpty() ? error.detail : QString(error.where + u": "_s + error.detail));
}

TaskOutcome MergeJob::stopped() const
{
    return failure(m_stopReason.value_or(FailureReason::Aborted), m_stopDetail);
}

QString MergeJob::gateKey(qsizetype gate) const
{
    return m_task.request.key + u"/gate-"_s + QString::number(gate);
}

QString MergeJob::trialPath() const
{
    return m_context.paths.worktreeDir + u"/trial-"_s + m_task.id.toString();
}

QString MergeJob::askKey() const { return u"merge:"_s + m_task.request.key; }

void MergeJob::say(const QString &text)
{
    m_signs.gotOn(now());
    m_context.streams.add({.task = m_task.id, .refs = m_task.request.refs}, StreamChannel::Tool,
                          m_task.request.key, text);
}

} // namespace muster
