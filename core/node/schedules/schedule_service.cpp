#include "core/node/schedules/schedule_service.h"

#include "core/node/schedules/all_paused.h"
#include "core/node/schedules/firing_end.h"
#include "core/node/schedules/schedule_reading.h"
#include "core/store/firing_repository.h"
#include "core/store/run_repository.h"
#include "core/store/schedule_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int passEveryMs = 30'000;
constexpr int soonMs = 10;
constexpr int checkMs = 30'000;

// After these a schedule may have something to do.
bool concernsSchedules(const Event &event)
{
    static const QStringList changes{u"schedule.saved"_s, u"schedule.resumed"_s, u"schedule.paused"_s,
                                     u"schedule.removed"_s, u"schedule.run_now"_s};
    if (event.kind == u"node.setting")
        return event.data.value("key"_L1) == kAllPausedKey;
    if (changes.contains(event.kind) || event.kind == u"run.finished" || event.kind == u"run.started")
        return true;
    return (event.kind == u"task.claimed" || event.kind == u"task.finished") &&
           event.source.startsWith(u"schedule:");
}

// It says something about the schedule, not about the store or another core.
bool isItsOwnFault(const Error &error)
{
    return error.code == ErrorCode::InvalidArgument || error.code == ErrorCode::NotFound;
}

} // namespace

ScheduleService::ScheduleService(Ledger &ledger, ProjectService &projects, RunService &runs,
                                 TaskService &tasks, QString personFolder, QString owner, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_projects(projects)
    , m_runs(runs)
    , m_tasks(tasks)
    , m_personFolder(std::move(personFolder))
    , m_owner(std::move(owner))
{
    m_due.setSingleShot(true);
    m_due.setTimerType(Qt::PreciseTimer);
    m_soon.setSingleShot(true);
    m_soon.setInterval(soonMs);
    connect(&m_due, &QTimer::timeout, this, &ScheduleService::passSoon);
    connect(&m_every, &QTimer::timeout, this, &ScheduleService::passSoon);
    connect(&m_check, &QTimer::timeout, this, &ScheduleService::check);
    connect(&m_soon, &QTimer::timeout, this, [this] {
        if (std::exchange(m_passing, true))
            m_passAgain = true;
        else
            pass().future().then(this,
                                 [this](const Result<bool> &again) { afterPass(again.value_or(false)); });
    });
}

void ScheduleService::start()
{
    connect(&m_ledger.hub(), &EventHub::arrived, this, &ScheduleService::onEvents);
    m_every.start(passEveryMs);
    m_check.start(checkMs);
    passSoon();
}

void ScheduleService::stop()
{
    m_due.stop();
    m_every.stop();
    m_check.stop();
    m_soon.stop();
    disconnect(&m_ledger.hub(), nullptr, this, nullptr);
}

void ScheduleService::passSoon()
{
    if (!m_soon.isActive() && m_every.isActive())
        m_soon.start();
}

void ScheduleService::onEvents(const std::vector<Event> &events)
{
    if (std::ranges::any_of(events, concernsSchedules))
        passSoon();
}

void ScheduleService::afterPass(bool again)
{
    m_passing = false;
    emit passed();
    check();
    if (std::exchange(m_passAgain, false) || again)
        passSoon();
}

void ScheduleService::waitUntil(std::optional<qint64> nextMs)
{
    if (!nextMs || !m_every.isActive()) {
        m_due.stop();
        return;
    }
    const qint64 left = *nextMs - m_ledger.clock().nowMs();
    if (left < passEveryMs) // else the pass in any case comes first
        m_due.start(static_cast<int>(std::max<qint64>(0, left)));
}

Async<bool> ScheduleService::pass()
{
    // A store without schedules is not written to.
    const auto any = co_await resultOf(m_ledger.readAsync([](Connection &db) -> Result<bool> {
        const auto scheduled = ScheduleRepository(db).any();
        return scheduled && !*scheduled ? FiringRepository(db).anyOpen() : scheduled;
    }));
    if (!any || !*any) {
        m_hasActive = false;
        co_return false;
    }
    const auto begin = co_await resultOf(m_ledger.commitAsync(
        [owner = m_owner, measures = m_loop.measures()](Connection &db, EventBatch &log) {
        return beginPass(db, log, owner, measures);
    }));
    if (!begin)
        co_return std::unexpected(begin.error());
    m_loop.watch(begin->running);
    bool again = false;
    for (const ScheduleId id : begin->due) {
        const auto step = co_await resultOf(m_ledger.commitAsync(
            [id](Connection &db, EventBatch &log) { return passSchedule(db, log, id); }));
        if (step) {
            again = again || step->more;
            stopReplaced(*step);
        } else if (isItsOwnFault(step.error())) {
            (void)co_await resultOf(
                m_ledger.commitAsync([id, why = step.error()](Connection &db, EventBatch &log) {
                return setAside(db, log, id, why);
            }));
        }
    }
    if (!begin->due.empty())
        m_tasks.drain();
    const auto end = co_await resultOf(
        m_ledger.readAsync([now = m_ledger.clock().nowMs()](Connection &db) { return endPass(db, now); }));
    if (!end)
        co_return std::unexpected(end.error());
    m_hasActive = end->nextMs.has_value();
    waitUntil(end->nextMs);
    if (begin->isMine)
        beginFlows(end->starting);
    co_return again;
}

void ScheduleService::stopReplaced(const PassStep &step)
{
    for (const QString &key : step.stoppedTasks)
        m_tasks.stop(key, FailureReason::Aborted, u"replaced"_s);
    for (const RunId run : step.stoppedRuns)
        (void)m_runs.cancel(run, u"schedule"_s); // goes on by itself
}

void ScheduleService::check()
{
    m_ledger.read(this, [](Connection &db) -> Result<std::pair<qint64, bool>> {
        ScheduleRepository schedules(db);
        const auto passed = schedules.passedAt();
        const auto active = schedules.anyActive();
        if (!passed || !active)
            return std::unexpected((passed ? active.error() : passed.error()));
        return std::pair(*passed, *active);
    }, [this](const Result<std::pair<qint64, bool>> &found) {
        if (found && m_passCheck.isOverdue(found->first, found->second, m_ledger.clock().monotonicMs()))
            emit overdue(found->first);
    });
}

void ScheduleService::beginFlows(const std::vector<FiringRow> &starting)
{
    for (const FiringRow &firing : starting) {
        if (m_beginning.contains(firing.id))
            continue;
        m_beginning.insert(firing.id);
        beginFlow(firing).future().then(this, [this, id = firing.id](const Result<bool> &begun) {
            m_beginning.remove(id);
            if (begun && *begun)
                passSoon();
        });
    }
}

// False: it waits for its turn, and is tried again by the next pass.
Async<bool> ScheduleService::beginFlow(FiringRow firing)
{
    const auto found = co_await resultOf(m_ledger.readAsync(
        [id = firing.schedule](Connection &db) -> Result<std::pair<ScheduleRow, ProjectRow>> {
        const auto schedule = ScheduleRepository(db).find(id);
        if (!schedule)
            return std::unexpected(schedule.error());
        return ProjectRepository(db).find(schedule->project).transform([&](const ProjectRow &project) {
            return std::pair(*schedule, project);
        });
    }));
    if (!found)
        co_return std::unexpected(found.error());
    co_return co_await runFlow(firing, found->first, found->second.path);
}

Async<bool> ScheduleService::runFlow(FiringRow firing, ScheduleRow schedule, QString project)
{
    const api::ScheduleSpec spec = specOf(schedule);
    const QString by = originOf(schedule.id, firing.id);
    // Begun by whoever was here before, and not written down.
    const auto earlier = co_await resultOf(
        m_ledger.readAsync([by](Connection &db) { return RunRepository(db).createdBy(by); }));
    if (!earlier)
        co_return std::unexpected(earlier.error());
    RunId run = earlier->value_or(RunId{});
    if (!run.isValid()) {
        const api::StartRun request{.project = project,
                                    .flow = spec.flow,
                                    .inputs = spec.inputs,
                                    .runtime = spec.runtime,
                                    .unattended = spec.unattended};
        const auto prepared = co_await prepareRun(m_projects, m_personFolder, request);
        if (!prepared)
            co_return co_await notBegun(firing, prepared.error());
        const auto begun = co_await m_runs.begin(
            *prepared, {.by = by,
                        .data = {{u"schedule"_s, schedule.id.value}, {u"firing"_s, firing.id.value}},
                        .onlyOnce = true,
                        .limits = {.budgetMicroUsd = spec.budgetMicroUsd,
                                   .maxTurns = spec.maxTurns,
                                   .deadlineMs = spec.deadlineMs}});
        // Another run of the flow is active, which a person has started: it comes first.
        if (!begun && begun.error().code == ErrorCode::Conflict && spec.overlap != OverlapRule::Skip)
            co_return false;
        if (!begun)
            co_return co_await notBegun(firing, begun.error());
        run = begun->id;
    }
    const auto noted = co_await resultOf(m_ledger.commitAsync(
        [firing, run](Connection &db, EventBatch &) { return FiringRepository(db).begun(firing.id, run); }));
    co_return noted.has_value();
}

Async<bool> ScheduleService::notBegun(FiringRow firing, Error why)
{
    if (!isItsOwnFault(why) && why.code != ErrorCode::NotTrusted && why.code != ErrorCode::Unsupported &&
        why.code != ErrorCode::Conflict)
        co_return false; // the store takes no writes, or we end: the next pass tries again
    const auto closed =
        co_await resultOf(m_ledger.commitAsync([firing, why](Connection &db, EventBatch &log) -> Status {
        FiringRow row = firing;
        row.status = FiringStatus::NotStarted;
        row.reason = why.code == ErrorCode::Conflict ? FailureReason::Conflict : FailureReason::LaunchFailed;
        row.detail = QString(why.where + u' ' + why.detail).trimmed();
        row.completedMs = log.nowMs();
        return closeFiring(db, log, row);
    }));
    co_return closed.has_value();
}

} // namespace muster
