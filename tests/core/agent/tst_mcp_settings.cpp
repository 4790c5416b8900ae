// mcp.json: what is read, and what is said of what does not fit.
#include "core/agent/mcp_settings.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestMcpSettings : public QObject {
    Q_OBJECT
private slots:
    void readsServers();
    void leavesOutWhatDoesNotFit_data();
    void leavesOutWhatDoesNotFit();
    void oneWrongServerLeavesTheOthers();
    void secrets();
};

void TestMcpSettings::readsServers()
{
    const McpSettings settings = readMcpSettings(
        R"({"mcpServers": {
            "local": {"command": "node", "args": ["a b", "-c"], "env": {"K": "v", "EMPTY": ""}, "timeout": 5},
            "off": {"command": "x", "disabled": true},
            "old": {"type": "sse", "url": "https://h/s"},
            "web": {"url": "http://127.0.0.1:8/mcp?x=1", "headers": {"Authorization": "Bearer t"}}
        }, "other": 1})",
        u"/c/mcp.json"_s);
    QVERIFY2(settings.problems.empty(),
             settings.problems.empty() ? "" : qPrintable(settings.problems[0].where));
    QCOMPARE(namesOf(settings.servers), (QStringList{u"local"_s, u"old"_s, u"web"_s}));
    const McpEntry &local = settings.servers[0];
    QCOMPARE(local.command, u"node"_s);
    QCOMPARE(local.args, (QStringList{u"a b"_s, u"-c"_s}));
    QCOMPARE(valuesOf(local.env), (QJsonObject{{u"K"_s, u"v"_s}, {u"EMPTY"_s, QString()}}));
    QVERIFY(!local.ours && local.hasSecrets());
    QCOMPARE(settings.servers[1].transport, McpEntry::Transport::Sse);
    QVERIFY(!settings.servers[1].hasSecrets());
    QCOMPARE(settings.servers[2].transport, McpEntry::Transport::Http);
    QCOMPARE(settings.servers[2].url, u"http://127.0.0.1:8/mcp?x=1"_s);
    QVERIFY(settings.servers[2].hasSecrets());
}

void TestMcpSettings::leavesOutWhatDoesNotFit_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("where");
    const auto server = [](const QByteArray &name, const QByteArray &body) {
        return QByteArray(R"({"mcpServers": {")" + name + R"(": )" + body + "}}");
    };
    QTest::newRow("no JSON") << QByteArray("{\n  \"mcpServers\": {,}\n}") << u"f:2:18"_s;
    QTest::newRow("empty") << QByteArray() << u"f:1:1"_s;
    QTest::newRow("a list") << QByteArray("[]") << u"f"_s;
    QTest::newRow("no servers") << QByteArray("{}") << u"f"_s;
    QTest::newRow("servers are a list") << QByteArray(R"({"mcpServers": []})") << u"f"_s;
    QTest::newRow("a name with a space") << server("a b", R"({"command":"x"})") << u"f: mcpServers.a b"_s;
    QTest::newRow("a name that is ours")
        << server("muster", R"({"command":"x"})") << u"f: mcpServers.muster"_s;
    QTest::newRow("a text") << server("a", R"("x")") << u"f: mcpServers.a"_s;
    QTest::newRow("neither") << server("a", "{}") << u"f: mcpServers.a"_s;
    QTest::newRow("both") << server("a", R"({"command":"x","url":"http://h"})") << u"f: mcpServers.a"_s;
    QTest::newRow("command is empty") << server("a", R"({"command":" "})") << u"f: mcpServers.a.command"_s;
    QTest::newRow("command is a list") << server("a", R"({"command":["x"]})") << u"f: mcpServers.a.command"_s;
    QTest::newRow("args are a text") << server("a", R"({"command":"x","args":"y"})")
                                     << u"f: mcpServers.a.args"_s;
    QTest::newRow("an argument is a number")
        << server("a", R"({"command":"x","args":["y",1]})") << u"f: mcpServers.a.args[1]"_s;
    QTest::newRow("env is a list") << server("a", R"({"command":"x","env":[]})") << u"f: mcpServers.a.env"_s;
    QTest::newRow("a variable is a number")
        << server("a", R"({"command":"x","env":{"A":1}})") << u"f: mcpServers.a.env.A"_s;
    QTest::newRow("no name of a variable")
        << server("a", R"({"command":"x","env":{"A=B":"1"}})") << u"f: mcpServers.a.env.A=B"_s;
    QTest::newRow("command over http")
        << server("a", R"({"command":"x","type":"http"})") << u"f: mcpServers.a.type"_s;
    QTest::newRow("a file") << server("a", R"({"url":"file:///etc/passwd"})") << u"f: mcpServers.a.url"_s;
    QTest::newRow("no host") << server("a", R"({"url":"http://"})") << u"f: mcpServers.a.url"_s;
    QTest::newRow("unknown transport")
        << server("a", R"({"url":"http://h","type":"ws"})") << u"f: mcpServers.a.type"_s;
    QTest::newRow("a header of two lines")
        << server("a", R"({"url":"http://h","headers":{"X":"a\nY: b"}})") << u"f: mcpServers.a.headers.X"_s;
    QTest::newRow("no name of a header")
        << server("a", R"({"url":"http://h","headers":{"X Y":"a"}})") << u"f: mcpServers.a.headers.X Y"_s;
}

void TestMcpSettings::leavesOutWhatDoesNotFit()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, where);
    const McpSettings settings = readMcpSettings(text, u"f"_s);
    QCOMPARE(settings.problems.size(), 1U);
    QCOMPARE(settings.problems[0].where, where);
    QVERIFY(!settings.problems[0].detail.isEmpty());
    QVERIFY(settings.servers.empty());
}

void TestMcpSettings::oneWrongServerLeavesTheOthers()
{
    const McpSettings settings =
        readMcpSettings(R"({"mcpServers": {"a": {"command": 1}, "b": {"command": "x"}, "c": {}}})", u"f"_s);
    QCOMPARE(namesOf(settings.servers), QStringList(u"b"_s));
    QCOMPARE(settings.problems.size(), 2U);
}

void TestMcpSettings::secrets()
{
    const McpSettings settings = readMcpSettings(
        R"({"mcpServers": {
            "a": {"command": "x", "env": {"API_KEY": "k-12345678", "MODE": "production", "db_password": "pw-12345"}},
            "b": {"url": "http://h", "headers": {"Authorization": "Bearer t-12345678", "Accept": "text/plain"}}
        }})",
        u"f"_s);
    QStringList secrets = secretsOf(settings.servers);
    secrets.sort();
    QCOMPARE(secrets, (QStringList{u"Bearer t-12345678"_s, u"k-12345678"_s, u"pw-12345"_s, u"t-12345678"_s}));
}

QTEST_APPLESS_MAIN(TestMcpSettings)
#include "tst_mcp_settings.moc"
