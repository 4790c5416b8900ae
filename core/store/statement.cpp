#include "core/store/statement.h"

#include "core/base/redactor.h"
#include "core/store/sql_error.h"

#include <array>

namespace muster {

namespace {
// QVariant's own comparison converts: 5 and "5" would be the same.
bool isSame(const QVariant &a, const QVariant &b) { return a.metaType() == b.metaType() && a == b; }

// Made once: most statements have fewer.
const std::array<QString, 64> &firstNames()
{
    static const auto names = [] {
        std::array<QString, 64> all;
        for (size_t i = 0; i < all.size(); ++i)
            all[i] = u':' + QString::number(i);
        return all;
    }();
    return names;
}

} // namespace

QString placeholderName(int position)
{
    const auto index = static_cast<size_t>(position);
    return index < firstNames().size() ? firstNames()[index] : u':' + QString::number(position);
}

Statement::~Statement()
{
    if (!m_prepared)
        return;
    m_prepared->query.finish();
    m_prepared->inUse = false;
}

bool Statement::keepsNumber(qint64 value)
{
    if (!m_prepared || m_bound >= m_prepared->bound.size())
        return false;
    const QVariant &last = m_prepared->bound.at(m_bound);
    if (last.typeId() != QMetaType::LongLong || *static_cast<const qint64 *>(last.constData()) != value)
        return false;
    ++m_bound;
    return true;
}

bool Statement::keepsNull()
{
    if (!m_prepared || m_bound >= m_prepared->bound.size() || m_prepared->bound.at(m_bound).isValid())
        return false;
    ++m_bound;
    return true;
}

// Binding makes the driver build and look up a name each time, and most values of a statement that runs often
// are those of its last run (ids, NULLs, constants): these are left as they are.
void Statement::bindValue(const QVariant &given)
{
    if (!m_prepared)
        return;
    // The last place where a secret could get into a file: all text passes here, also what is searched for,
    // so that what was masked is found again.
    const bool mayHoldSecret = given.typeId() == QMetaType::QString && Redactor::global().knowsAny();
    const QVariant value = mayHoldSecret ? Redactor::global().redactKnown(given.toString()) : given;
    QVariantList &bound = m_prepared->bound;
    const int position = m_bound++;
    if (position < bound.size()) {
        if (isSame(bound.at(position), value))
            return;
        bound[position] = value;
    } else {
        bound.append(value);
    }
    m_prepared->query.bindValue(placeholderName(position), value);
}

Status Statement::execute()
{
    if (!m_status)
        return m_status;
    m_executed = true;
    if (m_bound < m_prepared->bound.size()) {
        m_status = fail(ErrorCode::Internal, QStringLiteral("too few values"), m_prepared->query.lastQuery());
        return m_status;
    }
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
