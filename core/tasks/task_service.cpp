#include "core/tasks/task_service.h"

#include <algorithm>
#include <cmath>

namespace muster {

namespace {

// The store has answered about the task; anything else says only that it could not be asked.
bool isFinal(const Error &error)
{
    return error.code == ErrorCode::Conflict || error.code == ErrorCode::NotFound;
}

} // namespace

TaskService::TaskService(TaskStore &store, TaskRunner &runner, const Clock &clock, TaskServiceOptions options,
                         QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_runner(runner)
    , m_clock(clock)
    , m_options(options)
{
    connect(&m_renewTimer, &QTimer::timeout, this, &TaskService::renew);
    connect(&m_reapTimer, &QTimer::timeout, this, &TaskService::reap);
}

void TaskService::start()
{
    m_paused = false;
    m_lastWallMs = m_clock.nowMs();
    m_lastMonotonicMs = m_clock.monotonicMs();
    m_renewTimer.start(m_options.renewMs);
    m_reapTimer.start(m_options.reapMs);
    reap();
}

void TaskService::enqueue(const TaskRequest &request, TaskStore::Callback<TaskId> done)
{
    m_store.insert(request, [this, done = std::move(done)](Result<TaskId> id) {
        done(id);
        if (id)
            drain();
        emit changed();
    });
}

void TaskService::drain()
{
    if (m_paused)
        return;
    if (m_claiming) {
        m_claimAgain = true;
        return;
    }
    m_claiming = true;
    m_store.claimNext(m_options.leaseMs, [this](const Result<std::vector<ClaimedTask>> &claim) {
        m_claiming = false;
        const bool again = std::exchange(m_claimAgain, false);
        const bool got = claim && !claim->empty();
        if (got) {
            for (const ClaimedTask &task : *claim)
                begin(task);
        }
        if (got || again)
            drain();
    });
}

void TaskService::begin(const ClaimedTask &task)
{
    m_held.insert(task.id, {.key = task.request.key, .epoch = task.epoch});
    emit claimed(task);
    emit changed();
    m_runner.start(task);
}

void TaskService::stop(const QString &key, FailureReason reason, const QString &detail)
{
    if (const auto held = heldByKey(key); held != m_held.cend()) {
        m_runner.stop(held.key(), reason, detail);
        return;
    }
    const TaskOutcome outcome{.status = statusFor(reason), .reason = reason, .detail = detail};
    m_store.cancelQueued(key, outcome, [this, key, reason, detail, outcome](const Result<TaskId> &id) {
        // Answers come in the order of the writes: if the task was claimed first and by us, it is held now.
        if (id)
            emit settled(*id, key, outcome);
        else if (id.error().code == ErrorCode::Conflict && heldByKey(key) != m_held.cend())
            stop(key, reason, detail);
        else if (!isFinal(id.error()))
            QTimer::singleShot(m_options.reapMs, this,
                               [this, key, reason, detail] { stop(key, reason, detail); });
        emit changed();
    });
}

void TaskService::finished(TaskId task, const TaskOutcome &outcome)
{
    const auto held = m_held.find(task);
    if (held == m_held.end() || held->ending)
        return;
    held->ending = true;
    const auto told = [this, task, epoch = held->epoch, outcome](const Status &written) {
        if (!holds(task, epoch))
            return; // given up, and perhaps begun anew, while this was on its way
        if (!written && !isFinal(written.error())) {
            // The store takes no writes (disk full): the end is kept and written when it can be.
            QTimer::singleShot(m_options.reapMs, this, [this, task, epoch, outcome] {
                if (holds(task, epoch)) {
                    m_held[task].ending = false;
                    finished(task, outcome);
                }
            });
            return;
        }
        const QString key = m_held.value(task).key;
        release(task);
        if (!written)
            emit lost(task, key);
        else if (outcome.putOffUntilMs)
            emit putOff(task, key, *outcome.putOffUntilMs);
        else
            emit settled(task, key, outcome);
    };
    if (outcome.putOffUntilMs)
        m_store.putOff(task, held->epoch, outcome, told);
    else
        m_store.finish(task, held->epoch, outcome, told);
}

void TaskService::release(TaskId task)
{
    m_held.remove(task);
    drain();
    emit changed();
}

void TaskService::giveUp(TaskId task)
{
    const QString key = m_held.value(task).key;
    m_runner.abandon(task);
    release(task);
    emit lost(task, key);
}

void TaskService::waitsForPerson(TaskId task, bool waiting)
{
    const auto held = m_held.constFind(task);
    if (held == m_held.cend())
        return;
    m_store.setWaiting(task, held->epoch, waiting, [this, task, epoch = held->epoch](const Status &written) {
        if (!written && written.error().code == ErrorCode::Conflict && holds(task, epoch) &&
            !m_held.value(task).ending)
            giveUp(task);
        emit changed();
    });
}

bool TaskService::holds(TaskId task, qint64 epoch) const
{
    const auto held = m_held.constFind(task);
    return held != m_held.cend() && held->epoch == epoch;
}

QHash<TaskId, TaskService::Held>::const_iterator TaskService::heldByKey(const QString &key) const
{
    return std::ranges::find(m_held, key, &Held::key);
}

std::vector<HeldLease> TaskService::leases() const
{
    std::vector<HeldLease> leases;
    for (auto held = m_held.cbegin(); held != m_held.cend(); ++held)
        leases.push_back({.id = held.key(), .epoch = held->epoch});
    return leases;
}

void TaskService::renew()
{
    if (m_held.isEmpty())
        return;
    m_store.renew(leases(), m_options.leaseMs,
                  [this, asked = leases()](const Result<std::vector<TaskId>> &ours) {
        if (!ours)
            return;
        for (const HeldLease &lease : asked) {
            if (holds(lease.id, lease.epoch) && !m_held.value(lease.id).ending &&
                std::ranges::find(*ours, lease.id) == ours->end())
                giveUp(lease.id);
        }
    });
}

bool TaskService::clockJumped()
{
    const qint64 wall = m_clock.nowMs();
    const qint64 monotonic = m_clock.monotonicMs();
    const qint64 drift = (wall - m_lastWallMs) - (monotonic - m_lastMonotonicMs);
    m_lastWallMs = wall;
    m_lastMonotonicMs = monotonic;
    return std::abs(drift) > m_options.clockJumpMs;
}

void TaskService::reap()
{
    // After sleep or a clock that was set, our own leases look expired to everybody: renew first, and give
    // the others one whole lease before their time is held against them.
    if (clockJumped()) {
        renew();
        m_reapTimer.start(static_cast<int>(m_options.leaseMs));
        return;
    }
    if (m_reapTimer.interval() != m_options.reapMs)
        m_reapTimer.start(m_options.reapMs);
    if (m_reaping || m_paused)
        return;
    m_reaping = true;
    m_store.takeOverLost(leases(), m_options.leaseMs, [this](const Result<std::vector<ClaimedTask>> &lost) {
        m_reaping = false;
        if (lost) {
            for (const ClaimedTask &task : *lost)
                takeOver(task);
        }
        drain();
    });
}

void TaskService::takeOver(const ClaimedTask &task)
{
    // Ours once, lost while this process stood still, and ours again: what was begun then has no right to
    // write any more.
    if (m_held.contains(task.id))
        giveUp(task.id);
    begin(task);
}

} // namespace muster
