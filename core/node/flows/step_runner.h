// StepRunner over tasks: an attempt of an agent or shell step is a task under the attempt's key, so that it
// is made once, found again after a crash, and counted like all other work. Core thread.
#pragma once

#include "core/flow/flow_ports.h"
#include "core/node/events/ledger.h"
#include "core/node/flows/journal.h"
#include "core/node/flows/run_book.h"
#include "core/tasks/task_service.h"

#include <QHash>
#include <QObject>

namespace muster {

class TaskStepRunner final : public QObject, public StepRunner {
    Q_OBJECT
public:
    TaskStepRunner(TaskService &tasks, Ledger &ledger, RunBooks &books, StoreJournal &journal,
                   QObject *parent = nullptr);

    void setListener(AttemptListener *listener) { m_listener = listener; }

    void start(const AttemptSpec &spec) override;
    void resume(const AttemptSpec &spec) override;
    void stop(const AttemptKey &key, FailureReason reason) override;
    void reconcile(const AttemptSpec &spec, std::function<void(Reconciled, AttemptResult)> answer) override;

    // From what carries tasks out.
    void placed(const QString &key, WorktreeId worktree);
    void began(const QString &key);
    void waits(const QString &key, bool waiting);
    void rests(const QString &key, std::optional<qint64> untilMs); // for a limit; none: it goes on
    void spent(const QString &key, qint64 costMicroUsd);           // in all so far

private:
    void settled(const QString &key, const TaskOutcome &outcome);

    TaskService &m_tasks;
    Ledger &m_ledger;
    RunBooks &m_books;
    StoreJournal &m_journal;
    AttemptListener *m_listener = nullptr;
};

// What a task made, as the engine wants it, and back; kept in TaskOutcome::output.
[[nodiscard]] AttemptResult attemptResultOf(const TaskOutcome &outcome);

} // namespace muster
