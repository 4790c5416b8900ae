// ScheduleService: makes the passes over the schedules of this store and does what is left to do after them:
// flows are started, what the overlap rule ends is stopped, the queue is looked at. A pass is made when the
// next schedule is due, when something of a schedule has changed, begun or ended, and every 30 s in any case;
// of several cores on one store one makes them, by a lease. Core thread. Source: spec "tasks and schedules",
// Schedule and Order of one scheduler pass; docs/adr/0020.
#pragma once

#include "core/base/async.h"
#include "core/node/flows/run_service.h"
#include "core/node/schedules/loop_watch.h"
#include "core/node/schedules/schedule_pass.h"
#include "core/schedule/pass_check.h"
#include "core/tasks/task_service.h"

#include <QSet>

namespace muster {

class ScheduleService final : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    ScheduleService(Ledger &ledger, ProjectService &projects, RunService &runs, TaskService &tasks,
                    QString personFolder, QString owner, QObject *parent = nullptr);

    void start();
    void stop();
    // Soon, and once for all that ask meanwhile.
    void passSoon();
    // There are schedules that would fire: a node that ends now lets them wait for the next one.
    [[nodiscard]] bool hasActive() const { return m_hasActive; }

    // The commands (schedule_changes.cpp); errors as in schedule_values.h.
    [[nodiscard]] Async<api::CommandDone> save(api::SaveSchedule c, QString by);
    [[nodiscard]] Async<api::CommandDone> remove(api::RemoveSchedule c, QString by);
    [[nodiscard]] Async<api::CommandDone> pause(api::PauseSchedule c, QString by);
    [[nodiscard]] Async<api::CommandDone> resume(api::ResumeSchedule c, QString by);
    [[nodiscard]] Async<api::CommandDone> runNow(api::RunScheduleNow c, QString by);

signals:
    void passed(); // a pass has ended, by this core or because another one has the lease
    // No core has passed for two minutes while schedules are active.
    void overdue(qint64 passedAtMs);

private:
    [[nodiscard]] Async<bool> pass(); // true: another one is due at once
    void afterPass(bool again);
    void onEvents(const std::vector<Event> &events);
    void waitUntil(std::optional<qint64> nextMs);
    void stopReplaced(const PassStep &step);
    void check();
    void beginFlows(const std::vector<FiringRow> &starting);
    [[nodiscard]] Async<bool> beginFlow(FiringRow firing);
    [[nodiscard]] Async<bool> runFlow(FiringRow firing, ScheduleRow schedule, QString project);
    [[nodiscard]] Async<bool> notBegun(FiringRow firing, Error why);

    Ledger &m_ledger;
    ProjectService &m_projects;
    RunService &m_runs;
    TaskService &m_tasks;
    QString m_personFolder;
    QString m_owner;
    QTimer m_due;   // when the next is
    QTimer m_every; // in any case
    QTimer m_soon;
    QTimer m_check;
    PassCheck m_passCheck;
    LoopWatch m_loop;
    QSet<FiringId> m_beginning;
    bool m_passing = false;
    bool m_passAgain = false;
    bool m_hasActive = false;
};

} // namespace muster
