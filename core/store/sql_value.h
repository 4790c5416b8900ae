// How C++ values become SQL values and back: one overload set for binding and reading, so that a column and
// its field cannot disagree. Ids: 0 <-> NULL. Enums: text of their EnumNames; an unknown text (newer writer)
// leaves the default. JSON: compact UTF-8 text; empty object or array <-> NULL. Any thread.
#pragma once

#include "core/base/enum_names.h"
#include "core/base/strong_id.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>
#include <QVariant>

#include <concepts>
#include <optional>
#include <type_traits>

namespace muster::sql {

template <typename T>
concept NamedEnum = std::is_enum_v<T> && requires { EnumNames<T>::table; };

template <std::integral T> [[nodiscard]] QVariant toSql(T value)
{
    return QVariant::fromValue(static_cast<qint64>(value));
}
[[nodiscard]] inline QVariant toSql(double value) { return value; }
[[nodiscard]] inline QVariant toSql(const QString &value)
{
    // A null QString would bind as NULL; columns that may be NULL say so with std::optional.
    return value.isNull() ? QVariant(QLatin1StringView("")) : QVariant(value);
}
[[nodiscard]] inline QVariant toSql(const QByteArray &value) { return value; }
[[nodiscard]] inline QVariant toSql(std::nullopt_t) { return {}; }
template <NamedEnum E> [[nodiscard]] QVariant toSql(E value) { return enumName(value); }
template <typename Tag> [[nodiscard]] QVariant toSql(StrongId<Tag> id)
{
    return id.isValid() ? QVariant::fromValue(id.value) : QVariant();
}
[[nodiscard]] inline QVariant toSql(const QJsonObject &json)
{
    return json.isEmpty() ? QVariant()
                          : QVariant(QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact)));
}
[[nodiscard]] inline QVariant toSql(const QJsonArray &json)
{
    return json.isEmpty() ? QVariant()
                          : QVariant(QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact)));
}
[[nodiscard]] inline QVariant toSql(const QStringList &list)
{
    return toSql(QJsonArray::fromStringList(list));
}
template <typename T> [[nodiscard]] QVariant toSql(const std::optional<T> &value)
{
    return value ? toSql(*value) : QVariant();
}

template <std::integral T> void fromSql(const QVariant &value, T &out)
{
    out = static_cast<T>(value.toLongLong());
}
inline void fromSql(const QVariant &value, double &out) { out = value.toDouble(); }
inline void fromSql(const QVariant &value, QString &out) { out = value.toString(); }
inline void fromSql(const QVariant &value, QByteArray &out) { out = value.toByteArray(); }
template <NamedEnum E> void fromSql(const QVariant &value, E &out)
{
    if (const auto parsed = enumFromName<E>(value.toString()))
        out = *parsed;
}
template <typename Tag> void fromSql(const QVariant &value, StrongId<Tag> &out)
{
    out.value = value.toLongLong();
}
inline void fromSql(const QVariant &value, QJsonObject &out)
{
    out = value.isNull() ? QJsonObject() : QJsonDocument::fromJson(value.toString().toUtf8()).object();
}
inline void fromSql(const QVariant &value, QJsonArray &out)
{
    out = value.isNull() ? QJsonArray() : QJsonDocument::fromJson(value.toString().toUtf8()).array();
}
inline void fromSql(const QVariant &value, QStringList &out)
{
    QJsonArray array;
    fromSql(value, array);
    out.clear();
    for (const auto &item : std::as_const(array))
        out.append(item.toString());
}
template <typename T> void fromSql(const QVariant &value, std::optional<T> &out)
{
    if (value.isNull())
        out.reset();
    else
        fromSql(value, out.emplace());
}

} // namespace muster::sql
