#include "app/mcp/mcp_arguments.h"

#include <QJsonArray>
#include <QStringList>

#include <algorithm>

namespace muster::app {

using namespace Qt::StringLiterals;
using Kind = McpArgument::Kind;

namespace {

constexpr qsizetype longestText = 1024 * 1024;

QJsonObject schemaOf(const McpArgument &argument)
{
    QJsonObject schema{{u"description"_s, QLatin1StringView(argument.help)}};
    switch (argument.kind) {
    case Kind::Text:
        schema.insert(u"type"_s, u"string"_s);
        break;
    case Kind::Id:
        schema.insert(u"type"_s, u"integer"_s);
        schema.insert(u"minimum"_s, 1);
        break;
    case Kind::Count:
        schema.insert(u"type"_s, u"integer"_s);
        schema.insert(u"minimum"_s, 1);
        schema.insert(u"maximum"_s, argument.most);
        break;
    case Kind::Flag:
        schema.insert(u"type"_s, u"boolean"_s);
        break;
    case Kind::Inputs:
        schema.insert(u"type"_s, u"object"_s);
        schema.insert(u"additionalProperties"_s,
                      QJsonObject{{u"type"_s, QJsonArray{u"string"_s, u"number"_s, u"boolean"_s}}});
        break;
    }
    return schema;
}

bool isWhole(const QJsonValue &value)
{
    return value.isDouble() && value.toDouble() == static_cast<double>(value.toInteger());
}

bool isPlain(const QJsonValue &value) { return value.isString() || value.isDouble() || value.isBool(); }

// What it takes, where the value is not that.
QString wantedInstead(const McpArgument &argument, const QJsonValue &value)
{
    switch (argument.kind) {
    case Kind::Text:
        return value.isString() && value.toString().size() <= longestText ? QString() : u"a text"_s;
    case Kind::Id:
        return isWhole(value) && value.toInteger() > 0 ? QString()
                                                       : u"a positive number, as the lists tell it"_s;
    case Kind::Count:
        return isWhole(value) && value.toInteger() > 0 && value.toInteger() <= argument.most
                   ? QString()
                   : u"a number from 1 to %1"_s.arg(argument.most);
    case Kind::Flag:
        return value.isBool() ? QString() : u"true or false"_s;
    case Kind::Inputs: {
        const QJsonObject inputs = value.toObject();
        const bool fits = value.isObject() && std::ranges::all_of(inputs, isPlain);
        return fits ? QString() : u"an object whose values are texts, numbers, true or false"_s;
    }
    }
    Q_UNREACHABLE_RETURN({});
}

} // namespace

QJsonObject schemaOf(const std::vector<McpArgument> &arguments)
{
    QJsonObject properties;
    QJsonArray required;
    for (const McpArgument &argument : arguments) {
        properties.insert(QLatin1StringView(argument.name), schemaOf(argument));
        if (argument.required)
            required.append(QLatin1StringView(argument.name));
    }
    QJsonObject schema{{u"type"_s, u"object"_s}, {u"additionalProperties"_s, false}};
    if (!properties.isEmpty())
        schema.insert(u"properties"_s, properties);
    if (!required.isEmpty())
        schema.insert(u"required"_s, required);
    return schema;
}

Status checkArguments(const std::vector<McpArgument> &arguments, const QJsonObject &given)
{
    QStringList names;
    for (const McpArgument &argument : arguments) {
        const QLatin1StringView name(argument.name);
        names += name;
        const QJsonValue value = given.value(name);
        if (value.isUndefined() && !argument.required)
            continue;
        if (value.isUndefined())
            return fail(ErrorCode::InvalidArgument,
                        u"%1 is missing: %2"_s.arg(name, QLatin1StringView(argument.help)));
        if (const QString wanted = wantedInstead(argument, value); !wanted.isEmpty())
            return fail(ErrorCode::InvalidArgument, u"%1 takes %2."_s.arg(name, wanted));
    }
    for (auto it = given.constBegin(); it != given.constEnd(); ++it) {
        if (!names.contains(it.key()))
            return fail(ErrorCode::InvalidArgument,
                        names.isEmpty() ? u"There is no argument '%1': this tool takes none."_s.arg(it.key())
                                        : u"There is no argument '%1'. There are: %2."_s.arg(
                                              it.key(), names.join(u", "_s)));
    }
    return {};
}

} // namespace muster::app
