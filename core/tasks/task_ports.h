// What the task service needs of the world. TaskStore keeps tasks (in the node: SQL); TaskRunner carries them
// out (in the node: sessions and guarded commands). All calls on the core thread; callbacks come on that
// thread, never from within the call, each once.
#pragma once

#include "core/base/result.h"
#include "core/events/held_back.h"
#include "core/tasks/task.h"

#include <functional>
#include <vector>

namespace muster {

// How many tasks may begin now, by the state of the machine; what holds more back.
struct Room {
    int most = 0;
    std::optional<HeldBack> heldBack; // Memory, Disk or Load; set if `most` is 0
};

class Admission {
public:
    Admission() = default;
    Admission(const Admission &) = delete;
    Admission &operator=(const Admission &) = delete;
    virtual ~Admission() = default;

    // Asked before each claim, so it must not wait for anything.
    [[nodiscard]] virtual Room room() = 0;
    virtual void begun(int tasks) = 0; // since the last look
};

// What is asked for at once.
struct ClaimWish {
    qint64 leaseMs = 60'000;
    int most = 16;         // a whole round through the store for each would let them begin one by one
    bool chatOnly = false; // a person's turns wait for no room
};

class TaskStore {
public:
    TaskStore() = default;
    TaskStore(const TaskStore &) = delete;
    TaskStore &operator=(const TaskStore &) = delete;
    virtual ~TaskStore() = default;

    template <typename T> using Callback = std::function<void(Result<T>)>;

    // Gives the earlier task where the key is known.
    virtual void insert(const TaskRequest &request, Callback<TaskId> done) = 0;
    // The next tasks of any pool that have a slot in each of their pools, a few at a time in their order,
    // each by ONE conditional statement. None: nothing can be claimed now.
    virtual void claimNext(const ClaimWish &wish, Callback<std::vector<ClaimedTask>> done) = 0;
    // Tasks whose owner is proven dead, or whose lease is over, but for those that `held` names: chats first,
    // then the oldest. Those with a slot, `wish.most` of them, each with a new epoch of ours; those without
    // go back to the queue.
    virtual void takeOverLost(const std::vector<HeldLease> &held, const ClaimWish &wish,
                              Callback<std::vector<ClaimedTask>> done) = 0;
    // Extends these leases, and only these: a task that nobody knows of must not live for ever by its
    // owner's heartbeat. Gives those that are still ours.
    virtual void renew(const std::vector<HeldLease> &held, qint64 leaseMs,
                       Callback<std::vector<TaskId>> done) = 0;

    // Fenced by the epoch: Error{Conflict} means the lease is lost, stop and write nothing.
    // True: it has its slot. When it goes on without one, it is claimed again under the same epoch.
    virtual void setWaiting(TaskId task, qint64 epoch, bool waiting, Callback<bool> done) = 0;
    // The clock was set by so much, or it stood still for a known reset: nothing of its time has passed.
    virtual void shiftDeadlines(const std::vector<HeldLease> &held, qint64 byMs) = 0;
    virtual void finish(TaskId task, qint64 epoch, const TaskOutcome &outcome, Callback<void> done) = 0;
    // Back to the queue until `outcome.putOffUntilMs`, its slot and lease given back.
    virtual void putOff(TaskId task, qint64 epoch, const TaskOutcome &outcome, Callback<void> done) = 0;
    // Of those that are held at all: those that another process was asked to cancel.
    virtual void cancelsAsked(Callback<std::vector<TaskId>> done) = 0;
    // A queued task, by key; Conflict if it was claimed meanwhile, NotFound if there is none.
    virtual void cancelQueued(const QString &key, const TaskOutcome &outcome, Callback<TaskId> done) = 0;
};

class TaskRunner {
public:
    TaskRunner() = default;
    TaskRunner(const TaskRunner &) = delete;
    TaskRunner &operator=(const TaskRunner &) = delete;
    virtual ~TaskRunner() = default;

    // Begins, or for a recovered task: finds what was begun and goes on, or tells how it ended. The end is
    // told through TaskService::finished(), after the whole process tree is verified gone.
    virtual void start(const ClaimedTask &task) = 0;
    // It waited for a person, and has its slot again.
    virtual void goOn(TaskId task) = 0;
    // Ends it by the ladder; finished() follows with this reason.
    virtual void stop(TaskId task, FailureReason reason, const QString &detail) = 0;
    // The lease is lost: end the processes, report nothing.
    virtual void abandon(TaskId task) = 0;
};

} // namespace muster
