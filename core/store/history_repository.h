// What earlier runs took: the steps of one flow's last runs, and the last tasks of agents. Read only; thread
// of the connection.
#pragma once

#include "core/store/connection.h"
#include "core/store/run_rows.h"

namespace muster {

// A step run that completed, by its last attempt.
struct PastStepRow {
    RunId run;
    QString stepId;
    int itemIndex = -1;
    QString runtime; // of its agent; empty: it had none
    qint64 tokensIn = 0;
    qint64 tokensOut = 0;
    std::optional<qint64> costMicroUsd;
    qint64 outputChars = 0;       // of the text that later steps see
    std::optional<qint64> rounds; // of a loop
};

// A task of an agent that completed.
struct PastTaskRow {
    QString profile;
    QString runtime;
    qint64 tokensIn = 0;
    qint64 tokensOut = 0;
};

class HistoryRepository {
public:
    explicit HistoryRepository(Connection &db)
        : m_db(db)
    {
    }

    // Of the flow of that name in that project, the newest runs first; at most `mostRows`.
    [[nodiscard]] Result<std::vector<PastStepRow>> steps(ProjectId project, const QString &flow, int mostRuns,
                                                         int mostRows);
    // Those with a profile among the last `mostTasks` tasks of that project, the newest first.
    [[nodiscard]] Result<std::vector<PastTaskRow>> tasks(ProjectId project, int mostTasks);

private:
    Connection &m_db;
};

} // namespace muster
