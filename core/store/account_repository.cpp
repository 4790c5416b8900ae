#include "core/store/account_repository.h"

#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

template <typename Row> auto fields(Row &row)
{
    return std::tie(row.runtime, row.name, row.configHome, row.keys, row.createdMs);
}

} // namespace

Result<std::vector<AccountRow>> AccountRepository::all()
{
    return m_db.rows<AccountRow>(fields<AccountRow>,
                                 u"SELECT runtime, name, config_home, keys, created_at FROM accounts "
                                 "ORDER BY runtime, created_at, name"_s);
}

Status AccountRepository::put(const AccountRow &account)
{
    Statement statement = m_db.prepare(u"INSERT INTO accounts(runtime, name, config_home, keys, created_at) "
                                       "VALUES (?, ?, ?, ?, ?) ON CONFLICT(runtime, name) DO UPDATE SET "
                                       "config_home = excluded.config_home, keys = excluded.keys"_s);
    return statement.bindTuple(fields(account)).run().transform([](qint64) {});
}

Status AccountRepository::remove(const AccountRef &account)
{
    if (const auto limits = m_db.run(u"DELETE FROM account_limits WHERE runtime = ? AND account = ?"_s,
                                     account.runtime, account.name);
        !limits)
        return std::unexpected(limits.error());
    const auto removed =
        m_db.run(u"DELETE FROM accounts WHERE runtime = ? AND name = ?"_s, account.runtime, account.name);
    if (!removed)
        return std::unexpected(removed.error());
    return *removed == 1 ? Status() : fail(ErrorCode::NotFound, account.name, u"account"_s);
}

} // namespace muster
