// Small pieces of SQL that repositories put together once, from constants. Any thread.
#pragma once

#include <QString>
#include <QStringList>

namespace muster::sql {

// INSERT INTO table(a, b) VALUES (?, ?) for columns "a, b".
[[nodiscard]] inline QString insertInto(QStringView table, const QString &columns)
{
    const qsizetype count = columns.count(u',') + 1;
    QStringList marks;
    marks.fill(QStringLiteral("?"), count);
    return u"INSERT INTO " + table + u'(' + columns + u") VALUES (" + marks.join(u',') + u')';
}

// a = ?, b = ? for columns "a, b".
[[nodiscard]] inline QString assignments(const QString &columns)
{
    return QString(columns).replace(u',', QStringLiteral(" = ?,")) + u" = ?";
}

// x IN (?, ?, ?)
[[nodiscard]] inline QString isOneOf(QStringView column, qsizetype count)
{
    QStringList marks;
    marks.fill(QStringLiteral("?"), count);
    return column + u" IN (" + marks.join(u',') + u')';
}

} // namespace muster::sql
