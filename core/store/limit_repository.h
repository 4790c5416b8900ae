// What is known of the limits of accounts (what their providers said), and of the efforts of a step's agents.
// No policy here. Thread of the connection; writes on the writer. Times are UTC milliseconds.
#pragma once

#include "core/base/strong_id.h"
#include "core/store/connection.h"

#include <QStringList>

namespace muster {

struct LimitRow {
    QString runtime;
    QString account;                // empty: the first
    bool hard = false;              // else only a warning
    std::optional<int> usedPercent; // of the limit; none: nobody said
    std::optional<qint64> resetMs;  // none: nobody said
    qint64 restsUntilMs = 0;        // nothing is begun on it before
    QString detail;
    qint64 seenMs = 0; // 0: nothing was ever said
    qint64 usedMs = 0; // a session began with it; 0: not kept, or never

    friend bool operator==(const LimitRow &, const LimitRow &) = default;
};

class LimitRepository {
public:
    explicit LimitRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Result<std::vector<LimitRow>> all();
    [[nodiscard]] Status put(const LimitRow &limit); // in place of what was known

private:
    Connection &m_db;
};

// One session of a step that ended by itself without having done it.
struct EffortRow {
    int newReads = 0;
    qint64 changedLines = 0;
    qint64 atMs = 0;
};

class EffortRepository {
public:
    static constexpr int mostReads = 10'000; // of one step that are remembered

    explicit EffortRepository(Connection &db)
        : m_db(db)
    {
    }

    // How many of these no session of the step had read before.
    [[nodiscard]] Result<int> addReads(StepRunId step, const QStringList &paths);
    [[nodiscard]] Status add(StepRunId step, const EffortRow &effort);
    [[nodiscard]] Result<std::vector<EffortRow>> of(StepRunId step); // the oldest first

private:
    Connection &m_db;
};

} // namespace muster
