// The JSON that a step gives against its schema: the place of what does not fit, schemas that are refused,
// and answers and schemas that try to make the check endless.
#include "core/flow/json_schema.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestJsonSchema : public QObject {
    Q_OBJECT
private slots:
    void faults_data();
    void faults();
    void refused_data();
    void refused();
    void whatSaysNothingIsPassedOver();
    void boundsOfAnswers_data();
    void boundsOfAnswers();
    void aLongTextAgainstAPattern();
};

namespace {

QJsonObject objectOf(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    Q_ASSERT(document.isObject());
    return document.object();
}

const QByteArray kModules = R"({"type": "object", "required": ["modules"], "properties": {
    "modules": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/module"}},
    "my key": {"enum": ["a", "b"]}},
    "definitions": {"module": {"type": "object", "required": ["path"], "additionalProperties": false,
        "properties": {"path": {"type": "string", "pattern": "^[a-z/]+$"}, "lines": {"type": "integer"}}}}})";

} // namespace

void TestJsonSchema::faults_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QString>("output");
    QTest::addColumn<QString>("place"); // empty: it fits
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &output, const QString &place,
                        const QString &expected) {
        QTest::newRow(name) << kModules << output << place << expected;
    };
    row("fits", u"Here it is:\n```json\n{\"modules\": [{\"path\": \"core\"}]}\n```"_s, {}, {});
    row("a list", u"[]"_s, u"$"_s, u"\"type\":\"object\""_s);
    row("nothing in it", u"{}"_s, u"$"_s, u"\"properties\":"_s);
    row("an empty list", u"{\"modules\": []}"_s, u"$.modules"_s, u"\"minItems\":1"_s);
    row("within an item", u"{\"modules\": [{\"path\": \"a\"}, {\"path\": \"b\", \"lines\": \"many\"}]}"_s,
        u"$.modules[1].lines"_s, u"\"type\":\"integer\""_s);
    row("a text that does not match", u"{\"modules\": [{\"path\": \"A\"}]}"_s, u"$.modules[0].path"_s,
        u"\"pattern\":\"^[a-z/]+$\""_s);
    row("a key that is not known", u"{\"modules\": [{\"path\": \"a\", \"size\": 1}]}"_s, u"$.modules[0]"_s,
        u"\"additionalProperties\":false"_s);
    row("a key with a blank", u"{\"modules\": [{\"path\": \"a\"}], \"my key\": 1}"_s, u"$['my key']"_s,
        u"\"enum\":[\"a\",\"b\"]"_s);
    QTest::newRow("any JSON") << QByteArray("{}") << u"5"_s << QString() << QString();
    QTest::newRow("a schema that refers to itself, going down")
        << QByteArray(R"({"type": "object", "properties": {"next": {"$ref": "#"}}})")
        << u"{\"next\": {\"next\": 1}}"_s << u"$.next.next"_s << u"\"type\":\"object\""_s;
}

void TestJsonSchema::faults()
{
    QFETCH(QByteArray, schema);
    QFETCH(QString, output);
    QFETCH(QString, place);
    QFETCH(QString, expected);
    const QStringList parts = outputFault(output, objectOf(schema)).split(u'\t');
    QCOMPARE(parts.value(0), place.isEmpty() ? QString() : u"output_schema"_s);
    QCOMPARE(parts.value(1), place);
    QVERIFY2(parts.value(3).contains(expected), qPrintable(parts.value(3)));
    QCOMPARE(parts.value(2).isEmpty(), place.isEmpty());
    QCOMPARE(outputFault(u"I could not find any."_s, objectOf(schema)), u"output_json"_s);
}

void TestJsonSchema::refused_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const QByteArray &schema, const QString &where) {
        QTest::newRow(name) << schema << where;
    };
    row("a misspelt keyword", R"({"propertys": {}})", u"#/propertys"_s);
    row("within", R"({"properties": {"a": {"typ": "string"}}})", u"#/properties/a/typ"_s);
    row("a type that is none", R"({"items": {"type": "int"}})", u"#/items/type"_s);
    row("a pattern that is none", R"({"pattern": "("})", u"#/pattern"_s);
    row("keys by pattern", R"({"patternProperties": {".*": {}}})", u"#/patternProperties"_s);
    row("a reference out of it", R"({"$ref": "http://127.0.0.1/x.json"})", u"#"_s);
    row("a reference to nothing", R"({"items": {"$ref": "#/definitions/a"}})", u"#/items"_s);
    row("a number for a count", R"({"minItems": "two"})", u"#"_s);
    row("no schema", R"({"items": 5})", u"#/items"_s);
    row("itself", R"({"$ref": "#"})", u"#"_s);
    row("itself in words of others", R"({"allOf": [{"anyOf": [{"$ref": "#"}]}]})", u"#"_s);
    row("two that lead to each other",
        R"({"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}})",
        u"#/definitions/a"_s);
    QByteArray deep = "{}";
    for (int i = 0; i < 40; ++i)
        deep = R"({"items": )" + deep + "}";
    row("too deep", deep, u"#"_s + u"/items"_s.repeated(33));
}

void TestJsonSchema::refused()
{
    QFETCH(QByteArray, schema);
    QFETCH(QString, where);
    const auto compiled = JsonSchema::compile(objectOf(schema));
    QVERIFY(!compiled);
    QCOMPARE(compiled.error().code, ErrorCode::InvalidArgument);
    QVERIFY(!compiled.error().detail.isEmpty());
    if (where != "#/definitions/a"_L1) // of a circle any place will do
        QCOMPARE(compiled.error().where.section(u"/allOf"_s, 0, 0), where);
}

void TestJsonSchema::whatSaysNothingIsPassedOver()
{
    const auto compiled = JsonSchema::compile(objectOf(
        R"({"$schema": "http://json-schema.org/draft-07/schema#", "$id": "x", "title": "T", "description": "D",
            "default": 1, "examples": [2], "type": "string", "format": "date", "$comment": "c"})"));
    QVERIFY(compiled);
    QVERIFY(!compiled->check(u"no date at all"_s));
    QVERIFY(compiled->check(1));
}

void TestJsonSchema::boundsOfAnswers_data()
{
    QTest::addColumn<QString>("output");
    QTest::addColumn<bool>("fits");
    QTest::newRow("20 000 values") << QString(u"[0"_s + u",0"_s.repeated(19'998) + u']') << true;
    QTest::newRow("more") << QString(u"[0"_s + u",0"_s.repeated(20'000) + u']') << false;
    QTest::newRow("32 levels") << QString(u"["_s.repeated(31) + u'1' + u"]"_s.repeated(31)) << true;
    QTest::newRow("more levels") << QString(u"["_s.repeated(32) + u'1' + u"]"_s.repeated(32)) << false;
}

void TestJsonSchema::boundsOfAnswers()
{
    QFETCH(QString, output);
    QFETCH(bool, fits);
    QCOMPARE(outputFault(output, objectOf(R"({"type": "array"})")).isEmpty(), fits);
}

void TestJsonSchema::aLongTextAgainstAPattern()
{
    const QJsonObject schema = objectOf(R"({"type": "string", "pattern": "^(a|b)*$"})");
    const QString text = u"a"_s.repeated(500'000);
    const auto compiled = JsonSchema::compile(schema);
    QVERIFY(compiled);
    // Whether the engine gives up or not: it comes back, and a text that does not match never fits.
    QVERIFY(compiled->check(QString(text + u'c')));
    QVERIFY(!compiled->check(u"abab"_s));
}

QTEST_GUILESS_MAIN(TestJsonSchema)
#include "tst_json_schema.moc"
