// RunLimitWatch: holds runs to what the schedule that started them allows beside what their flow says: the
// time of their work, and the agent steps of all their agents together, those of flow steps too. What is over
// ends the run, by the rules of a cancellation, as failed for that reason. And tells in the inbox when four
// fifths of that, or of a run's budget, are used. Runs that are driven here only; who takes one over goes on
// from what the store knows. Core thread. Source: spec "tasks and schedules", Turn and money budgets, Leases.
#pragma once

#include "core/flow/flow_engine.h"
#include "core/node/events/ledger.h"
#include "core/node/flows/run_book.h"
#include "core/node/work/inbox_desk.h"

#include <QObject>
#include <QSet>
#include <QTimer>

namespace muster {

// Its budget and its agent steps where it says nothing itself, for its run and each of its steps.
[[nodiscard]] FlowDefinitionPtr heldTo(const FlowDefinitionPtr &definition, const RunLimits &limits);

class RunLimitWatch final : public QObject {
    Q_OBJECT
public:
    RunLimitWatch(Ledger &ledger, RunBooks &books, InboxDesk &inbox, QObject *parent = nullptr);

    void setEngine(FlowEngine *engine) { m_engine = engine; }

    void advanced(RunId run);
    void finished(RunId run);
    void forget(RunId run); // it is not driven here any more
    void stepped(const QString &attemptKey, int agentSteps);
    void nearBudget(RunId run, qint64 spentMicroUsd, qint64 budgetMicroUsd);

private:
    struct Watched {
        qint64 workedMs = 0;           // before `sinceMs`
        std::optional<qint64> sinceMs; // monotonic; none: nothing of it works
        QHash<QString, int> steps;     // by task
        bool warnedOfTime = false;
    };

    void begin(RunId run);
    void look(RunId run);
    void lookAtAll();
    void keep();
    void take(RunId run, const QString &task, int agentSteps);
    [[nodiscard]] qint64 workedOf(const Watched &watched) const;
    [[nodiscard]] RunId limitedRun(RunId run) const; // it, or one that it is part of; not valid: none
    void end(RunId run, FailureReason reason, const QString &detail);
    void warn(const QString &key, RunId run, QJsonObject body);

    Ledger &m_ledger;
    RunBooks &m_books;
    InboxDesk &m_inbox;
    FlowEngine *m_engine = nullptr;
    QHash<RunId, Watched> m_watched;
    QSet<QString> m_warned; // keys of the inbox
    QTimer m_next;          // when the time of one is used, or four fifths of it
    QTimer m_keep;
};

} // namespace muster
