// What the task service needs of the world. TaskStore keeps tasks (in the node: SQL); TaskRunner carries them
// out (in the node: sessions and guarded commands). All calls on the core thread; callbacks come on that
// thread, never from within the call, each once.
#pragma once

#include "core/base/result.h"
#include "core/tasks/task.h"

#include <functional>
#include <vector>

namespace muster {

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
    virtual void claimNext(qint64 leaseMs, Callback<std::vector<ClaimedTask>> done) = 0;
    // Running and waiting tasks whose owner is proven dead, or whose lease is over, but for those that `held`
    // names: each with a new epoch of ours.
    virtual void takeOverLost(const std::vector<HeldLease> &held, qint64 leaseMs,
                              Callback<std::vector<ClaimedTask>> done) = 0;
    // Extends these leases, and only these: a task that nobody knows of must not live for ever by its
    // owner's heartbeat. Gives those that are still ours.
    virtual void renew(const std::vector<HeldLease> &held, qint64 leaseMs,
                       Callback<std::vector<TaskId>> done) = 0;

    // Fenced by the epoch: Error{Conflict} means the lease is lost, stop and write nothing.
    virtual void setWaiting(TaskId task, qint64 epoch, bool waiting, Callback<void> done) = 0;
    virtual void finish(TaskId task, qint64 epoch, const TaskOutcome &outcome, Callback<void> done) = 0;
    // Back to the queue until `outcome.putOffUntilMs`, its slot and lease given back.
    virtual void putOff(TaskId task, qint64 epoch, const TaskOutcome &outcome, Callback<void> done) = 0;
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
    // Ends it by the ladder; finished() follows with this reason.
    virtual void stop(TaskId task, FailureReason reason, const QString &detail) = 0;
    // The lease is lost: end the processes, report nothing.
    virtual void abandon(TaskId task) = 0;
};

} // namespace muster
