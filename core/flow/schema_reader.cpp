#include "core/flow/schema_reader.h"

#include <QHash>
#include <QJsonArray>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostLevels = 32;
constexpr int kMostInPlace = 16; // schemas that look at the same value, one within the other

// How a keyword holds schemas, if it does.
enum class Holds : std::uint8_t {
    Data,
    Dropped,
    Schema,
    Schemas,
    SchemaOrList,
    Named,
    NamedOrTexts,
    Pattern,
    Type
};

struct Keyword {
    Holds holds = Holds::Data;
    bool inPlace = false; // what it holds looks at the same value
};

const QHash<QString, Keyword> &keywords()
{
    constexpr Keyword data{};
    constexpr Keyword dropped{.holds = Holds::Dropped};
    static const QHash<QString, Keyword> table{
        {u"type"_s, {.holds = Holds::Type}},
        {u"enum"_s, data},
        {u"const"_s, data},
        {u"required"_s, data},
        {u"uniqueItems"_s, data},
        {u"minimum"_s, data},
        {u"maximum"_s, data},
        {u"exclusiveMinimum"_s, data},
        {u"exclusiveMaximum"_s, data},
        {u"multipleOf"_s, data},
        {u"minLength"_s, data},
        {u"maxLength"_s, data},
        {u"minItems"_s, data},
        {u"maxItems"_s, data},
        {u"minProperties"_s, data},
        {u"maxProperties"_s, data},
        {u"pattern"_s, {.holds = Holds::Pattern}},
        {u"properties"_s, {.holds = Holds::Named}},
        {u"definitions"_s, {.holds = Holds::Named}},
        {u"$defs"_s, {.holds = Holds::Named}},
        {u"dependencies"_s, {.holds = Holds::NamedOrTexts, .inPlace = true}},
        {u"additionalProperties"_s, {.holds = Holds::Schema}},
        {u"additionalItems"_s, {.holds = Holds::Schema}},
        {u"contains"_s, {.holds = Holds::Schema}},
        {u"propertyNames"_s, {.holds = Holds::Schema}},
        {u"items"_s, {.holds = Holds::SchemaOrList}},
        {u"not"_s, {.holds = Holds::Schema, .inPlace = true}},
        {u"if"_s, {.holds = Holds::Schema, .inPlace = true}},
        {u"then"_s, {.holds = Holds::Schema, .inPlace = true}},
        {u"else"_s, {.holds = Holds::Schema, .inPlace = true}},
        {u"allOf"_s, {.holds = Holds::Schemas, .inPlace = true}},
        {u"anyOf"_s, {.holds = Holds::Schemas, .inPlace = true}},
        {u"oneOf"_s, {.holds = Holds::Schemas, .inPlace = true}},
        {u"title"_s, dropped},
        {u"description"_s, dropped},
        {u"default"_s, dropped},
        {u"examples"_s, dropped},
        {u"format"_s, dropped},
        {u"readOnly"_s, dropped},
        {u"writeOnly"_s, dropped},
        {u"contentEncoding"_s, dropped},
        {u"contentMediaType"_s, dropped},
        {u"$schema"_s, dropped},
        {u"$id"_s, dropped},
        {u"$comment"_s, dropped}};
    return table;
}

bool isType(const QJsonValue &word)
{
    static const QStringList types{u"null"_s,    u"boolean"_s, u"object"_s, u"array"_s,
                                   u"integer"_s, u"number"_s,  u"string"_s};
    return word.isString() && types.contains(word.toString());
}

class SchemaReader {
public:
    Result<QJsonObject> run(const QJsonObject &schema)
    {
        const QJsonValue read = schemaAt(schema, u"#"_s, 0);
        if (m_problem.isEmpty())
            references();
        if (!m_problem.isEmpty())
            return fail(ErrorCode::InvalidArgument, m_problem, m_place);
        return read.toObject();
    }

private:
    QJsonValue schemaAt(const QJsonValue &schema, const QString &place, int level);
    QJsonValue keywordAt(const QJsonValue &value, Keyword keyword, const QString &place, int level);
    QJsonValue namedAt(const QJsonValue &value, Keyword keyword, const QString &place, int level);
    QJsonValue listAt(const QJsonValue &value, Keyword keyword, const QString &place, int level);
    QJsonValue within(const QJsonValue &schema, Keyword keyword, const QString &place, int level);
    void reference(const QJsonObject &schema, const QString &place);
    void references();
    [[nodiscard]] int depthOf(const QString &place);
    void problem(const QString &what, const QString &place)
    {
        if (m_problem.isEmpty()) {
            m_problem = what;
            m_place = place;
        }
    }

    QHash<QString, QStringList>
        m_inPlace; // by place: what looks at the same value; every schema has an entry
    QHash<QString, int> m_depths;
    QString m_around; // the schema whose keyword is read
    QString m_problem;
    QString m_place;
};

QJsonValue SchemaReader::schemaAt(const QJsonValue &schema, const QString &place, int level)
{
    m_inPlace.insert(place, {});
    if (schema.isBool())
        return schema;
    if (!schema.isObject() || level > kMostLevels) {
        problem(schema.isObject() ? u"more than %1 levels"_s.arg(kMostLevels) : u"not a schema"_s, place);
        return {};
    }
    const QJsonObject from = schema.toObject();
    if (from.contains(u"$ref"_s)) { // all beside it is to be passed over
        reference(from, place);
        QJsonObject kept{{u"$ref"_s, from.value(u"$ref"_s)}};
        for (const QString &definitions : {u"definitions"_s, u"$defs"_s}) {
            if (from.contains(definitions))
                kept.insert(definitions,
                            namedAt(from.value(definitions), {}, place + u'/' + definitions, level));
        }
        return kept;
    }
    QJsonObject kept;
    for (auto each = from.begin(); each != from.end(); ++each) {
        const QString at = place + u'/' + each.key();
        const auto keyword = keywords().constFind(each.key());
        if (keyword == keywords().cend()) {
            problem(each.key(), at);
        } else if (keyword->holds != Holds::Dropped) {
            m_around = place;
            kept.insert(each.key(), keywordAt(each.value(), *keyword, at, level));
        }
    }
    return kept;
}

QJsonValue SchemaReader::keywordAt(const QJsonValue &value, Keyword keyword, const QString &place, int level)
{
    switch (keyword.holds) {
    case Holds::Data:
    case Holds::Dropped:
        break;
    case Holds::Type: {
        const QJsonArray types = value.isArray() ? value.toArray() : QJsonArray{value};
        qsizetype known = 0;
        for (const auto &type : types)
            known += isType(type) ? 1 : 0;
        if (types.isEmpty() || known < types.size())
            problem(u"type"_s, place);
        break;
    }
    case Holds::Pattern:
        if (!value.isString() || !QRegularExpression(value.toString()).isValid())
            problem(u"pattern"_s, place);
        break;
    case Holds::Schema:
        return within(value, keyword, place, level);
    case Holds::SchemaOrList:
        return value.isArray() ? listAt(value, keyword, place, level) : within(value, keyword, place, level);
    case Holds::Schemas:
        return listAt(value, keyword, place, level);
    case Holds::Named:
    case Holds::NamedOrTexts:
        return namedAt(value, keyword, place, level);
    }
    return value;
}

QJsonValue SchemaReader::within(const QJsonValue &schema, Keyword keyword, const QString &place, int level)
{
    const QString around = m_around;
    if (keyword.inPlace)
        m_inPlace[around] += place;
    const QJsonValue read = schemaAt(schema, place, level + 1);
    m_around = around;
    return read;
}

QJsonValue SchemaReader::namedAt(const QJsonValue &value, Keyword keyword, const QString &place, int level)
{
    if (!value.isObject()) {
        problem(u"not a map"_s, place);
        return {};
    }
    QJsonObject from = value.toObject();
    for (auto each = from.begin(); each != from.end(); ++each) {
        if (keyword.holds != Holds::NamedOrTexts || !each->isArray())
            *each = within(*each, keyword, place + u'/' + each.key(), level);
    }
    return from;
}

QJsonValue SchemaReader::listAt(const QJsonValue &value, Keyword keyword, const QString &place, int level)
{
    if (!value.isArray()) {
        problem(u"not a list"_s, place);
        return {};
    }
    QJsonArray from = value.toArray();
    for (qsizetype i = 0; i < from.size(); ++i)
        from[i] = within(from.at(i), keyword, place + u'/' + QString::number(i), level);
    return from;
}

void SchemaReader::reference(const QJsonObject &schema, const QString &place)
{
    static const QRegularExpression local(u"\\A#(/[A-Za-z0-9_$.-]+)*\\z"_s);
    const QString target = schema.value(u"$ref"_s).toString();
    if (!local.match(target).hasMatch())
        problem(u"$ref"_s, place);
    m_inPlace[place] += target;
}

void SchemaReader::references()
{
    const QStringList places = m_inPlace.keys();
    for (const QString &place : places) {
        const auto targets = m_inPlace.value(place);
        for (const QString &target : targets) {
            if (!m_inPlace.contains(target))
                return problem(u"$ref"_s, place);
        }
    }
    for (const QString &place : places) {
        if (depthOf(place) > kMostInPlace)
            return problem(u"refers back to itself"_s, place);
    }
}

// Of what comes below it and looks at the same value; a circle counts as deeper than may be.
int SchemaReader::depthOf(const QString &place)
{
    if (const auto known = m_depths.constFind(place); known != m_depths.cend())
        return *known;
    m_depths.insert(place, kMostInPlace + 1); // while it is looked at
    int deepest = 0;
    const auto targets = m_inPlace.value(place);
    for (const QString &below : targets)
        deepest = std::max(deepest, std::min(1 + depthOf(below), kMostInPlace + 1));
    m_depths.insert(place, deepest);
    return deepest;
}

} // namespace

Result<QJsonObject> readSchema(const QJsonObject &schema) { return SchemaReader().run(schema); }

QJsonObject resolvedSchema(const QJsonObject &root, QJsonObject part)
{
    for (int hops = 0; hops < kMostInPlace && part.contains(u"$ref"_s); ++hops) {
        const QStringList steps = part.value(u"$ref"_s).toString().split(u'/').sliced(1);
        QJsonValue at = root;
        for (const QString &step : steps)
            at = at.isArray() ? at.toArray().at(step.toInt()) : at.toObject().value(step);
        part = at.toObject();
    }
    return part;
}

} // namespace muster
