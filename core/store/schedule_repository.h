// Schedules, and which core passes over them. A pass moves a schedule by one conditional statement: none
// changed means that somebody else moved or changed it first, and then nothing of the pass may stay. No
// policy here. Thread of the connection; writes on the writer.
#pragma once

#include "core/store/connection.h"
#include "core/store/schedule_rows.h"

namespace muster {

class ScheduleRepository {
public:
    explicit ScheduleRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Result<ScheduleId> insert(const ScheduleRow &schedule);   // AlreadyExists: its name
    [[nodiscard]] Result<ScheduleRow> find(ScheduleId id);                  // NotFound
    [[nodiscard]] Result<std::vector<ScheduleRow>> list(ProjectId project); // none: all; by project and name
    [[nodiscard]] Result<bool> any();
    [[nodiscard]] Status remove(ScheduleId id); // NotFound

    // Writes all of it and raises its revision. Conflict: its revision is another by now. AlreadyExists.
    [[nodiscard]] Status update(const ScheduleRow &schedule);
    // What is no change of what was said: paused, with no time to come; streaks; when its work started.
    // NotFound.
    [[nodiscard]] Status setPaused(ScheduleId id, ScheduleState state, PauseReason reason, int typicalSteps);
    [[nodiscard]] Status setStreaks(ScheduleId id, int turnLimit, int failure);
    [[nodiscard]] Status setStarted(ScheduleId id, qint64 startedMs);

    // Active ones whose time has come or whose records are ahead of the clock by `jumpMs`; and those of which
    // a time waits and nothing goes on any more.
    [[nodiscard]] Result<std::vector<ScheduleRow>> due(qint64 nowMs, qint64 jumpMs);
    // When the next of them is due; none: none is.
    [[nodiscard]] Result<std::optional<qint64>> nextDue();
    [[nodiscard]] Result<bool> anyActive();
    // From how it was read (`before`) to where a pass puts it. Conflict: somebody was first.
    [[nodiscard]] Status move(const ScheduleRow &before, const ScheduleRow &after);

    // Takes or keeps the lease of the scheduler and notes the pass. False: another core has it.
    [[nodiscard]] Result<bool> claimPass(const QString &owner, qint64 nowMs, qint64 leaseMs);
    [[nodiscard]] Result<QString> passOwner();
    [[nodiscard]] Status releasePass(const QString &deadOwner);
    [[nodiscard]] Result<qint64> passedAt();

private:
    Connection &m_db;
};

} // namespace muster
