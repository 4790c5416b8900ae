// RunService: starts, resumes, cancels runs and holds their leases. A run is driven by the process that holds
// its lease; one whose owner is proven dead, or whose lease is over, is taken over and goes on from its
// journal. Core thread.
#pragma once

#include "core/base/async.h"
#include "core/flow/flow_engine.h"
#include "core/flow/rerun.h"
#include "core/node/api/commands.h"
#include "core/node/flows/flow_library.h"
#include "core/node/flows/journal.h"
#include "core/node/flows/run_book.h"
#include "core/node/flows/run_preparation.h"
#include "core/node/projects/project_service.h"

#include <QObject>
#include <QTimer>

namespace muster {

// What a run goes on from.
struct RunBefore {
    RunRow run;
    RerunAsk ask;
    QString baseCommit; // as in RunRow, both
    QString beginsAt;
    RerunPlan plan;
    QHash<UnitKey, WorktreeId> worktrees; // of what is kept
};

// Who starts a run.
struct RunOrigin {
    QString by;
    QJsonObject data;      // what more is known of that, for the event
    bool onlyOnce = false; // `by` names one act: Conflict when it has made a run before
    std::optional<RunBefore> before = {};
    std::optional<AttemptKey> parent = std::nullopt; // of the flow step whose run it is
    RunLimits limits = {};
};

class RunService final : public QObject, public FlowEngineObserver, public AsyncOwner {
    Q_OBJECT
public:
    RunService(Ledger &ledger, RunBooks &books, ProjectService &projects, QString personFolder, QString owner,
               QObject *parent = nullptr);

    void setEngine(FlowEngine *engine) { m_engine = engine; }

    // Refused before anything starts: NotFound, NotTrusted, InvalidArgument (problems, inputs), Unsupported
    // (no git where the flow writes).
    [[nodiscard]] Async<RunRow> start(api::StartRun request, QString by);
    [[nodiscard]] Async<RunRow> begin(PreparedRun prepared, RunOrigin origin);
    // Whether somebody has it in hand, here or elsewhere.
    [[nodiscard]] bool isDriven(const RunRow &run) const;
    // Ends a run that is active and that nobody has in hand. Conflict: somebody has it now.
    [[nodiscard]] Async<RunRow> endOrphan(RunRow run, QString by);
    // NotFound: no such run. Conflict: it has ended.
    [[nodiscard]] Async<RunRow> cancel(RunId run, QString by);
    // The same errors. What is under way goes on; nothing more begins until it is asked to go on.
    [[nodiscard]] Async<RunRow> pause(RunId run, bool paused, QString by);
    // Takes over what nobody drives any more. `done` when each has been handed to the engine; not again
    // before.
    void takeOver(std::function<void()> done);
    void beginRenewing();

    void runAdvanced(RunId run, const FlowState &state, const std::vector<FlowEvent> &events) override;
    void runSpent(RunId run, qint64 costMicroUsd) override { emit spent(run, costMicroUsd); }
    void runFinished(RunId run, const RunFinished &verdict) override;
    void runDropped(RunId run, const Error &error) override;

signals:
    // Of runs that are driven here: what has happened is stored; what they have cost in all so far.
    void advanced(muster::RunId run);
    void spent(muster::RunId run, qint64 costMicroUsd);
    void finished(muster::RunId run);
    void dropped(muster::RunId run); // not driven here any more
    // Four fifths of its budget are spent.
    void nearBudget(muster::RunId run, qint64 spentMicroUsd, qint64 budgetMicroUsd);
    // Every few seconds: another node may have died meanwhile. Call takeOver() once what it left has ended.
    void takeOverDue();

private:
    [[nodiscard]] Async<bool> resume(RunRow row);
    [[nodiscard]] Async<bool> handToEngine(RunRow row);
    void onEvents(const std::vector<Event> &events);
    void renew();

    Ledger &m_ledger;
    RunBooks &m_books;
    ProjectService &m_projects;
    FlowEngine *m_engine = nullptr;
    QString m_personFolder;
    QString m_owner;
    QHash<RunId, QString> m_resuming; // who asked to cancel it meanwhile; empty: nobody
    QTimer m_renewTimer;
    QTimer m_takeOverTimer;
};

} // namespace muster
