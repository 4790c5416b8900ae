// What every repository does with one row: find it or say NotFound, change it or say what stood in the way.
// Thread of the connection.
#pragma once

#include "core/store/connection.h"

namespace muster::sql {

[[nodiscard]] inline std::unexpected<Error> notFound(QStringView table, qint64 id)
{
    return fail(ErrorCode::NotFound, QString::number(id), table.toString());
}

// The first row, or none.
template <typename Row, typename Fields, typename... Args>
[[nodiscard]] Result<std::optional<Row>> maybeRow(Connection &db, Fields fields, const QString &sql,
                                                  const Args &...args)
{
    Statement statement = db.prepare(sql);
    const auto found = statement.bind(args...).next();
    if (!found)
        return std::unexpected(found.error());
    if (!*found)
        return std::nullopt;
    std::optional<Row> row(std::in_place);
    statement.readTuple(fields(*row));
    return row;
}

template <typename Row, typename Fields>
[[nodiscard]] Result<Row> rowById(Connection &db, Fields fields, QStringView table, const QString &sql,
                                  qint64 id)
{
    auto row = maybeRow<Row>(db, fields, sql, id);
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return notFound(table, id);
    return std::move(**row);
}

// For a conditional UPDATE: none changed means `code` (somebody else was first), or NotFound.
[[nodiscard]] inline Status changedOne(const Result<qint64> &changed, ErrorCode code, QStringView table,
                                       qint64 id)
{
    if (!changed)
        return std::unexpected(changed.error());
    if (*changed == 0)
        return fail(code, QString::number(id), table.toString());
    return {};
}

} // namespace muster::sql
