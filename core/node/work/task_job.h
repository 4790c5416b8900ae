// TaskJob: one claimed task being carried out. Tells when it really runs, when it waits for a person, and how
// it ended, the last only after everything it started is verified gone. Core thread.
#pragma once

#include "core/base/async.h"
#include "core/node/work/task_data.h"
#include "core/node/work/work_context.h"
#include "core/node/work/work_signs.h"
#include "core/tasks/task.h"

#include <QObject>

namespace muster {

class TaskJob : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    TaskJob(ClaimedTask task, WorkContext &context, QObject *parent);

    virtual void start() = 0;
    virtual void stop(FailureReason reason, const QString &detail) = 0;
    // Adds to what it is asked while it works; `done` once, with the error if it has not heard of it.
    virtual void steer(const QString &text, const QStringList &attachments,
                       const std::function<void(const Status &)> &done);
    // After waiting(false): it has its slot again. Only what gives it up while it waits need heed it.
    virtual void goOn() {}
    // The lease is lost: end what runs and say nothing.
    virtual void abandon() = 0;

    [[nodiscard]] const ClaimedTask &task() const { return m_task; }
    // How it does right now.
    [[nodiscard]] virtual api::WorkInfo look() const;

signals:
    void placed(muster::WorktreeId worktree); // before began(); not for what works in the main tree
    void began();
    void waiting(bool forPerson);
    void standsStill(qint64 forMs);  // for a known reset, while its session lives
    void spent(qint64 costMicroUsd); // in all so far
    void stepped(int agentSteps);    // likewise
    void ended(const muster::TaskOutcome &outcome);
    void gone(); // after ended() or abandon(): may be deleted

protected:
    // The worktree this task works in, which placed() tells; nothing where it is the main tree.
    [[nodiscard]] Async<std::optional<WorktreeRow>> findWorktree(OpenedProject project);
    [[nodiscard]] api::WorkInfo lookWith(WorkSigns::Look look) const;
    [[nodiscard]] qint64 now() const { return m_context.ledger.clock().monotonicMs(); }

    ClaimedTask m_task;
    WorkContext &m_context;
    TaskData m_data;
    WorkSigns m_signs;
};

} // namespace muster
