// Intents: what is about to be done, recorded and committed before it is done, found again by its key after
// a crash. A result is recorded once and never changes. Thread of the connection; writes on the writer.
#pragma once

#include "core/base/strong_id.h"
#include "core/store/connection.h"

namespace muster {

struct IntentRow {
    qint64 id = 0;
    QString key; // run/step[index]#attempt, or another act's key
    RunId run;
    QString kind;
    QJsonObject data; // all that is needed to act
    bool done = false;
    QJsonObject result;
    qint64 recordedMs = 0;
    std::optional<qint64> doneMs;
};

class IntentRepository {
public:
    explicit IntentRepository(Connection &db)
        : m_db(db)
    {
    }

    // True if it was new; false if the key was there (nothing is changed then).
    [[nodiscard]] Result<bool> record(const IntentRow &intent);
    // Conflict: it has a result already. NotFound: no such key.
    [[nodiscard]] Status complete(const QString &key, const QJsonObject &result, qint64 nowMs);
    [[nodiscard]] Result<std::optional<IntentRow>> find(const QString &key);
    [[nodiscard]] Result<std::vector<IntentRow>> ofRun(RunId run);
    [[nodiscard]] Result<std::vector<IntentRow>> open(); // without a result

private:
    Connection &m_db;
};

} // namespace muster
