#include "core/protocol/json_rpc.h"
#include "core/protocol/json_rpc_peer.h"

#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

QString describe(const RpcId &id)
{
    if (const auto *number = std::get_if<qint64>(&id))
        return QString::number(*number);
    if (const auto *text = std::get_if<QString>(&id))
        return u'"' + *text + u'"';
    return u"null"_s;
}

QString text(const QByteArray &bytes) { return QString::fromUtf8(bytes); }

// One line per message, so that a row of data can say what is expected.
QString describe(const Result<RpcMessage> &message)
{
    if (!message)
        return u"error"_s;
    if (const auto *m = std::get_if<RpcRequest>(&*message))
        return u"request " + describe(m->id) + u' ' + m->method + u' ' + text(m->params);
    if (const auto *m = std::get_if<RpcNotification>(&*message))
        return u"notification " + m->method + u' ' + text(m->params);
    const auto &response = std::get<RpcResponse>(*message);
    if (response.outcome)
        return u"result " + describe(response.id) + u' ' + text(*response.outcome);
    const RpcError &error = response.outcome.error();
    return u"failure " + describe(response.id) + u' ' + QString::number(error.code) + u' ' + error.message +
           u' ' + text(error.data);
}

struct Wire {
    QList<QByteArray> sent;
    JsonRpcPeer peer{[this](const QByteArray &bytes) {
        sent.append(bytes);
    }};

    QString receive(QByteArray line)
    {
        const qsizetype size = line.size();
        line.append(64, '\0');
        return peer.receive(QByteArrayView(line).first(size)) ? u"ok"_s : u"error"_s;
    }
    QJsonObject last() const { return QJsonDocument::fromJson(sent.last()).object(); }
};

} // namespace

class TestJsonRpc : public QObject {
    Q_OBJECT

private slots:
    void parses_data();
    void parses();
    void encodedComesBack();
    void outcomeReachesItsRequestOnce();
    void lateAndUnknownAnswersAreCounted();
    void requestsAreAnsweredOnce();
    void unknownMethodIsRefused();
    void openRequestsAreCapped();
    void closeEndsWhatWaits();
    void handlerMayAskBack();
};

void TestJsonRpc::parses_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *line, const char *expected) {
        QTest::newRow(name) << QByteArray(line) << QString::fromUtf8(expected);
    };
    row("request", R"({"jsonrpc":"2.0","id":7,"method":"m","params":{"a":[1, 2]}})",
        R"(request 7 m {"a":[1, 2]})");
    row("id 0", R"({"jsonrpc":"2.0","id":0,"method":"m"})", "request 0 m ");
    row("id text", R"({"jsonrpc":"2.0","id":"0","method":"m"})", "request \"0\" m ");
    row("id empty text", R"({"jsonrpc":"2.0","id":"","method":"m"})", "request \"\" m ");
    row("id null", R"({"jsonrpc":"2.0","id":null,"method":"m"})", "request null m ");
    row("id negative", R"({"jsonrpc":"2.0","id":-3,"method":"m"})", "request -3 m ");
    row("id largest", R"({"id":9223372036854775807,"method":"m"})", "request 9223372036854775807 m ");
    row("id too large", R"({"id":9223372036854775808,"method":"m"})", "error");
    row("id fraction", R"({"id":1.5,"method":"m"})", "error");
    row("id object", R"({"id":{},"method":"m"})", "error");
    row("notification", R"({"jsonrpc":"2.0","method":"m","params":[]})", "notification m []");
    row("no jsonrpc member", R"({"method":"m","params":{}})", "notification m {}");
    row("members in any order", R"({"params":{"x":1},"method":"m","id":1,"jsonrpc":"2.0"})",
        R"(request 1 m {"x":1})");
    row("unknown members", R"({"method":"m","emittedAtMs":12,"trace":{"a":{}},"params":{}})",
        "notification m {}");
    row("white space", " \t{ \"method\" : \"m\" , \"params\" : { } } ", "notification m { }");
    row("escaped method", R"({"method":"a\/bé"})", "notification a/b\xc3\xa9 ");
    row("escaped key", R"({"\u006dethod":"m"})", "notification m ");
    row("result", R"({"jsonrpc":"2.0","id":3,"result":{"stopReason":"end_turn"}})",
        R"(result 3 {"stopReason":"end_turn"})");
    row("result null", R"({"id":3,"result":null})", "result 3 null");
    row("error", R"({"id":3,"error":{"code":-32000,"message":"Auth","data":{"k":[1]}}})",
        R"(failure 3 -32000 Auth {"k":[1]})");
    row("error without data", R"({"id":3,"error":{"code":401,"message":"no"}})", "failure 3 401 no ");
    row("error null beside result", R"({"id":3,"result":1,"error":null})", "result 3 1");
    row("error that is text", R"({"id":3,"error":"bad"})", "failure 3 -32603 \"bad\" ");
    row("error to nothing", R"({"id":null,"error":{"code":-32700,"message":"Parse error"}})",
        "failure null -32700 Parse error ");
    row("answer with nothing", R"({"id":3})", "error");
    row("empty object", "{}", "error");
    row("empty", "", "error");
    row("garbage", "Loading…", "error");
    row("cut", R"({"method":"m","params":{"a)", "error");
    row("two", R"({"method":"m"}{"method":"n"})", "error");
    row("batch", R"([{"method":"m"}])", "error");
    row("number", "12", "error");
    row("method not text", R"({"id":1,"method":5})", "error");
    row("invalid utf-8", "{\"method\":\"\xff\"}", "error");
}

void TestJsonRpc::parses()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, expected);
    QCOMPARE(describe(parseRpc(line)), expected);
}

void TestJsonRpc::encodedComesBack()
{
    const QJsonObject params{{u"t"_s, u"a\nb\u2028ü"_s}};
    const QByteArray request = encodeRequest(RpcId(qint64(0)), u"m"_s, params);
    QCOMPARE(request.count('\n'), 1);
    QVERIFY(request.endsWith('\n'));
    const auto parsed = parseRpc(request);
    QVERIFY(parsed && std::holds_alternative<RpcRequest>(*parsed));
    QCOMPARE(std::get<RpcRequest>(*parsed).id, RpcId(qint64(0)));
    QCOMPARE(asObject(std::get<RpcRequest>(*parsed).params).value(), params);
    QCOMPARE(describe(parseRpc(encodeNotification(u"n"_s, {}))), u"notification n {}"_s);
    QCOMPARE(describe(parseRpc(encodeResult(RpcId(u"x"_s), QJsonValue::Null))), u"result \"x\" null"_s);
    QCOMPARE(describe(parseRpc(encodeError(RpcId(qint64(4)), {.code = 5, .message = u"m"_s, .data = "[1]"}))),
             u"failure 4 5 m [1]"_s);
}

void TestJsonRpc::outcomeReachesItsRequestOnce()
{
    Wire wire;
    QStringList outcomes;
    const auto reply = [&](const RpcOutcome &outcome) {
        outcomes.append(outcome ? text(*outcome) : u"error "_s + outcome.error().message);
    };
    QCOMPARE(wire.peer.request(u"a"_s, {}, reply).value(), 1);
    QCOMPARE(wire.peer.request(u"b"_s, {}, reply).value(), 2);
    QCOMPARE(wire.last().value(u"method"_s).toString(), u"b"_s);
    QCOMPARE(wire.receive(R"({"id":2,"result":"two"})"), u"ok"_s);
    QCOMPARE(wire.receive(R"({"id":1,"error":{"code":1,"message":"no"}})"), u"ok"_s);
    QCOMPARE(wire.receive(R"({"id":1,"result":"again"})"), u"ok"_s);
    QCOMPARE(outcomes, (QStringList{u"\"two\""_s, u"error no"_s}));
    QCOMPARE(wire.peer.openOutgoing(), 0);
}

void TestJsonRpc::lateAndUnknownAnswersAreCounted()
{
    Wire wire;
    const qint64 id = wire.peer.request(u"a"_s, {}, [](const RpcOutcome &) { QFAIL("given up"); }).value();
    QVERIFY(wire.peer.giveUp(id));
    QVERIFY(!wire.peer.giveUp(id));
    wire.receive(R"({"id":1,"result":1})");
    wire.receive(R"({"id":2,"result":1})");
    wire.receive(R"({"id":"1","result":1})");
    wire.receive(R"({"id":null,"error":{"code":-32700,"message":"Parse error"}})");
    wire.receive("nonsense");
    QCOMPARE(wire.peer.counters().lateAnswers, 1);
    QCOMPARE(wire.peer.counters().unknownAnswers, 3);
    QCOMPARE(wire.peer.counters().malformed, 1);
}

void TestJsonRpc::requestsAreAnsweredOnce()
{
    Wire wire;
    QList<RpcId> asked;
    wire.peer.onRequest(u"ask"_s, [&](const RpcRequest &request) { asked.append(request.id); });
    wire.receive(R"({"id":0,"method":"ask"})");
    wire.receive(R"({"id":"0","method":"ask"})");
    QCOMPARE(asked, (QList<RpcId>{RpcId(qint64(0)), RpcId(u"0"_s)}));
    wire.receive(R"({"id":0,"method":"ask"})");
    QCOMPARE(wire.last().value(u"error"_s)[u"code"_s].toInt(), -32600);
    QCOMPARE(wire.peer.counters().refusedRequests, 1);

    QVERIFY(wire.peer.respond(asked[0], u"yes"_s));
    QCOMPARE(wire.sent.last(), QByteArray("{\"id\":0,\"jsonrpc\":\"2.0\",\"result\":\"yes\"}\n"));
    QVERIFY(!wire.peer.respond(asked[0], u"again"_s));
    QVERIFY(!wire.peer.respondError(asked[0], {}));
    QVERIFY(!wire.peer.respond(RpcId(qint64(99)), 1));
    QVERIFY(wire.peer.respondError(asked[1], {.code = 5, .message = u"no"_s}));
    QCOMPARE(wire.last().value(u"id"_s).toString(), u"0"_s);
    // An id may come again once it was answered.
    wire.receive(R"({"id":0,"method":"ask"})");
    QCOMPARE(asked.size(), 3);
}

void TestJsonRpc::unknownMethodIsRefused()
{
    Wire wire;
    wire.receive(R"({"id":0,"method":"terminal/create","params":{}})");
    QCOMPARE(wire.last().value(u"error"_s)[u"code"_s].toInt(), -32601);
    QCOMPARE(wire.last().value(u"id"_s).toInt(-1), 0);
    QStringList others;
    wire.receive(R"({"method":"_x/first"})");
    wire.peer.onOtherNotification([&](const RpcNotification &n) { others.append(n.method); });
    wire.receive(R"({"method":"_x/y"})");
    QCOMPARE(others, QStringList{u"_x/y"_s});
    QCOMPARE(wire.peer.counters().unknownRequests, 1);
    QCOMPARE(wire.peer.counters().unknownNotifications, 2);
    QCOMPARE(wire.sent.size(), 1);
}

void TestJsonRpc::openRequestsAreCapped()
{
    QList<QByteArray> sent;
    JsonRpcPeer peer([&](const QByteArray &bytes) { sent.append(bytes); },
                     {.maxOutgoing = 2, .maxIncoming = 2});
    int asked = 0;
    peer.onRequest(u"ask"_s, [&](const RpcRequest &) { ++asked; });
    const auto ignore = [](const RpcOutcome &) {
    };
    QVERIFY(peer.request(u"a"_s, {}, ignore));
    QVERIFY(peer.request(u"a"_s, {}, ignore));
    const auto third = peer.request(u"a"_s, {}, ignore);
    QVERIFY(!third);
    QCOMPARE(third.error().code, ErrorCode::TooLarge);
    for (qint64 id = 0; id < 5; ++id)
        peer.dispatch(RpcRequest{.id = id, .method = u"ask"_s, .params = {}});
    QCOMPARE(asked, 2);
    QCOMPARE(peer.openIncoming(), 2);
    QCOMPARE(peer.counters().refusedRequests, 3);
    QCOMPARE(sent.size(), 5);
}

void TestJsonRpc::closeEndsWhatWaits()
{
    Wire wire;
    int closed = 0;
    const auto reply = [&](const RpcOutcome &outcome) {
        closed += !outcome && outcome.error().code == 9;
    };
    QVERIFY(wire.peer.request(u"a"_s, {}, reply));
    QVERIFY(wire.peer.request(u"b"_s, {}, reply));
    const qsizetype sent = wire.sent.size();
    wire.peer.close({.code = 9, .message = {}});
    QCOMPARE(closed, 2);
    wire.receive(R"({"id":1,"result":1})");
    wire.receive(R"({"id":1,"method":"nothing"})");
    wire.peer.notify(u"n"_s, {});
    QVERIFY(!wire.peer.request(u"c"_s, {}, reply));
    QCOMPARE(wire.sent.size(), sent);
    QCOMPARE(closed, 2);
}

void TestJsonRpc::handlerMayAskBack()
{
    Wire wire;
    QByteArray answer;
    wire.peer.onRequest(u"ask"_s, [&](const RpcRequest &request) {
        wire.peer.respond(request.id, 1);
        QVERIFY(wire.peer.request(u"back"_s, {}, [&](const RpcOutcome &o) { answer = o.value_or("none"); }));
    });
    wire.receive(R"({"id":0,"method":"ask"})");
    wire.receive(R"({"id":1,"result":42})");
    QCOMPARE(answer, QByteArray("42"));
}

QTEST_APPLESS_MAIN(TestJsonRpc)
#include "tst_json_rpc.moc"
