// Runs, their steps and attempts. The holder's writes are fenced by the run's lease epoch: Conflict means
// that another process has the run, or that it has ended. A run that is gone is NotFound, never ignored.
// Thread of the connection; writes on the writer.
#pragma once

#include "core/store/connection.h"
#include "core/store/run_rows.h"

namespace muster {

struct RunFilter {
    ProjectId project; // none: all
    QString flow;      // empty: all
    bool activeOnly = false;
    int limit = 200; // newest first
    RunId before;    // for the next page: older than this
};

struct RunUpdate {
    RunStatus status = RunStatus::Running;
    std::optional<FailureReason> reason;
    QString detail;
    qint64 nowMs = 0; // start time with the first Running, end time with a settled status
};

class RunRepository {
public:
    explicit RunRepository(Connection &db)
        : m_db(db)
    {
    }

    // The same text gives the same row.
    [[nodiscard]] Result<FlowDefinitionId> saveDefinition(const FlowDefinitionRow &definition);
    [[nodiscard]] Result<FlowDefinitionRow> definition(FlowDefinitionId id);

    // Gives id and the project's next number. Conflict: not `parallel`, and one of this flow is active. A run
    // of another one again has its flows too, see setFlows().
    [[nodiscard]] Result<RunRow> create(RunRow run, bool parallel);
    [[nodiscard]] Result<RunRow> find(RunId id); // NotFound
    [[nodiscard]] Result<std::vector<RunRow>> list(const RunFilter &filter);
    [[nodiscard]] Result<std::vector<RunOwner>> owners(); // of those that have not ended
    // Never less than before.
    [[nodiscard]] Status setWorked(RunId run, qint64 workedMs);
    // Of all tasks of the run and of those that its flow steps have started.
    [[nodiscard]] Result<std::vector<TaskWork>> workWithin(RunId run);
    // The run that this origin has made, to the letter.
    [[nodiscard]] Result<std::optional<RunId>> createdBy(const QString &origin);

    // The run that an attempt of a flow step has started.
    [[nodiscard]] Result<std::optional<RunRow>> childOf(const QString &attemptKey);
    // The flows that the run's own, and theirs, name.
    [[nodiscard]] Status setFlows(RunId run, const std::vector<RunFlowRow> &flows);
    [[nodiscard]] Result<std::vector<RunFlowRow>> flows(RunId run);

    // One statement: takes the lease of an active run if nobody has it or it has expired or `owner` has it.
    [[nodiscard]] Result<std::optional<Lease>> claim(RunId id, const QString &owner, qint64 nowMs,
                                                     qint64 leaseMs);
    // Void at once a lease whose owner is proven dead, so that the next claim gets it.
    [[nodiscard]] Result<qint64> releaseLeasesOf(const QString &deadOwner);
    [[nodiscard]] Status renew(RunId id, qint64 epoch, qint64 expiresAtMs);
    [[nodiscard]] Result<qint64> renewAll(const QString &owner, qint64 expiresAtMs);

    [[nodiscard]] Status setStatus(RunId id, qint64 epoch, const RunUpdate &update);
    [[nodiscard]] Status requestCancel(RunId id, qint64 nowMs); // by anyone; Conflict: it has ended
    // By anyone: while it is asked, no task of the run is claimed. Conflict: it has ended.
    [[nodiscard]] Status setPauseAsked(RunId id, bool asked);

    // Makes the row or writes all of it (found by its id, or by run, step and item); gives its id.
    [[nodiscard]] Result<StepRunId> saveStep(const StepRunRow &step, qint64 runEpoch);
    [[nodiscard]] Result<std::vector<StepRunRow>> steps(RunId run);
    [[nodiscard]] Result<StepRunRow> step(StepRunId id);

    // Makes the row or writes all of it but its beginning.
    [[nodiscard]] Status saveAttempt(const AttemptRow &attempt);
    [[nodiscard]] Result<std::vector<AttemptRow>> attempts(StepRunId step);

private:
    [[nodiscard]] Result<StepRunId> updateStep(const StepRunRow &step, qint64 runEpoch);
    [[nodiscard]] Result<StepRunId> insertStep(const StepRunRow &step, qint64 runEpoch);
    [[nodiscard]] Status fenced(const Result<qint64> &changed, RunId id);

    Connection &m_db;
};

} // namespace muster
