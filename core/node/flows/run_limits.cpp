#include "core/node/flows/run_limits.h"

#include "core/base/near_limit.h"
#include "core/store/run_repository.h"

#include <numeric>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int keepEveryMs = 20'000;
const QString by = u"limit"_s;

QString timeKey(RunId run) { return u"deadline:run:"_s + run.toString(); }
QString budgetKey(RunId run) { return u"budget:run:"_s + run.toString(); }

// What only waits, for a person, a limit or a slot, does not work.
bool works(const FlowState &state)
{
    const auto worksNow = [](const UnitState &unit) {
        return unit.phase == UnitPhase::Started && !unit.paused;
    };
    return state.runningUnits > 0 && std::ranges::any_of(state.steps, [&](const StepState &step) {
        return worksNow(step.unit) || std::ranges::any_of(step.items, worksNow);
    });
}

} // namespace

FlowDefinitionPtr heldTo(const FlowDefinitionPtr &definition, const RunLimits &limits)
{
    if (!definition || (limits.budgetMicroUsd == 0 && limits.maxTurns == 0))
        return definition;
    auto held = std::make_shared<FlowDefinition>(*definition);
    const bool saysIts = held->budgetMicroUsd > 0;
    if (!saysIts)
        held->budgetMicroUsd = limits.budgetMicroUsd;
    for (StepDefinition &step : held->steps) {
        if (step.budgetMicroUsd == 0 && !saysIts)
            step.budgetMicroUsd = limits.budgetMicroUsd;
        if (step.maxTurns == 0)
            step.maxTurns = limits.maxTurns;
    }
    return held;
}

RunLimitWatch::RunLimitWatch(Ledger &ledger, RunBooks &books, InboxDesk &inbox, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_books(books)
    , m_inbox(inbox)
{
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &RunLimitWatch::lookAtAll);
    connect(&m_keep, &QTimer::timeout, this, &RunLimitWatch::keep);
}

RunId RunLimitWatch::limitedRun(RunId run) const
{
    const RunBook *book = m_books.find(run);
    while (book && !book->run.limits.any())
        book = m_books.find(book->run.parentRun);
    return book ? book->run.id : RunId{};
}

// What others have counted of it, now and while it goes on: steps of its flows may run in another process.
void RunLimitWatch::begin(RunId run)
{
    if (!m_watched.contains(run))
        m_watched.insert(run, {.workedMs = m_books.find(run)->run.workedMs});
    m_ledger.read(this, [run](Connection &db) { return RunRepository(db).workWithin(run); },
                  [this, run](const Result<std::vector<TaskWork>> &turns) {
        if (!turns || !m_watched.contains(run))
            return;
        for (const TaskWork &task : *turns)
            take(run, task.key, task.turns);
    });
    if (!m_keep.isActive())
        m_keep.start(keepEveryMs);
}

void RunLimitWatch::advanced(RunId run)
{
    const RunBook *book = m_books.find(run);
    const FlowState *state = m_engine->state(run);
    if (!book || !state || !book->run.limits.any())
        return;
    if (!m_watched.contains(run))
        begin(run);
    if (book->run.limits.deadlineMs == 0)
        return; // its time is not counted
    Watched &watched = m_watched[run];
    const bool isWorking = works(*state);
    if (isWorking && !watched.sinceMs)
        watched.sinceMs = m_ledger.clock().monotonicMs();
    else if (!isWorking && watched.sinceMs) {
        watched.workedMs = workedOf(watched);
        watched.sinceMs.reset();
    }
    lookAtAll();
}

void RunLimitWatch::forget(RunId run)
{
    m_watched.remove(run);
    if (m_watched.isEmpty())
        m_keep.stop();
}

void RunLimitWatch::finished(RunId run)
{
    forget(run);
    for (const QString &key : {timeKey(run), budgetKey(run)}) {
        if (m_warned.remove(key))
            m_inbox.withdraw(key, u"node"_s);
    }
}

qint64 RunLimitWatch::workedOf(const Watched &watched) const
{
    return watched.workedMs + (watched.sinceMs ? m_ledger.clock().monotonicMs() - *watched.sinceMs : 0);
}

void RunLimitWatch::stepped(const QString &attemptKey, int agentSteps)
{
    const auto key = AttemptKey::fromString(attemptKey);
    const RunId run = key ? limitedRun(key->run) : RunId{};
    if (!run.isValid())
        return;
    if (!m_watched.contains(run))
        begin(run);
    take(run, attemptKey, agentSteps);
}

void RunLimitWatch::take(RunId run, const QString &task, int agentSteps)
{
    const RunBook *book = m_books.find(run);
    QHash<QString, int> &steps = m_watched[run].steps;
    const int limit = book ? book->run.limits.maxTurns : 0;
    if (limit == 0 || steps.value(task) >= agentSteps)
        return;
    steps[task] = agentSteps;
    const int used = std::accumulate(steps.cbegin(), steps.cend(), 0);
    const QString detail = u"turns_limit %1 %2"_s.arg(used).arg(limit);
    if (used > limit)
        end(run, FailureReason::TurnLimitExceeded, detail);
    else if (used >= nearLimit(limit))
        warn(budgetKey(run), run, {{u"purpose"_s, QString(u"budget_near\n"_s + detail)}});
}

void RunLimitWatch::nearBudget(RunId run, qint64 spentMicroUsd, qint64 budgetMicroUsd)
{
    const QString detail = u"cost_limit %1 %2"_s.arg(spentMicroUsd).arg(budgetMicroUsd);
    warn(budgetKey(run), run, {{u"purpose"_s, QString(u"budget_near\n"_s + detail)}});
}

void RunLimitWatch::look(RunId run)
{
    const RunBook *book = m_books.find(run);
    const qint64 limit = book ? book->run.limits.deadlineMs : 0;
    Watched &watched = m_watched[run];
    if (limit == 0)
        return;
    const qint64 worked = workedOf(watched);
    if (worked >= limit) {
        end(run, FailureReason::DeadlineExceeded, u"deadline %1"_s.arg(limit / 1000));
        return;
    }
    if (worked >= nearLimit(limit) && !std::exchange(watched.warnedOfTime, true))
        warn(timeKey(run), run, {{u"purpose"_s, u"deadline_near"_s}, {u"limit_ms"_s, limit}});
}

void RunLimitWatch::lookAtAll()
{
    constexpr qint64 farthest = 3'600'000;
    qint64 soonest = farthest;
    const QList<RunId> runs = m_watched.keys();
    for (const RunId run : runs) {
        look(run);
        const RunBook *book = m_books.find(run);
        const auto watched = m_watched.constFind(run);
        if (!book || watched == m_watched.cend() || !watched->sinceMs || book->run.limits.deadlineMs == 0)
            continue;
        const qint64 limit = book->run.limits.deadlineMs;
        const qint64 left = (watched->warnedOfTime ? limit : nearLimit(limit)) - workedOf(*watched);
        if (left > 0) // else it is being ended
            soonest = std::min(soonest, left);
    }
    m_next.start(static_cast<int>(soonest));
}

void RunLimitWatch::end(RunId run, FailureReason reason, const QString &detail)
{
    const FlowState *state = m_engine->state(run);
    if (state && !state->cancelledBy) // a second request would end more than is meant
        (void)m_engine->end(run, by, reason, detail);
}

void RunLimitWatch::warn(const QString &key, RunId run, QJsonObject body)
{
    const RunBook *book = m_books.find(run);
    if (!book || m_warned.contains(key))
        return;
    m_warned.insert(key);
    body.insert(u"who"_s, u"%1 #%2"_s.arg(book->run.flow).arg(book->run.number));
    m_inbox.open({.key = key,
                  .kind = InboxKind::Warning,
                  .refs = {.project = book->run.project, .run = run},
                  .title = {},
                  .body = body});
}

void RunLimitWatch::keep()
{
    std::vector<std::pair<RunId, qint64>> worked;
    for (auto each = m_watched.cbegin(); each != m_watched.cend(); ++each) {
        worked.emplace_back(each.key(), workedOf(*each));
        begin(each.key());
    }
    m_ledger.commit(this, [worked](Connection &db, EventBatch &) -> Status {
        for (const auto &[run, ms] : worked) {
            if (const Status kept = RunRepository(db).setWorked(run, ms); !kept)
                return kept;
        }
        return {};
    });
}

} // namespace muster
