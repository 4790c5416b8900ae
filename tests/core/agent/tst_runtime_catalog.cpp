// The catalog of runtimes: what comes with Muster, what a person adds, what is wrong with a file.
#include "core/agent/protocol_factory.h"
#include "core/agent/runtime_catalog.h"
#include "core/agent/runtime_reader.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <valijson/adapters/qtjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

const QString kFolder = QStringLiteral(MUSTER_SOURCE_DIR "/resources/runtimes");
const QByteArray kGood = R"({"id": "mine", "label": "Mine", "argv": ["mine", "acp"])";

void put(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

} // namespace

class TestRuntimeCatalog : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void builtInOnes_data();
    void builtInOnes();
    void modelsOverHttp_data();
    void modelsOverHttp();
    void quirksAreAsMeasured();
    void errorTextsMeanWhatTheyWereSeenFor_data();
    void errorTextsMeanWhatTheyWereSeenFor();
    void badFilesNameTheKey_data();
    void badFilesNameTheKey();
    void goodOnes_data();
    void goodOnes();
    void notJson();
    void personalOnes();
    void noPersonalFolder();

private:
    [[nodiscard]] bool fitsSchema(const QByteArray &json) const;

    valijson::Schema m_schema;
};

void TestRuntimeCatalog::initTestCase()
{
    QFile file(QStringLiteral(MUSTER_SOURCE_DIR "/resources/schema/runtime.schema.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonValue json = QJsonDocument::fromJson(file.readAll()).object();
    QVERIFY(!json.toObject().isEmpty());
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::QtJsonAdapter(json), m_schema);
}

bool TestRuntimeCatalog::fitsSchema(const QByteArray &json) const
{
    const QJsonValue value = QJsonDocument::fromJson(json).object();
    valijson::Validator validator;
    return validator.validate(m_schema, valijson::adapters::QtJsonAdapter(value), nullptr);
}

void TestRuntimeCatalog::builtInOnes_data()
{
    QTest::addColumn<QString>("file");
    const QStringList names = QDir(kFolder).entryList({u"*.json"_s});
    QVERIFY(names.size() >= 7);
    for (const QString &name : names)
        QTest::newRow(qPrintable(name)) << name;
}

void TestRuntimeCatalog::builtInOnes()
{
    QFETCH(QString, file);
    QFile content(kFolder + u'/' + file);
    QVERIFY(content.open(QIODevice::ReadOnly));
    QVERIFY(fitsSchema(content.readAll()));
    const auto record = runtimeFromFile(kFolder + u'/' + file, u"/opt/muster"_s);
    QVERIFY2(record, qPrintable(record ? QString() : record.error().where + u' ' + record.error().detail));
    QCOMPARE(record->id + u".json"_s, file);
    QVERIFY(!record->argv.front().contains(u'{'));
    // What does not come with Muster is a program of its own: how to get it and which one was driven is
    // known.
    const bool bundled = programOf(*record).startsWith(u"/opt/muster/");
    QCOMPARE(record->install.npm.isEmpty(), bundled);
    QCOMPARE(record->minimumVersion.isEmpty(), bundled);
    const QStringList open{u"demo"_s, u"ollama"_s, u"openai-compatible"_s, u"paseo"_s};
    QVERIFY(record->signIn.needed != open.contains(record->id));
    // A price is of a day and from somewhere, or it is not there.
    for (const RuntimeModel &model : record->models)
        QVERIFY(!model.prices || (!model.prices->date.isEmpty() && !model.prices->source.isEmpty()));
    for (const QString &name : record->signIn.env + record->needsEnv)
        QVERIFY2(record->passEnv.contains(name), qPrintable(name));
}

// The agent behind them is ours, and knows of a provider only what its record says.
void TestRuntimeCatalog::modelsOverHttp_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("api");
    QTest::newRow("anthropic") << u"anthropic"_s << u"anthropic"_s;
    QTest::newRow("openai") << u"openai"_s << u"responses"_s;
    QTest::newRow("openai-compatible") << u"openai-compatible"_s << u"chat"_s;
    QTest::newRow("gemini-api") << u"gemini-api"_s << u"gemini"_s;
    QTest::newRow("ollama") << u"ollama"_s << u"ollama"_s;
}

void TestRuntimeCatalog::modelsOverHttp()
{
    QFETCH(QString, id);
    QFETCH(QString, api);
    const auto catalog = RuntimeCatalog::load(kFolder, u"/opt/muster"_s);
    QVERIFY(catalog);
    const RuntimeRecord *record = catalog->find(id);
    QVERIFY(record);
    const auto after = [&](const QString &option) {
        QStringList values;
        for (qsizetype i = 1; i + 1 < record->argv.size(); ++i) {
            if (record->argv.at(i) == option)
                values += record->argv.at(i + 1);
        }
        return values;
    };
    QCOMPARE(record->argv.front(), u"/opt/muster/muster-model-agent"_s);
    QCOMPARE(after(u"--api"_s), QStringList{api});
    QCOMPARE(after(u"--key-env"_s), record->signIn.env);
    QVERIFY(record->argv.contains(u"--key-optional"_s) != record->signIn.needed);
    QCOMPARE(record->signIn.onlyEnv, record->signIn.needed);
    QCOMPARE(after(u"--address"_s).isEmpty(), !record->needsEnv.isEmpty());
    QCOMPARE(after(u"--address-env"_s).size(), 1);
    QVERIFY(record->passEnv.contains(after(u"--address-env"_s).front()));
    QCOMPARE(after(u"--model"_s).value(0), record->defaultModel);
    for (const RuntimeModel &model : record->models)
        QVERIFY2(!model.source.isEmpty(), qPrintable(model.id));
}

void TestRuntimeCatalog::quirksAreAsMeasured()
{
    const auto catalog = RuntimeCatalog::load(kFolder, u"/opt/muster"_s);
    QVERIFY(catalog);
    QCOMPARE(catalog->find(u"demo"_s)->argv, QStringList{u"/opt/muster/muster-demo-agent"_s});
    QVERIFY(!catalog->find(u"copilot"_s)->quirks.takesMcpServers);
    QCOMPARE(catalog->find(u"copilot"_s)->quirks.mcpFileFlag, u"--additional-mcp-config"_s);
    QVERIFY(catalog->find(u"claude-acp"_s)->quirks.showsMcpValues);
    QVERIFY(catalog->find(u"qwen-native"_s)->streamJson.allowFlag.isEmpty());
    QCOMPARE(catalog->find(u"copilot"_s)->quirks.usage, UsageMeaning::SessionCumulative);
    QCOMPARE(catalog->find(u"opencode"_s)->quirks.usage, UsageMeaning::LastCall);
    QVERIFY(catalog->find(u"gemini"_s)->quirks.loadMinAgeMs >= 60'000);
    QVERIFY(catalog->find(u"codex-acp"_s)->env.contains(u"INITIAL_AGENT_MODE=read-only"_s));
    QVERIFY(catalog->find(u"qwen"_s)->argv.endsWith(u"default"_s));
    QVERIFY(!catalog->find(u"nothing"_s));
}

void TestRuntimeCatalog::errorTextsMeanWhatTheyWereSeenFor_data()
{
    QTest::addColumn<QString>("runtime");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    QTest::newRow("copilot 429")
        << u"copilot"_s
        << u"Error: Failed to get response from the AI model; retried 5 times (total retry wait time: 5.27 seconds) Last error: 429 fake rate limit hit"_s
        << u"rate_limited"_s;
    QTest::newRow("copilot 529")
        << u"copilot"_s
        << u"Info: Request failed due to a transient API error. Retrying...Error: Failed to get response from the AI model; retried 5 times (total retry wait time: 15.52 seconds) Last error: 529 overloaded"_s
        << u"rate_limited"_s;
    QTest::newRow("copilot drop")
        << u"copilot"_s
        << u"about to break Error: Failed to get response from the AI model; retried 5 times (total retry wait time: 5.00 seconds) Last error: Failed native model HTTP request: unexpected EOF"_s
        << u"runtime_error"_s;
    QTest::newRow("copilot key")
        << u"copilot"_s
        << u"Info: Retrying...Error: Authentication failed with provider at http://127.0.0.1:1/v1 (HTTP 401).\n  Check your COPILOT_PROVIDER_API_KEY"_s
        << u"auth_required"_s;
    QTest::newRow("opencode 429") << u"opencode"_s
                                  << u"Internal error: Rate limit reached: too many requests"_s
                                  << u"rate_limited"_s;
    QTest::newRow("opencode 401") << u"opencode"_s << u"Internal error: invalid key"_s << u"auth_required"_s;
    QTest::newRow("opencode answer") << u"opencode"_s << u"The API has a rate limit."_s << QString();
    QTest::newRow("claude-acp 529") << u"claude-acp"_s << u"Internal error: API Error: 529 overloaded."_s
                                    << u"rate_limited"_s;
    QTest::newRow("codex key") << u"codex-acp"_s << u"Missing environment variable: `FAKE_MODEL_KEY`.\n\n"_s
                               << u"auth_required"_s;
    QTest::newRow("copilot answer") << u"copilot"_s << u"The log says Error: 429"_s << QString();
    QTest::newRow("codex 429") << u"codex-acp"_s
                               << u"exceeded retry limit, last status: 429 Too Many Requests\n\n"_s
                               << u"rate_limited"_s;
    QTest::newRow("codex 500") << u"codex-acp"_s
                               << u"exceeded retry limit, last status: 500 Internal Server Error"_s
                               << u"runtime_error"_s;
    QTest::newRow("codex answer") << u"codex-acp"_s << u"We exceeded retry limit, last status: 429"_s
                                  << QString();
}

void TestRuntimeCatalog::errorTextsMeanWhatTheyWereSeenFor()
{
    QFETCH(QString, runtime);
    QFETCH(QString, text);
    QFETCH(QString, reason);
    const auto catalog = RuntimeCatalog::load(kFolder, u"/opt/muster"_s);
    QVERIFY(catalog);
    QString found;
    for (const ErrorText &known : catalog->find(runtime)->quirks.errorTexts) {
        if (found.isEmpty() && QRegularExpression(known.pattern).match(text).hasMatch())
            found = enumName(known.reason);
    }
    QCOMPARE(found, reason);
}

void TestRuntimeCatalog::badFilesNameTheKey_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("key");
    const auto more = [](const char *rest) -> QByteArray {
        return kGood + ", " + rest + "}";
    };
    QTest::newRow("no id") << QByteArray(R"({"label": "x", "argv": ["x"]})") << u"id"_s;
    QTest::newRow("bad id") << QByteArray(R"({"id": "a b", "label": "x", "argv": ["x"]})") << u"id"_s;
    QTest::newRow("no label") << QByteArray(R"({"id": "x", "argv": ["x"]})") << u"label"_s;
    QTest::newRow("no argv") << QByteArray(R"({"id": "x", "label": "x"})") << u"argv"_s;
    QTest::newRow("empty argv") << QByteArray(R"({"id": "x", "label": "x", "argv": []})") << u"argv"_s;
    QTest::newRow("argv is text") << QByteArray(R"({"id": "x", "label": "x", "argv": "x y"})") << u"argv"_s;
    QTest::newRow("unknown key") << more(R"("colour": 1)") << u"colour"_s;
    QTest::newRow("unknown ability") << more(R"("abilities": {"flies": true})") << u"abilities.flies"_s;
    QTest::newRow("unknown in a list")
        << more(R"("models": [{"id": "a"}, {"id": "b", "price": 1}])") << u"models.1.price"_s;
    QTest::newRow("unknown deep")
        << more(R"("models": [{"id": "a", "prices": {"date": "2026-01-01", "source": "s", "out": 1}}])")
        << u"models.0.prices.out"_s;
    QTest::newRow("ability is a number")
        << more(R"("abilities": {"can_resume": 1})") << u"abilities.can_resume"_s;
    QTest::newRow("protocol") << more(R"("protocol": "telepathy")") << u"protocol"_s;
    QTest::newRow("env") << more(R"("env": ["PATH"])") << u"env"_s;
    QTest::newRow("needs_env") << more(R"("needs_env": ["a b"])") << u"needs_env"_s;
    QTest::newRow("pass_env") << more(R"("pass_env": ["A=b"])") << u"pass_env"_s;
    QTest::newRow("sign_in.env") << more(R"("sign_in": {"env": ["a b"]})") << u"sign_in.env"_s;
    QTest::newRow("model without id") << more(R"("models": [{"label": "a"}])") << u"models.0.id"_s;
    QTest::newRow("price without date")
        << more(R"("models": [{"id": "a", "prices": {"source": "s"}}])") << u"models.0.prices.date"_s;
    QTest::newRow("price without source")
        << more(R"("models": [{"id": "a", "prices": {"date": "2026-01-01"}}])")
        << u"models.0.prices.source"_s;
    QTest::newRow("negative price")
        << more(R"("models": [{"id": "a", "prices": {"input": -1, "date": "2026-01-01", "source": "s"}}])")
        << u"models.0.prices.input"_s;
    QTest::newRow("currency")
        << more(
               R"("models": [{"id": "a", "prices": {"currency": "EUR", "date": "2026-01-01", "source": "s"}}])")
        << u"models.0.prices.currency"_s;
    QTest::newRow("empty pattern") << more(R"("quirks": {"error_texts": [{"pattern": ""}]})")
                                   << u"quirks.error_texts.0.pattern"_s;
    QTest::newRow("reason") << more(R"("quirks": {"error_texts": [{"pattern": "x", "reason": "rain"}]})")
                            << u"quirks.error_texts.0.reason"_s;
    QTest::newRow("problem") << more(R"("launch_failures": [{"pattern": "x", "problem": "rain"}])")
                             << u"launch_failures.0.problem"_s;
    QTest::newRow("minimum") << more(R"("minimum_version": "new")") << u"minimum_version"_s;
    QTest::newRow("timeout") << more(R"("handshake_timeout_ms": 5)") << u"handshake_timeout_ms"_s;
}

void TestRuntimeCatalog::badFilesNameTheKey()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, key);
    const auto record = runtimeFromJson(json, {});
    QVERIFY(!record);
    QCOMPARE(record.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(record.error().where, key);
    QVERIFY(!record.error().detail.isEmpty());
    QVERIFY(!fitsSchema(json));
}

void TestRuntimeCatalog::goodOnes_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("smallest") << QByteArray(kGood + "}");
    QTest::newRow("model that is not listed anywhere") << QByteArray(kGood + R"(, "models": [{"id": "m"}]})");
    QTest::newRow("prices") << QByteArray(
        kGood + R"(, "default_model": "m", "models": [{"id": "m", "label": "M", "prices": {"input": 3000000,
        "output": 15000000, "cached": 300000, "currency": "USD", "date": "2026-01-01", "source": "page"}}]})");
}

void TestRuntimeCatalog::goodOnes()
{
    QFETCH(QByteArray, json);
    const auto record = runtimeFromJson(json, {});
    QVERIFY2(record, qPrintable(record ? QString() : record.error().where));
    QVERIFY(fitsSchema(json));
}

// What JSON Schema cannot say is said by the reader alone.
void TestRuntimeCatalog::notJson()
{
    const auto cut = runtimeFromJson(kGood, {});
    QVERIFY(!cut && cut.error().where.startsWith(u"offset"));
    QVERIFY(!runtimeFromJson("[]", {}));
    const auto odd = runtimeFromJson(kGood + R"(, "version_pattern": "1.2"})", {});
    QVERIFY(!odd && odd.error().where == u"version_pattern");
    const auto broken = runtimeFromJson(kGood + R"(, "launch_failures": [{"pattern": "("}]})", {});
    QVERIFY(!broken && broken.error().where == u"launch_failures.0.pattern");
    const auto model = runtimeFromJson(kGood + R"(, "default_model": "m"})", {});
    QVERIFY(!model && model.error().where == u"default_model");
    const auto day = runtimeFromJson(
        kGood + R"(, "models": [{"id": "m", "prices": {"date": "2026-02-31", "source": "s"}}]})", {});
    QVERIFY(!day && day.error().where == u"models.0.prices.date");
}

void TestRuntimeCatalog::personalOnes()
{
    QTemporaryDir folder;
    put(folder.filePath(u"mine.json"_s), kGood + "}");
    put(folder.filePath(u"qwen.json"_s), R"({"id": "qwen", "label": "My Qwen", "argv": ["/opt/qwen"]})");
    put(folder.filePath(u"bad.json"_s), kGood + R"(, "colour": 1})");
    put(folder.filePath(u"huge.json"_s), QByteArray(2 * 1024 * 1024, ' '));
    auto catalog = RuntimeCatalog::load(kFolder, u"/opt/muster"_s);
    QVERIFY(catalog);
    const size_t before = catalog->all().size();
    const std::vector<Error> problems = catalog->addPersonal(folder.path(), u"/opt/muster"_s);
    QCOMPARE(problems.size(), size_t{2});
    QCOMPARE(problems.at(0).where, folder.filePath(u"bad.json"_s) + u": colour"_s);
    QCOMPARE(problems.at(1).code, ErrorCode::TooLarge);
    QCOMPARE(catalog->all().size(), before + 1);
    QVERIFY(!catalog->find(u"mine"_s)->builtIn);
    QCOMPARE(catalog->find(u"qwen"_s)->label, u"My Qwen"_s);
    QVERIFY(!catalog->find(u"qwen"_s)->builtIn);
    QVERIFY(catalog->find(u"demo"_s)->builtIn);
}

void TestRuntimeCatalog::noPersonalFolder()
{
    RuntimeCatalog catalog;
    QVERIFY(catalog.addPersonal(u"/nowhere/runtimes"_s, {}).empty());
    QVERIFY(catalog.all().empty());
}

QTEST_GUILESS_MAIN(TestRuntimeCatalog)
#include "tst_runtime_catalog.moc"
