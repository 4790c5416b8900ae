// Firings of schedules and what became of each nominal time. A nominal time has one row, for ever: a second
// insertion is refused (AlreadyExists). A firing is closed once. No policy here. Thread of the connection;
// writes on the writer.
#pragma once

#include "core/store/connection.h"
#include "core/store/schedule_rows.h"

namespace muster {

class FiringRepository {
public:
    explicit FiringRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Status record(const OccurrenceRow &occurrence); // AlreadyExists
    // Nominal times from `fromMs` to `toMs` that have a row.
    [[nodiscard]] Result<std::vector<qint64>> recorded(ScheduleId schedule, qint64 fromMs, qint64 toMs);
    // Those that wait for an earlier firing to end, the oldest first.
    [[nodiscard]] Result<std::vector<OccurrenceRow>> waiting(ScheduleId schedule);
    // Conflict: it does not wait.
    [[nodiscard]] Status fireWaiting(const OccurrenceRow &occurrence, FiringId firing);
    [[nodiscard]] Status skipWaiting(ScheduleId schedule, OccurrenceReason reason, qint64 nowMs);
    // The clock was set back to `nowMs`: forgets what later times did not become. The first of them.
    [[nodiscard]] Result<std::optional<qint64>> reopen(ScheduleId schedule, qint64 nowMs);
    // Newest first; `beforeMs` 0: from the newest.
    [[nodiscard]] Result<std::vector<OccurrenceRow>> occurrences(ScheduleId schedule, qint64 beforeMs,
                                                                 int limit);

    [[nodiscard]] Result<FiringId> insert(const FiringRow &firing);
    [[nodiscard]] Result<FiringRow> find(FiringId id);   // NotFound
    [[nodiscard]] Result<std::vector<FiringRow>> open(); // of all schedules
    [[nodiscard]] Result<std::vector<FiringRow>> openOf(ScheduleId schedule);
    // Newest first; `schedule` none: of all.
    [[nodiscard]] Result<std::vector<FiringRow>> list(ScheduleId schedule, qint64 beforeMs, int limit);
    [[nodiscard]] Result<bool> anyOpen();
    [[nodiscard]] Result<int> runningCount(); // of all schedules
    [[nodiscard]] Result<FiringAverages> averages(ScheduleId schedule);
    // Newest first, of all schedules: those that completed with steps.
    [[nodiscard]] Result<std::vector<FiringSteps>> stepsTaken(int limit);
    // What they cost that fired since then, those that still run too, as far as it is known.
    [[nodiscard]] Result<qint64> spentSince(ScheduleId schedule, qint64 sinceMs);

    [[nodiscard]] Status setTask(FiringId id, TaskId task);
    // A starting one has its run now. Conflict: it is not starting.
    [[nodiscard]] Status begun(FiringId id, RunId run);
    // It works. False: that was known.
    [[nodiscard]] Result<bool> claimed(const FiringRow &firing);
    // Closes it with all that the row says. False: it was closed before.
    [[nodiscard]] Result<bool> close(const FiringRow &firing);
    // Of the last other one of its schedule that has one; empty: there is none.
    [[nodiscard]] Result<QString> resultBefore(const FiringRow &firing);

private:
    Connection &m_db;
};

} // namespace muster
