// What work costs: what a task has used, with what that adds to its day; and money that is set aside for a
// call before it is made, so that several at a time cannot each spend the same rest of a budget. No policy
// here. Thread of the connection; writes on the writer. Money is micro-USD. Source: spec "tasks and
// schedules", Turn and money budgets.
#pragma once

#include "core/store/connection.h"
#include "core/store/task_rows.h"

namespace muster {

class CostRepository {
public:
    explicit CostRepository(Connection &db)
        : m_db(db)
    {
    }

    // Of a holder; Conflict: the lease is lost. `day`: 2026-11-22. What was set aside for it is used up
    // first.
    [[nodiscard]] Status spend(TaskId task, qint64 epoch, qint64 turns, const UsageTotals &usage,
                               const QString &day);
    [[nodiscard]] Result<qint64> ofDay(const QString &day); // of all work

    struct Wish {
        TaskId task;
        qint64 epoch = 0;
        qint64 microUsd = 0;
        qint64 runCap = 0; // of all tasks of its run together; 0: none
        qint64 dayCap = 0; // of all work of the day; 0: none
        QString day;
    };
    // One statement: set aside if every cap holds what is spent, what others have set aside, and this. False:
    // it does not, or the lease is lost.
    [[nodiscard]] Result<bool> reserve(const Wish &wish);

private:
    Connection &m_db;
};

} // namespace muster
