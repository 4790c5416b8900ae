// Accounts of runtimes beyond the first of each, which has no name and no row. No policy here. Thread of the
// connection; writes on the writer. Times are UTC milliseconds. Source: spec "agents", Accounts.
#pragma once

#include "core/store/connection.h"

#include <QHashFunctions>
#include <QStringList>

namespace muster {

struct AccountRef {
    QString runtime;
    QString name; // empty: the first

    friend bool operator==(const AccountRef &, const AccountRef &) = default;
    friend size_t qHash(const AccountRef &ref, size_t seed = 0)
    {
        return qHashMulti(seed, ref.runtime, ref.name);
    }
};

struct AccountRow {
    QString runtime;
    QString name;
    QString configHome; // absolute; empty: that of the first account
    QStringList keys;   // names of the variables whose values are kept
    qint64 createdMs = 0;

    friend bool operator==(const AccountRow &, const AccountRow &) = default;
};

class AccountRepository {
public:
    explicit AccountRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Result<std::vector<AccountRow>> all();    // by runtime, the oldest first
    [[nodiscard]] Status put(const AccountRow &account);    // in place of what there was by that name
    [[nodiscard]] Status remove(const AccountRef &account); // with what is known of its limits; NotFound

private:
    Connection &m_db;
};

} // namespace muster
