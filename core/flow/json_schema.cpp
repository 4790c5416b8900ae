#include "core/flow/json_schema.h"

#include "core/flow/evaluation.h"
#include "core/flow/schema_reader.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

// Else it ends the program where a schema is wrong. The same wherever it comes together in one program.
#define VALIJSON_USE_EXCEPTIONS 1 // NOLINT(cppcoreguidelines-macro-usage)
#include <valijson/adapters/qtjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostLevels = 32;
constexpr int kMostValues = 20000;
constexpr qsizetype kMostExpected = 200;

// The library's own engine recurses for each character of an answer.
class BoundedRegex {
public:
    explicit BoundedRegex(const std::string &pattern)
        : m_pattern(QString::fromStdString(pattern))
    {
    }
    static bool search(const std::string &text, const BoundedRegex &regex)
    {
        return regex.m_pattern.match(QString::fromStdString(text)).hasMatch();
    }

private:
    QRegularExpression m_pattern;
};

// Counts down; false when there is more than may be checked.
bool isBounded(const QJsonValue &value, int levels, int &values)
{
    if (levels == 0 || --values < 0)
        return false;
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (const auto &part : array) {
            if (!isBounded(part, levels - 1, values))
                return false;
        }
    }
    const QJsonObject object = value.toObject();
    for (const auto &part : object) {
        if (!isBounded(part, levels - 1, values))
            return false;
    }
    return true;
}

QString withoutBrackets(const std::string &part)
{
    const QString text = QString::fromStdString(part);
    return text.startsWith(u'[') && text.endsWith(u']') ? text.sliced(1).chopped(1) : text;
}

// The library names a place by "<root>" and a "[key]" or "[index]" for each level.
QString placeOf(const std::vector<std::string> &context)
{
    static const QRegularExpression plain(u"\\A[A-Za-z_][A-Za-z0-9_]*\\z"_s);
    static const QRegularExpression index(u"\\A[0-9]+\\z"_s);
    QString place = u"$"_s;
    for (size_t i = 1; i < context.size(); ++i) {
        const QString part = withoutBrackets(context[i]).left(100);
        if (plain.match(part).hasMatch())
            place += u'.' + part;
        else if (index.match(part).hasMatch())
            place += u'[' + part + u']';
        else
            place += u"['"_s + part + u"']"_s;
    }
    return place;
}

// Without its full stop: it is part of a sentence.
QString libraryWords(const char *sentence)
{
    const QString words = QString::fromUtf8(sentence);
    return words.endsWith(u'.') ? words.chopped(1) : words;
}

QJsonObject partFor(const QJsonObject &schema, const QString &key)
{
    const QJsonObject properties = schema.value(u"properties"_s).toObject();
    if (properties.contains(key))
        return properties.value(key).toObject();
    const QJsonValue items = schema.value(u"items"_s);
    if (items.isArray())
        return items.toArray().at(key.toInt()).toObject();
    return items.isObject() ? items.toObject() : schema.value(u"additionalProperties"_s).toObject();
}

QString expectedAt(const QJsonObject &root, const std::vector<std::string> &context)
{
    QJsonObject at = root;
    for (size_t i = 1; i < context.size(); ++i)
        at = partFor(resolvedSchema(root, at), withoutBrackets(context[i]));
    at = resolvedSchema(root, at);
    at.remove(u"definitions"_s);
    at.remove(u"$defs"_s);
    const QString text = QString::fromUtf8(QJsonDocument(at).toJson(QJsonDocument::Compact));
    if (text == "{}"_L1)
        return {};
    return text.size() > kMostExpected ? QString(text.left(kMostExpected) % u'…') : text;
}

} // namespace

struct JsonSchema::Compiled {
    QJsonObject source;
    valijson::Schema schema;
};

Result<JsonSchema> JsonSchema::compile(const QJsonObject &schema)
{
    const auto read = readSchema(schema);
    if (!read)
        return std::unexpected(read.error());
    auto compiled = std::make_shared<Compiled>();
    compiled->source = *read;
    try {
        const QJsonValue value(*read);
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.populateSchema(valijson::adapters::QtJsonAdapter(value), compiled->schema);
    } catch (const std::exception &problem) {
        return fail(ErrorCode::InvalidArgument, libraryWords(problem.what()), u"#"_s);
    }
    JsonSchema made;
    made.m_compiled = std::move(compiled);
    return made;
}

std::optional<SchemaFault> JsonSchema::check(const QJsonValue &value) const
{
    int values = kMostValues;
    if (!isBounded(value, kMostLevels, values))
        return SchemaFault{.place = u"$"_s,
                           .what = u"more than %1 values or %2 levels"_s.arg(kMostValues).arg(kMostLevels),
                           .expected = {}};
    valijson::ValidatorT<BoundedRegex> validator;
    valijson::ValidationResults results;
    if (validator.validate(m_compiled->schema, valijson::adapters::QtJsonAdapter(value), &results))
        return std::nullopt;
    // The innermost comes first.
    valijson::ValidationResults::Error first;
    results.popError(first);
    return SchemaFault{.place = placeOf(first.context),
                       .what = libraryWords(first.description.c_str()),
                       .expected = expectedAt(m_compiled->source, first.context)};
}

QString outputFault(const QString &output, const QJsonObject &schema)
{
    const auto json = jsonFromAnswer(output);
    if (!json)
        return u"output_json"_s;
    if (schema.isEmpty())
        return {};
    const auto compiled = JsonSchema::compile(schema);
    const auto fault = compiled
                           ? compiled->check(*json)
                           : SchemaFault{.place = u"$"_s, .what = compiled.error().detail, .expected = {}};
    return fault ? QStringList{u"output_schema"_s, fault->place, fault->what, fault->expected}.join(u'\t')
                 : QString();
}

} // namespace muster
