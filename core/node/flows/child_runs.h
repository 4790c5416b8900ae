// StepRunner for flow steps: an attempt is a run of its own, under the attempt's key, so that it is made once
// and found again. It is driven like any run, here or by another process; its end is heard from the events.
// What it has cost and whether it waits for a person are its step's too. A stop of the attempt cancels it,
// and what cancels its parent by force does so to it; the end of the parent's budget is the end of its own.
// Core thread.
#pragma once

#include "core/base/async.h"
#include "core/flow/flow_engine.h"
#include "core/node/flows/run_service.h"

#include <QObject>
#include <QSet>

namespace muster {

class ChildRuns final : public QObject, public StepRunner, public AsyncOwner {
    Q_OBJECT
public:
    ChildRuns(Ledger &ledger, RunBooks &books, ProjectService &projects, RunService &runs,
              QObject *parent = nullptr);

    void setEngine(FlowEngine *engine) { m_engine = engine; }

    void start(const AttemptSpec &spec) override;
    void resume(const AttemptSpec &spec) override { start(spec); }
    void stop(const AttemptKey &key, FailureReason reason) override;
    void reconcile(const AttemptSpec &spec, std::function<void(Reconciled, AttemptResult)> answer) override;

private:
    [[nodiscard]] Async<bool> begin(AttemptSpec spec);
    [[nodiscard]] Async<RunRow> findOrStart(AttemptSpec spec);
    [[nodiscard]] Async<PreparedRun> prepare(AttemptSpec spec, RunRow parent);
    [[nodiscard]] Async<bool> lookUp(AttemptKey key, std::function<void(Reconciled, AttemptResult)> answer);
    [[nodiscard]] Async<bool> tellEnd(RunId child);
    [[nodiscard]] Async<bool> cancel(RunId child, bool byForce);
    [[nodiscard]] Async<bool> lookFromAfar(RunId child);
    void end(RunId child, const AttemptKey &key, FailureReason reason);
    void tellStatus(RunId child, RunStatus status);
    void onAdvanced(RunId run);
    void onEvents(const std::vector<Event> &events);

    Ledger &m_ledger;
    RunBooks &m_books;
    ProjectService &m_projects;
    RunService &m_runs;
    FlowEngine *m_engine = nullptr;
    QHash<RunId, AttemptKey> m_children; // that have not been heard to have ended
    QSet<AttemptKey> m_starting;
    QHash<AttemptKey, FailureReason> m_stopped; // while they were being started
};

} // namespace muster
