// Processes that share a store, as far as tasks go: each Worker has connections, an owner's name and a
// service of its own on the one file; its runner only notes what it is told to do. The clock is set by hand.
#pragma once

#include "core/node/work/sql_task_store.h"
#include "core/process/process_identity.h"
#include "core/store/task_repository.h"
#include "core/tasks/task_service.h"
#include "tests/support/temp_store.h"

#include <QSignalSpy>

namespace muster::test {

inline constexpr int patienceMs = 30'000;

// Passes only when they are asked for: the timers' own passes would hide who did what.
inline constexpr TaskServiceOptions noTimers{.renewMs = 3'600'000, .reapMs = 3'600'000};

class NotingRunner final : public TaskRunner {
public:
    struct Stop {
        TaskId task;
        FailureReason reason = FailureReason::Unknown;
    };

    void start(const ClaimedTask &task) override
    {
        started.push_back(task);
        if (onStart)
            onStart(task);
    }
    void stop(TaskId task, FailureReason reason, const QString &) override
    {
        stopped.push_back({task, reason});
    }
    void goOn(TaskId task) override { wentOn.push_back(task); }
    void abandon(TaskId task) override { abandoned.push_back(task); }

    std::vector<ClaimedTask> started;
    std::vector<Stop> stopped;
    std::vector<TaskId> wentOn;
    std::vector<TaskId> abandoned;
    std::function<void(const ClaimedTask &)> onStart;
};

// An owner whose process lives (this one), told from others by its start time's text.
inline QString livingOwner(int number) { return QStringLiteral("machine-of-a-test/boot/%1/1").arg(number); }
// An owner that is proven dead: this machine, an earlier boot.
inline QString deadOwner()
{
    return ownerText(
        {.machine = machineId(),
         .process = {.bootId = QStringLiteral("an-earlier-boot"), .pid = 4711, .startTicks = 1}});
}

struct Worker {
    Worker(TempStore &temp, const QString &owner, const TaskServiceOptions &options = noTimers)
        : store(Store::open(temp.options, temp.clock).value())
        , hub(*store)
        , ledger(*store, hub, temp.clock)
        , port(ledger, owner)
        , service(port, runner, temp.clock, options)
        , settled(&service, &TaskService::settled)
        , lost(&service, &TaskService::lost)
    {
    }

    // What was posted so far has been answered.
    [[nodiscard]] bool idle()
    {
        bool answered = false;
        store->writer().drain(&service, [&] { answered = true; });
        return QTest::qWaitFor([&] { return answered; }, patienceMs);
    }
    TaskId enqueue(const TaskRequest &request)
    {
        std::optional<Result<TaskId>> id;
        service.enqueue(request, [&](Result<TaskId> answer) { id = std::move(answer); });
        (void)QTest::qWaitFor([&] { return id.has_value(); }, patienceMs);
        return id && *id ? **id : TaskId{};
    }
    template <typename T>
    std::optional<Result<T>> asked(const std::function<void(TaskStore::Callback<T>)> &ask)
    {
        std::optional<Result<T>> answer;
        ask([&](Result<T> given) { answer = std::move(given); });
        (void)QTest::qWaitFor([&] { return answer.has_value(); }, patienceMs);
        return answer;
    }
    std::vector<ClaimedTask> takeOver(const std::vector<HeldLease> &held = {})
    {
        auto taken = asked<std::vector<ClaimedTask>>(
            [&](auto done) { port.takeOverLost(held, {.leaseMs = 60'000}, std::move(done)); });
        return taken && *taken ? **taken : std::vector<ClaimedTask>{};
    }

    std::unique_ptr<Store> store;
    EventHub hub;
    Ledger ledger;
    SqlTaskStore port;
    NotingRunner runner;
    TaskService service;
    QSignalSpy settled;
    QSignalSpy lost;
};

inline TaskRequest aRequest(const QString &key, const QString &pool = QStringLiteral("scheduled"))
{
    return {.key = key, .createdBy = QStringLiteral("person"), .pools = {pool}};
}

inline const TaskOutcome completed{};
inline const TaskOutcome aborted{.status = TaskStatus::Cancelled, .reason = FailureReason::Aborted};

} // namespace muster::test
