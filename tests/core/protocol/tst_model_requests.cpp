// What is asked of each provider, in its own words: the conversation with tools and results, and what the
// provider wants back unchanged.
#include "tests/core/protocol/model_replay.h"

#include <QTest>

using namespace muster;
using namespace muster::testing;

namespace {

ModelQuestion question(const ModelMessage &said)
{
    ModelQuestion asked{
        .model = u"a model/x"_s,
        .instructions = u"Be brief."_s,
        .tools = {{.name = u"read_file"_s, .description = u"Reads."_s, .schema = {{u"type"_s, u"object"_s}}}},
        .messages = {{.role = ModelRole::Person, .parts = {{.text = u"Read it."_s}}}}};
    asked.messages.push_back(said);
    ModelMessage results{.role = ModelRole::Person, .parts = {}};
    for (const ModelPart &part : said.parts) {
        if (part.kind == ModelPartKind::ToolCall)
            results.parts.push_back({.kind = ModelPartKind::ToolResult,
                                     .text = part.tool == u"read_file" ? u"content"_s : u"not allowed"_s,
                                     .callId = part.callId,
                                     .tool = part.tool,
                                     .failed = part.tool != u"read_file"});
    }
    asked.messages.push_back(results);
    return asked;
}

} // namespace

class TestModelRequests : public QObject {
    Q_OBJECT
private slots:
    void roundTrips_data();
    void roundTrips();
    void keys_data();
    void keys();
    void conversationsAreKeptWhole();
    void reasoningIsAskedForOnlyWhereItMayBe();
    void partsThatWouldBeRefusedAreLeftOut();
    void namesOfNoToolAreMadePlain();
    void models();
};

// The answer of the fixture "tools", given back with its results.
void TestModelRequests::roundTrips_data()
{
    QTest::addColumn<QString>("api");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("messages");
    QTest::newRow("anthropic") << u"anthropic"_s << u"tools.sse"_s << u"/v1/messages"_s << u"messages"_s
                               << uR"([{"content":[{"text":"Read it.","type":"text"}],"role":"user"},
{"content":[{"signature":"c2ln","thinking":"Look first.","type":"thinking"},{"text":"I read.","type":"text"},
{"id":"toolu_1","input":{"path":"a.txt"},"name":"read_file","type":"tool_use"},
{"id":"toolu_2","input":{},"name":"list_files","type":"tool_use"}],"role":"assistant"},
{"content":[{"content":"content","is_error":false,"tool_use_id":"toolu_1","type":"tool_result"},
{"cache_control":{"type":"ephemeral"},"content":"not allowed","is_error":true,"tool_use_id":"toolu_2","type":"tool_result"}],
"role":"user"}])"_s;
    QTest::newRow("responses")
        << u"responses"_s << u"tools.sse"_s << u"/responses"_s << u"input"_s
        << uR"([{"content":[{"text":"Read it.","type":"input_text"}],"role":"user","type":"message"},
{"encrypted_content":"c2VhbGVk","id":"rs_1","summary":[{"text":"Look first.","type":"summary_text"}],"type":"reasoning"},
{"content":[{"text":"I read.","type":"output_text"}],"role":"assistant","type":"message"},
{"arguments":"{\"path\":\"a.txt\"}","call_id":"call_1","name":"read_file","type":"function_call"},
{"arguments":"{}","call_id":"call_2","name":"list_files","type":"function_call"},
{"call_id":"call_1","output":"content","type":"function_call_output"},
{"call_id":"call_2","output":"not allowed","type":"function_call_output"}])"_s;
    QTest::newRow("chat")
        << u"chat"_s << u"tools.sse"_s << u"/chat/completions"_s << u"messages"_s
        << uR"([{"content":"Be brief.","role":"system"},{"content":"Read it.","role":"user"},
{"content":"I read.","role":"assistant","tool_calls":[
{"function":{"arguments":"{\"path\":\"a.txt\"}","name":"read_file"},"id":"call_1","type":"function"},
{"function":{"arguments":"{}","name":"list_files"},"id":"call_2","type":"function"}]},
{"content":"content","role":"tool","tool_call_id":"call_1"},
{"content":"not allowed","role":"tool","tool_call_id":"call_2"}])"_s;
    QTest::newRow("gemini") << u"gemini"_s << u"tools.sse"_s
                            << u"/v1beta/models/a%20model%2Fx:streamGenerateContent?alt=sse"_s
                            << u"contents"_s << uR"([{"parts":[{"text":"Read it."}],"role":"user"},
{"parts":[{"text":"I read."},
{"functionCall":{"args":{"path":"a.txt"},"name":"read_file"},"thoughtSignature":"c2lnbmVk"},
{"functionCall":{"args":{},"id":"fc-7","name":"list_files"}}],"role":"model"},
{"parts":[{"functionResponse":{"name":"read_file","response":{"output":"content"}}},
{"functionResponse":{"id":"fc-7","name":"list_files","response":{"error":"not allowed"}}}],"role":"user"}])"_s;
    QTest::newRow("ollama")
        << u"ollama"_s << u"tools.ndjson"_s << u"/api/chat"_s << u"messages"_s
        << uR"([{"content":"Be brief.","role":"system"},{"content":"Read it.","role":"user"},
{"content":"I read.","role":"assistant","thinking":"Look first.","tool_calls":[
{"function":{"arguments":{"path":"a.txt"},"name":"read_file"}},
{"function":{"arguments":{},"name":"list_files"}}]},
{"content":"content","role":"tool","tool_name":"read_file"},
{"content":"not allowed","role":"tool","tool_name":"list_files"}])"_s;
}

void TestModelRequests::roundTrips()
{
    QFETCH(QString, api);
    QFETCH(QString, file);
    QFETCH(QString, path);
    QFETCH(QString, key);
    QFETCH(QString, messages);
    const auto kind = enumFromName<ModelApiKind>(api).value();
    ModelReplay replay(kind);
    replay.feed(modelFixture(api + u'/' + file));
    replay.finish();
    const ModelRequest request = makeModelApi(kind)->encode(question(replay.stream().message()));
    QCOMPARE(request.path, path);
    const auto written = [](const QJsonArray &array) {
        return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
    };
    QCOMPARE(written(request.body.value(key).toArray()), QString(messages).remove(u'\n'));
    QVERIFY(compact(request.body).contains(u"Be brief."_s));
    QVERIFY(compact(request.body).contains(u"\"name\":\"read_file\""_s));
    QVERIFY(kind == ModelApiKind::Gemini || request.body.value(u"model"_s).toString() == u"a model/x"_s);
    QVERIFY(kind == ModelApiKind::Gemini || request.body.value(u"stream"_s).toBool());
}

void TestModelRequests::keys_data()
{
    QTest::addColumn<QString>("api");
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("anthropic") << u"anthropic"_s << "x-api-key: k"_ba;
    QTest::newRow("responses") << u"responses"_s << "authorization: Bearer k"_ba;
    QTest::newRow("chat") << u"chat"_s << "authorization: Bearer k"_ba;
    QTest::newRow("gemini") << u"gemini"_s << "x-goog-api-key: k"_ba;
}

void TestModelRequests::keys()
{
    QFETCH(QString, api);
    QFETCH(QByteArray, header);
    const auto made = makeModelApi(enumFromName<ModelApiKind>(api).value());
    const auto [name, value] = made->keyHeader("k");
    QCOMPARE(QByteArray(name + ": " + value), header);
    const ModelRequest request = made->encode({});
    for (const auto &[key, said] : request.headers)
        QVERIFY(key != name); // the key is not the encoder's business
}

void TestModelRequests::conversationsAreKeptWhole()
{
    ModelReplay replay(ModelApiKind::Anthropic);
    replay.feed(modelFixture(u"anthropic/tools.sse"_s));
    const ModelMessage said = replay.stream().message();
    QCOMPARE(said.parts.size(), size_t{4});
    const auto back = fromJsonObject<ModelMessage>(toJsonObject(said));
    QVERIFY(back);
    QVERIFY(*back == said);
}

void TestModelRequests::reasoningIsAskedForOnlyWhereItMayBe()
{
    const auto api = makeModelApi(ModelApiKind::Responses);
    QVERIFY(api->encode({.sealedReasoning = true}).body.contains(u"include"_s));
    QVERIFY(!api->encode({.sealedReasoning = false}).body.contains(u"include"_s));
}

void TestModelRequests::partsThatWouldBeRefusedAreLeftOut()
{
    const ModelMessage said{.role = ModelRole::Model,
                            .parts = {{.kind = ModelPartKind::Thinking, .text = u"not signed"_s},
                                      {.kind = ModelPartKind::Text, .text = u" \n"_s}}};
    for (const ModelApiKind kind : {ModelApiKind::Anthropic, ModelApiKind::Responses, ModelApiKind::Gemini}) {
        const QString body = compact(makeModelApi(kind)->encode({.messages = {said}}).body);
        QVERIFY2(!body.contains(u"not signed"_s), qPrintable(body));
    }
    const QJsonObject body = makeModelApi(ModelApiKind::Anthropic)->encode({.messages = {said}}).body;
    QVERIFY(body.value(u"messages"_s).toArray().isEmpty());
}

// Else a conversation with one such call could never go on.
void TestModelRequests::namesOfNoToolAreMadePlain()
{
    AnswerBuilder answer;
    answer.beginCall(u"1"_s, {}, u"rm -rf /; é"_s);
    answer.beginCall(u"2"_s, {}, {});
    answer.stop(ModelStop::Done, {});
    QCOMPARE(answer.message().parts.at(0).tool, u"rm_-rf_____"_s);
    QCOMPARE(answer.message().parts.at(1).tool, u"unnamed"_s);
}

void TestModelRequests::models()
{
    const QJsonObject list{{u"data"_s, QJsonArray{QJsonObject{{u"id"_s, u"a"_s}}, 7}},
                           {u"models"_s, QJsonArray{QJsonObject{{u"name"_s, u"b:latest"_s}}}}};
    QCOMPARE(makeModelApi(ModelApiKind::Chat)->modelsIn(list), QStringList{u"a"_s});
    QCOMPARE(makeModelApi(ModelApiKind::Ollama)->modelsIn(list), QStringList{u"b:latest"_s});
    QCOMPARE(makeModelApi(ModelApiKind::Anthropic)->listPath(), QString());
}

QTEST_APPLESS_MAIN(TestModelRequests)
#include "tst_model_requests.moc"
