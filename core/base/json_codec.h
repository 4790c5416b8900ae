// JSON codecs from one list of fields per struct, so that a value type and its wire form cannot drift apart.
//
//   template <> struct Fields<Point> {
//       static constexpr auto list = std::tuple{field("x", &Point::x), field("y", &Point::y)};
//   };
//   QJsonObject json = toJsonObject(point);   Result<Point> back = fromJsonObject<Point>(json);
//
// A missing or null key leaves the default (older writers); an unknown key is ignored (newer writers); a
// wrong type is an Error{Protocol} whose `where` is the path of the key. A type whose leavesOutDefaults is
// true does not write members that are as in a new value, but for numbers, yes or no, and enums. Any thread.
#pragma once

#include "core/base/enum_names.h"
#include "core/base/result.h"
#include "core/base/strong_id.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <optional>
#include <tuple>
#include <type_traits>
#include <vector>

namespace muster {

template <typename T> struct Fields; // specialise with `static constexpr auto list = std::tuple{field(…), …}`

template <typename T>
concept HasFields = requires { Fields<T>::list; };

template <typename T>
concept HasEnumNames = requires { EnumNames<T>::table; };

template <typename Owner, typename Member> struct Field {
    const char *name;
    Member Owner::*member;
};

template <typename Owner, typename Member>
constexpr Field<Owner, Member> field(const char *name, Member Owner::*member)
{
    return {name, member};
}

template <typename T> inline constexpr bool leavesOutDefaults = false;

template <typename T> struct JsonCodec;

template <typename T> [[nodiscard]] QJsonValue toJsonValue(const T &value)
{
    return JsonCodec<T>::write(value);
}

template <typename T> [[nodiscard]] Status readJsonValue(const QJsonValue &json, T &out)
{
    return JsonCodec<T>::read(json, out);
}

namespace detail {

template <typename T, typename Member> bool isLeftOut(const T &value, Member T::*member)
{
    if constexpr (leavesOutDefaults<T> && !std::is_arithmetic_v<Member> && !std::is_enum_v<Member>) {
        static const T untouched{};
        return value.*member == untouched.*member;
    } else {
        return false;
    }
}

template <typename T, typename F> void writeField(QJsonObject &json, const T &value, const F &f)
{
    if (!isLeftOut(value, f.member))
        json.insert(QLatin1StringView(f.name), toJsonValue(value.*(f.member)));
}

} // namespace detail

template <HasFields T> [[nodiscard]] QJsonObject toJsonObject(const T &value)
{
    QJsonObject json;
    std::apply([&](const auto &...f) { (detail::writeField(json, value, f), ...); }, Fields<T>::list);
    return json;
}

namespace detail {

inline Status wrongType(const char *wanted)
{
    return fail(ErrorCode::Protocol, QStringLiteral("expected ") + QLatin1StringView(wanted));
}

template <typename T, typename F>
bool readField(const QJsonObject &json, T &value, const F &f, Status &status)
{
    const QJsonValue found = json.value(QLatin1StringView(f.name));
    if (found.isUndefined() || found.isNull())
        return true;
    status = readJsonValue(found, value.*(f.member));
    if (status)
        return true;
    const QString name = QLatin1StringView(f.name);
    status.error().where =
        status.error().where.isEmpty() ? name : QString(name + u'.' + status.error().where);
    return false;
}

} // namespace detail

template <HasFields T> [[nodiscard]] Result<T> fromJsonObject(const QJsonObject &json)
{
    T value{};
    Status status;
    std::apply([&](const auto &...f) { (void)(detail::readField(json, value, f, status) && ...); },
               Fields<T>::list);
    if (!status)
        return std::unexpected(status.error());
    return value;
}

template <HasFields T> struct JsonCodec<T> {
    static QJsonValue write(const T &value) { return toJsonObject(value); }
    static Status read(const QJsonValue &json, T &out)
    {
        if (!json.isObject())
            return detail::wrongType("an object");
        auto parsed = fromJsonObject<T>(json.toObject());
        if (!parsed)
            return std::unexpected(parsed.error());
        out = std::move(*parsed);
        return {};
    }
};

template <HasEnumNames E> struct JsonCodec<E> {
    static QJsonValue write(E value) { return enumName(value); }
    static Status read(const QJsonValue &json, E &out)
    {
        const auto parsed = enumFromName<E>(json.toString());
        if (!parsed)
            return fail(ErrorCode::Protocol, QStringLiteral("unknown value ") + json.toString());
        out = *parsed;
        return {};
    }
};

template <> struct JsonCodec<bool> {
    static QJsonValue write(bool value) { return value; }
    static Status read(const QJsonValue &json, bool &out)
    {
        if (!json.isBool())
            return detail::wrongType("true or false");
        out = json.toBool();
        return {};
    }
};

template <typename T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
struct JsonCodec<T> {
    static QJsonValue write(T value) { return static_cast<qint64>(value); }
    static Status read(const QJsonValue &json, T &out)
    {
        if (!json.isDouble())
            return detail::wrongType("a number");
        out = static_cast<T>(json.toInteger());
        return {};
    }
};

template <> struct JsonCodec<double> {
    static QJsonValue write(double value) { return value; }
    static Status read(const QJsonValue &json, double &out)
    {
        if (!json.isDouble())
            return detail::wrongType("a number");
        out = json.toDouble();
        return {};
    }
};

template <> struct JsonCodec<QString> {
    static QJsonValue write(const QString &value) { return value; }
    static Status read(const QJsonValue &json, QString &out)
    {
        if (!json.isString())
            return detail::wrongType("text");
        out = json.toString();
        return {};
    }
};

template <> struct JsonCodec<QJsonObject> {
    static QJsonValue write(const QJsonObject &value) { return value; }
    static Status read(const QJsonValue &json, QJsonObject &out)
    {
        if (!json.isObject())
            return detail::wrongType("an object");
        out = json.toObject();
        return {};
    }
};

template <> struct JsonCodec<QJsonValue> {
    static QJsonValue write(const QJsonValue &value) { return value; }
    static Status read(const QJsonValue &json, QJsonValue &out)
    {
        out = json;
        return {};
    }
};

template <typename Tag> struct JsonCodec<StrongId<Tag>> {
    static QJsonValue write(StrongId<Tag> id) { return id.value; }
    static Status read(const QJsonValue &json, StrongId<Tag> &out) { return readJsonValue(json, out.value); }
};

template <typename T> struct JsonCodec<std::optional<T>> {
    static QJsonValue write(const std::optional<T> &value)
    {
        return value ? toJsonValue(*value) : QJsonValue(QJsonValue::Null);
    }
    static Status read(const QJsonValue &json, std::optional<T> &out)
    {
        return readJsonValue(json, out.emplace());
    }
};

template <typename List> struct JsonListCodec {
    static QJsonValue write(const List &values)
    {
        QJsonArray array;
        for (const auto &value : values)
            array.append(toJsonValue(value));
        return array;
    }
    static Status read(const QJsonValue &json, List &out)
    {
        if (!json.isArray())
            return detail::wrongType("a list");
        out.clear();
        const QJsonArray array = json.toArray();
        for (qsizetype i = 0; i < array.size(); ++i) {
            typename List::value_type item{};
            if (Status status = readJsonValue(array.at(i), item); !status) {
                status.error().where = QString::number(i) + u'.' + status.error().where;
                return status;
            }
            out.push_back(std::move(item));
        }
        return {};
    }
};

template <typename T> struct JsonCodec<std::vector<T>> : JsonListCodec<std::vector<T>> {};

template <> struct JsonCodec<QStringList> : JsonListCodec<QStringList> {};

} // namespace muster
