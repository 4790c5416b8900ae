#include "core/store/statement.h"

#include "core/store/sql_error.h"

namespace muster {

Statement::~Statement()
{
    if (!m_prepared)
        return;
    m_prepared->query.finish();
    m_prepared->inUse = false;
}

void Statement::bindValue(const QVariant &value)
{
    if (m_prepared)
        m_prepared->query.bindValue(m_bound++, value);
}

Status Statement::execute()
{
    if (!m_status)
        return m_status;
    m_executed = true;
    if (!m_prepared->query.exec())
        m_status = std::unexpected(toError(m_prepared->query.lastError(), m_prepared->query.lastQuery()));
    return m_status;
}

Result<qint64> Statement::run()
{
    if (const Status status = execute(); !status)
        return std::unexpected(status.error());
    QSqlQuery &query = m_prepared->query;
    if (!query.isSelect())
        return query.numRowsAffected(); // and it has ended, with insertedId() still to be asked
    query.finish();
    return 0;
}

Result<bool> Statement::next()
{
    if (!m_executed) {
        if (const Status status = execute(); !status)
            return std::unexpected(status.error());
    }
    QSqlQuery &query = m_prepared->query;
    if (query.next())
        return true;
    // An error while stepping looks like the end of the rows but for this.
    if (query.lastError().isValid())
        return std::unexpected(toError(query.lastError(), query.lastQuery()));
    return false;
}

qint64 Statement::insertedId() const
{
    return m_prepared ? m_prepared->query.lastInsertId().toLongLong() : 0;
}

QVariant Statement::value(int column) const { return m_prepared->query.value(column); }

} // namespace muster
