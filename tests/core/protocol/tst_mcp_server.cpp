// The server's side of the Model Context Protocol: what a client says, to the letter, and what comes back.
#include "core/protocol/mcp/mcp_server.h"

#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

const QByteArray hello =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},)"
    R"("clientInfo":{"name":"test","version":"1"}}})"
    "\n";
const QByteArray modern = R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"})";

// A server with the tool `echo`, which tells its arguments; `fail` fails, `later` answers when told to.
struct Peer {
    QList<QByteArray> sent;
    QList<McpServer::Answer> waiting;
    McpServer server{
        [this](const QByteArray &line) { sent += line; },
        QJsonArray{QJsonObject{{u"name"_s, u"echo"_s}}, QJsonObject{{u"name"_s, u"fail"_s}},
                   QJsonObject{{u"name"_s, u"later"_s}}},
        u"what this is"_s,
        [this](const QString &tool, const QJsonObject &arguments, const McpServer::Answer &answer) {
        if (tool == u"later")
            waiting += answer;
        else if (tool == u"fail")
            answer({.error = u"it cannot be done"_s});
        else
            answer({.value = {{u"said"_s, arguments}}});
    }};

    [[nodiscard]] QJsonObject last() const
    {
        return sent.isEmpty() ? QJsonObject() : QJsonDocument::fromJson(sent.last()).object();
    }
    // The one answer to this line; empty if there was none.
    QJsonObject ask(const QByteArray &line)
    {
        const qsizetype before = sent.size();
        server.receive(QByteArray(line + '\n'));
        return sent.size() == before ? QJsonObject() : last();
    }
};

int codeOf(const QJsonObject &answer) { return answer.value(u"error"_s)[u"code"].toInt(); }

} // namespace

class TestMcpServer : public QObject {
    Q_OBJECT
private slots:
    void agreesOnARevision_data();
    void agreesOnARevision();
    void tellsItself();
    void ids_data();
    void ids();
    void calls();
    void refusals_data();
    void refusals();
    void needsAHello();
    void cancelledGetsNoAnswer();
    void answersWithoutSession();
    void skipsAHugeLine();
    void anySplit();
};

void TestMcpServer::agreesOnARevision_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("agreed");
    QTest::newRow("newest") << u"2025-11-25"_s << u"2025-11-25"_s;
    QTest::newRow("one before") << u"2025-06-18"_s << u"2025-06-18"_s;
    QTest::newRow("oldest") << u"2024-11-05"_s << u"2024-11-05"_s;
    QTest::newRow("the one with batches") << u"2025-03-26"_s << u"2024-11-05"_s;
    QTest::newRow("before all") << u"2024-01-01"_s << u"2025-11-25"_s;
    QTest::newRow("to come") << u"2031-01-01"_s << u"2025-11-25"_s;
    QTest::newRow("no date") << u"latest"_s << u"2025-11-25"_s;
}

void TestMcpServer::agreesOnARevision()
{
    QFETCH(QString, asked);
    QFETCH(QString, agreed);
    Peer peer;
    const QJsonObject answer =
        peer.ask(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":")" +
                 asked.toUtf8() + R"("}})");
    QCOMPARE(answer.value(u"result"_s)[u"protocolVersion"].toString(), agreed);
}

void TestMcpServer::tellsItself()
{
    Peer peer;
    const QJsonObject answer = peer.ask(hello.trimmed());
    QCOMPARE(answer.value(u"jsonrpc"_s).toString(), u"2.0"_s);
    const QJsonValue result = answer.value(u"result"_s);
    QCOMPARE(result[u"serverInfo"][u"name"].toString(), u"muster"_s);
    QVERIFY(result[u"capabilities"][u"tools"].isObject());
    QCOMPARE(result[u"instructions"].toString(), u"what this is"_s);
    QCOMPARE(peer.server.clientName(), u"test"_s);
    QVERIFY(peer.ask(R"({"jsonrpc":"2.0","method":"notifications/initialized"})").isEmpty());
    QVERIFY(peer.ask(R"({"jsonrpc":"2.0","method":"notifications/unheard_of"})").isEmpty());
    QCOMPARE(peer.ask(R"({"jsonrpc":"2.0","id":2,"method":"ping"})").value(u"result"_s), QJsonObject());
    const QJsonValue tools =
        peer.ask(R"({"jsonrpc":"2.0","id":3,"method":"tools/list"})").value(u"result"_s)[u"tools"];
    QCOMPARE(tools.toArray().size(), 3);
    QVERIFY(!peer.last().value(u"result"_s).toObject().contains(u"resultType"_s));
}

void TestMcpServer::ids_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("zero") << QByteArray("0");
    QTest::newRow("negative") << QByteArray("-7");
    QTest::newRow("large") << QByteArray("9007199254740991");
    QTest::newRow("text") << QByteArray(R"("a b")");
    QTest::newRow("empty text") << QByteArray(R"("")");
    QTest::newRow("text of a number") << QByteArray(R"("1")");
}

void TestMcpServer::ids()
{
    QFETCH(QByteArray, id);
    Peer peer;
    peer.ask(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"ping"})");
    QCOMPARE(peer.sent.size(), 1);
    QVERIFY2(peer.sent.first().contains(QByteArray("\"id\":" + id)), peer.sent.first().constData());
    QVERIFY(peer.sent.first().endsWith('\n'));
    QCOMPARE(peer.sent.first().count('\n'), 1);
}

void TestMcpServer::calls()
{
    Peer peer;
    peer.ask(hello.trimmed());
    QJsonValue result =
        peer.ask(
                R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":"ü"}}})")
            .value(u"result"_s);
    QCOMPARE(result[u"structuredContent"][u"said"][u"a"].toString(), u"ü"_s);
    QCOMPARE(result[u"isError"].toBool(true), false);
    const QJsonValue content = result[u"content"][0];
    QCOMPARE(content[u"type"].toString(), u"text"_s);
    QCOMPARE(QJsonDocument::fromJson(content[u"text"].toString().toUtf8()).object(),
             result[u"structuredContent"].toObject());
    result = peer.ask(R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"fail"}})")
                 .value(u"result"_s);
    QVERIFY(result[u"isError"].toBool());
    QCOMPARE(result[u"content"][0][u"text"].toString(), u"it cannot be done"_s);
    QVERIFY(result[u"structuredContent"].isUndefined());
}

void TestMcpServer::refusals_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("code"); // 0: no answer
    QTest::addColumn<QJsonValue>("id");
    const QJsonValue none = QJsonValue::Null;
    QTest::newRow("no JSON") << QByteArray("hello") << -32700 << none;
    QTest::newRow("half of it") << QByteArray(R"({"jsonrpc":"2.0","id":1)") << -32700 << none;
    QTest::newRow("a batch") << QByteArray(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])") << -32600 << none;
    QTest::newRow("an empty batch") << QByteArray("[]") << -32600 << none;
    QTest::newRow("no method") << QByteArray(R"({"jsonrpc":"2.0","id":4})") << -32600 << QJsonValue(4);
    QTest::newRow("id is null") << QByteArray(R"({"jsonrpc":"2.0","id":null,"method":"ping"})") << -32600
                                << none;
    QTest::newRow("id is a fraction")
        << QByteArray(R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})") << -32600 << none;
    QTest::newRow("unknown method") << QByteArray(R"({"jsonrpc":"2.0","id":5,"method":"resources/list"})")
                                    << -32601 << QJsonValue(5);
    QTest::newRow("unknown tool")
        << QByteArray(R"({"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"x"}})") << -32602
        << QJsonValue(6);
    QTest::newRow("params are a list")
        << QByteArray(R"({"jsonrpc":"2.0","id":7,"method":"tools/list","params":[1]})") << -32602
        << QJsonValue(7);
    QTest::newRow("arguments are a text")
        << QByteArray(
               R"({"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"echo","arguments":"x"}})")
        << -32602 << QJsonValue(8);
    QTest::newRow("a page that was never given out")
        << QByteArray(R"({"jsonrpc":"2.0","id":9,"method":"tools/list","params":{"cursor":"x"}})") << -32602
        << QJsonValue(9);
    QTest::newRow("unknown revision")
        << QByteArray(
               R"({"jsonrpc":"2.0","id":10,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"1900-01-01"}}})")
        << -32022 << QJsonValue(10);
    QTest::newRow("an answer to nothing")
        << QByteArray(R"({"jsonrpc":"2.0","id":1,"result":{}})") << 0 << none;
    QTest::newRow("an empty line") << QByteArray("  ") << 0 << none;
}

void TestMcpServer::refusals()
{
    QFETCH(QByteArray, line);
    QFETCH(int, code);
    QFETCH(QJsonValue, id);
    Peer peer;
    peer.ask(hello.trimmed());
    const QJsonObject answer = peer.ask(line);
    QCOMPARE(answer.isEmpty(), code == 0);
    QCOMPARE(codeOf(answer), code);
    if (code != 0) {
        QCOMPARE(answer.value(u"id"_s), id);
        QVERIFY(!answer.value(u"error"_s)[u"message"].toString().isEmpty());
    }
    if (code == -32022)
        QVERIFY(answer.value(u"error"_s)[u"data"][u"supported"].toArray().contains(u"2026-07-28"_s));
    QVERIFY(!peer.ask(R"({"jsonrpc":"2.0","id":"on","method":"ping"})").contains(u"error"_s)); // it goes on
}

void TestMcpServer::needsAHello()
{
    Peer peer;
    QCOMPARE(codeOf(peer.ask(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})")), -32600);
    QCOMPARE(codeOf(peer.ask(R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo"}})")),
             -32600);
    QCOMPARE(codeOf(peer.ask(R"({"jsonrpc":"2.0","id":3,"method":"initialize","params":{}})")), -32602);
    QVERIFY(peer.ask(R"({"jsonrpc":"2.0","id":4,"method":"ping"})").contains(u"result"_s));
    peer.ask(hello.trimmed());
    QVERIFY(peer.ask(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})").contains(u"result"_s));
}

void TestMcpServer::cancelledGetsNoAnswer()
{
    Peer peer;
    peer.ask(hello.trimmed());
    for (const char *id : {"1", R"("two")", "3"})
        peer.ask(R"({"jsonrpc":"2.0","id":)" + QByteArray(id) +
                 R"(,"method":"tools/call","params":{"name":"later"}})");
    QCOMPARE(peer.server.openCalls(), 3);
    for (const char *id : {"1", R"("two")", "99"})
        peer.ask(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
                 QByteArray(id) + "}}");
    QCOMPARE(peer.server.openCalls(), 1);
    const qsizetype before = peer.sent.size();
    for (const McpServer::Answer &answer : peer.waiting)
        answer({.value = {}});
    QCOMPARE(peer.sent.size(), before + 1);
    QCOMPARE(peer.last().value(u"id"_s).toInt(), 3);
    QCOMPARE(peer.server.openCalls(), 0);
}

void TestMcpServer::answersWithoutSession()
{
    Peer peer;
    QJsonValue result =
        peer.ask(R"({"jsonrpc":"2.0","id":1,"method":"server/discover","params":{)" + modern + "}}")
            .value(u"result"_s);
    QVERIFY(result[u"supportedVersions"].toArray().contains(u"2026-07-28"_s));
    QCOMPARE(result[u"resultType"].toString(), u"complete"_s);
    result = peer.ask(R"({"jsonrpc":"2.0","id":2,"method":"tools/list","params":{)" + modern + "}}")
                 .value(u"result"_s);
    QCOMPARE(result[u"resultType"].toString(), u"complete"_s);
    QCOMPARE(result[u"cacheScope"].toString(), u"public"_s);
    QVERIFY(result[u"ttlMs"].toInt() > 0);
    result =
        peer.ask(R"({"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"echo",)" + modern + "}}")
            .value(u"result"_s);
    QCOMPARE(result[u"_meta"][u"io.modelcontextprotocol/serverInfo"][u"name"].toString(), u"muster"_s);
    QVERIFY(result[u"structuredContent"].isObject());
}

void TestMcpServer::skipsAHugeLine()
{
    Peer peer;
    peer.server.receive(QByteArray(McpServer::maxLine + 10, 'x'));
    QVERIFY(peer.sent.isEmpty());
    peer.server.receive("\n");
    QCOMPARE(codeOf(peer.last()), -32600);
    QVERIFY(peer.ask(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").contains(u"result"_s));
}

void TestMcpServer::anySplit()
{
    const QByteArray stream =
        hello + "nonsense\n" + R"({"jsonrpc":"2.0","id":"é","method":"tools/call","params":{"name":"echo"}})";
    Peer whole;
    whole.server.receive(stream);
    whole.server.finish();
    QCOMPARE(whole.sent.size(), 3);
    for (qsizetype at = 1; at < stream.size(); ++at) {
        Peer split;
        split.server.receive(stream.first(at));
        split.server.receive(stream.sliced(at));
        split.server.finish();
        QCOMPARE(split.sent, whole.sent);
    }
}

QTEST_APPLESS_MAIN(TestMcpServer)
#include "tst_mcp_server.moc"
