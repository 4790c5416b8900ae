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
    m_deadlineTimer.setSingleShot(true);
    connect(&m_deadlineTimer, &QTimer::timeout, this, &TaskService::lookAtDeadlines);
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
    const Room room = this->room();
    const ClaimWish wish{.leaseMs = m_options.leaseMs,
                         .most = room.most > 0 ? room.most : ClaimWish{}.most,
                         .chatOnly = room.most == 0};
    m_store.claimNext(wish, [this](const Result<std::vector<ClaimedTask>> &claim) {
        m_claiming = false;
        const bool again = std::exchange(m_claimAgain, false);
        const bool got = claim && !claim->empty();
        if (got) {
            if (m_admission)
                m_admission->begun(static_cast<int>(claim->size()));
            for (const ClaimedTask &task : *claim)
                begin(task);
        }
        if (got || again)
            drain();
    });
}

Room TaskService::room()
{
    Room room{.most = ClaimWish{}.most};
    if (m_admission)
        room = m_admission->room();
    if (std::exchange(m_heldBack, room.heldBack) != room.heldBack)
        emit changed();
    return {.most = std::min(room.most, ClaimWish{}.most), .heldBack = room.heldBack};
}

void TaskService::begin(const ClaimedTask &task)
{
    if (holds(task.id, task.epoch)) {
        goOn(task.id);
        return;
    }
    Held held{.key = task.request.key, .epoch = task.epoch};
    if (task.timeLeftMs) {
        held.leftMs = *task.timeLeftMs;
        held.limitMs = task.request.timeLimitMs.value_or(held.leftMs);
        startTime(held);
    }
    m_held.insert(task.id, held);
    awaitDeadline();
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

void TaskService::lookForCancels()
{
    if (m_held.isEmpty())
        return;
    m_store.cancelsAsked([this](const Result<std::vector<TaskId>> &asked) {
        for (const TaskId task : asked.value_or(std::vector<TaskId>())) {
            if (m_held.contains(task))
                m_runner.stop(task, FailureReason::Aborted, {});
        }
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
    awaitDeadline();
    drain();
    began(task);
    emit changed();
}

void TaskService::giveUp(TaskId task)
{
    const QString key = m_held.value(task).key;
    m_runner.abandon(task);
    release(task);
    emit lost(task, key);
}

int TaskService::workingCount() const
{
    return static_cast<int>(std::ranges::count_if(m_held, [](const Held &held) { return !held.waiting; }));
}

void TaskService::waitsForPerson(TaskId task, bool waiting)
{
    const auto held = m_held.find(task);
    if (held == m_held.end())
        return;
    held->waiting = true; // until it goes on
    if (waiting)
        stopTime(*held);
    m_store.setWaiting(task, held->epoch, waiting,
                       [this, task, epoch = held->epoch, waiting](const Result<bool> &hasSlot) {
        told(task, epoch, waiting, hasSlot);
    });
}

void TaskService::told(TaskId task, qint64 epoch, bool waiting, const Result<bool> &hasSlot)
{
    if (holds(task, epoch) && !m_held.value(task).ending) {
        if (!hasSlot && hasSlot.error().code == ErrorCode::Conflict)
            giveUp(task);
        else if (hasSlot && *hasSlot && !waiting)
            goOn(task);
        else if (!hasSlot && !waiting) // the store takes no writes: what was answered is not forgotten
            QTimer::singleShot(m_options.reapMs, this, [this, task, epoch] {
                if (holds(task, epoch))
                    waitsForPerson(task, false);
            });
    }
    if (hasSlot && !*hasSlot)
        drain(); // its slot is free, or is what it goes on with
    emit changed();
}

void TaskService::goOn(TaskId task)
{
    m_held[task].waiting = false;
    startTime(m_held[task]);
    awaitDeadline();
    m_runner.goOn(task);
    emit changed();
}

void TaskService::began(TaskId task)
{
    if (m_resuming.remove(task))
        reap(); // the next of those that are gone on with
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

qint64 TaskService::clockJump()
{
    const qint64 wall = m_clock.nowMs();
    const qint64 monotonic = m_clock.monotonicMs();
    const qint64 drift = (wall - m_lastWallMs) - (monotonic - m_lastMonotonicMs);
    m_lastWallMs = wall;
    m_lastMonotonicMs = monotonic;
    return std::abs(drift) > m_options.clockJumpMs ? drift : 0;
}

void TaskService::reap()
{
    lookAtDeadlines();
    lookForCancels();
    // After sleep or a clock that was set, our own leases look expired to everybody: renew first, and give
    // the others one whole lease before their time is held against them.
    if (const qint64 jump = clockJump(); jump != 0) {
        renew();
        m_store.shiftDeadlines(leases(), jump);
        m_reapTimer.start(static_cast<int>(m_options.leaseMs));
        drain();
        return;
    }
    if (m_reapTimer.interval() != m_options.reapMs)
        m_reapTimer.start(m_options.reapMs);
    if (m_reaping || m_paused)
        return;
    m_reaping = true;
    const int most = std::min(m_options.resumedAtOnce - static_cast<int>(m_resuming.size()), room().most);
    m_store.takeOverLost(leases(), {.leaseMs = m_options.leaseMs, .most = std::max(0, most)},
                         [this](const Result<std::vector<ClaimedTask>> &lost) {
        m_reaping = false;
        if (lost) {
            if (m_admission)
                m_admission->begun(static_cast<int>(lost->size()));
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
    m_resuming.insert(task.id);
    begin(task);
}

} // namespace muster
