// FlowJournal over the store: one append is one transaction of the events, the changed rows of steps and
// attempts, and the run's own row, all fenced by the run's lease. Core thread.
#pragma once

#include "core/flow/flow_ports.h"
#include "core/node/events/ledger.h"
#include "core/node/flows/run_book.h"

#include <QObject>

namespace muster {

class StoreJournal final : public QObject, public FlowJournal {
    Q_OBJECT
public:
    StoreJournal(Ledger &ledger, RunBooks &books, QObject *parent = nullptr);

    void append(const FlowAppend &batch, std::function<void(Status)> committed) override;

    // What the rules do not know of a step: its task, and where that works. Written with the step's next row.
    void noteTask(const AttemptKey &key, TaskId task);
    void noteWorktree(const AttemptKey &key, WorktreeId worktree);

private:
    Ledger &m_ledger;
    RunBooks &m_books;
};

// The journal of a run, oldest first, as FlowEngine::resume() wants it. Thread of the connection.
[[nodiscard]] Result<std::vector<FlowEvent>> readJournal(Connection &db, RunId run);

} // namespace muster
