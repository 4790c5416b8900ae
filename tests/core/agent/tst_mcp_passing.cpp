// MCP servers on their way to the agent, through real processes: what is passed, what is left out and said,
// and that no value of theirs is ever an argument of a process.
#include "tests/core/agent/session_harness.h"

#include <QDir>
#include <QFileInfo>

using namespace muster;
using namespace muster::testing;

namespace {

const QString secret = u"s3cret-of-a-server-4711"_s;

std::vector<McpEntry> serversWithSecrets()
{
    return {
        {.name = u"local"_s, .command = u"/bin/true"_s, .args = {u"-x"_s}, .env = {{u"API_KEY"_s, secret}}},
        {.name = u"web"_s,
         .transport = McpEntry::Transport::Http,
         .url = u"http://127.0.0.1:1/"_s,
         .headers = {{u"Authorization"_s, secret}}},
        {.name = u"muster"_s, .command = u"/bin/true"_s, .env = {{u"MUSTER_HOME"_s, u"/h"_s}}, .ours = true}};
}

// Of any process of this machine that can be read.
bool anyCommandLineHas(const QByteArray &text)
{
    const QStringList pids = QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    return std::ranges::any_of(pids, [&](const QString &pid) {
        QFile file(u"/proc/"_s + pid + u"/cmdline"_s);
        return file.open(QIODevice::ReadOnly) && file.readAll().contains(text);
    });
}

QStringList filesBelow(const QString &folder)
{
    QStringList found;
    const QFileInfoList entries =
        QDir(folder).entryInfoList(QDir::Files | QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot);
    for (const QFileInfo &entry : entries) {
        if (entry.isDir())
            found += filesBelow(entry.filePath());
        else
            found += entry.filePath();
    }
    return found;
}

} // namespace

class TestMcpPassing : public QObject {
    Q_OBJECT
private slots:
    void neverAnArgument_data();
    void neverAnArgument();
    void byWhatTheAgentTakes_data();
    void byWhatTheAgentTakes();
    void warningsOfTheStartAreTold();
};

void TestMcpPassing::neverAnArgument_data()
{
    QTest::addColumn<RuntimeProtocol>("protocol");
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("fileFlag");
    QTest::addColumn<bool>("byFile");
    QTest::newRow("stream-JSON") << RuntimeProtocol::StreamJson << u"fake_claude"_s << QString() << true;
    QTest::newRow("ACP") << RuntimeProtocol::Acp << u"fake_acp_agent"_s << QString() << false;
    QTest::newRow("ACP, by a file") << RuntimeProtocol::Acp << u"fake_acp_agent"_s << u"--config"_s << true;
    QTest::newRow("Codex") << RuntimeProtocol::Codex << u"fake_codex"_s << QString() << false;
}

void TestMcpPassing::neverAnArgument()
{
    QFETCH(RuntimeProtocol, protocol);
    QFETCH(QString, program);
    QFETCH(QString, fileFlag);
    QFETCH(bool, byFile);
    SessionHarness h;
    h.spec.runtime.protocol = protocol;
    h.spec.runtime.argv = {QStringLiteral(MUSTER_BIN_DIR "/../tests/") + program};
    h.spec.runtime.abilities.takesMcp = true;
    h.spec.runtime.quirks.mcpFileFlag = fileFlag;
    h.spec.mcpServers = serversWithSecrets();
    h.start();
    QTRY_SOON(h.count(u"started"_s) == 1);
    QVERIFY(!anyCommandLineHas(secret.toUtf8()));
    const QStringList files = filesBelow(h.temporary.path());
    QCOMPARE(files.size(), byFile ? 1 : 0);
    for (const QString &path : files) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains(secret.toUtf8()));
        QCOMPARE(file.permissions() & ~(QFile::ReadUser | QFile::WriteUser),
                 QFile::ReadOwner | QFile::WriteOwner);
        QVERIFY(anyCommandLineHas(path.toUtf8())); // it looked where the agent is
    }
    h.session->close();
    QTRY_SOON(h.ended());
    QCOMPARE(filesBelow(h.temporary.path()), QStringList());
}

void TestMcpPassing::byWhatTheAgentTakes_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<bool>("ability");
    QTest::addColumn<bool>("overStdio");
    QTest::addColumn<bool>("showsValues");
    QTest::addColumn<QString>("passed");
    QTest::addColumn<QStringList>("leftOut");
    QTest::newRow("all") << QStringList(u"--http"_s) << true << true << false << u"[local][web][muster]"_s
                         << QStringList();
    QTest::newRow("stdio only") << QStringList() << true << true << false << u"[local][muster]"_s
                                << QStringList(u"web: this agent takes no server of this kind"_s);
    QTest::newRow("http only") << QStringList(u"--http"_s) << true << false << false << u"[web]"_s
                               << QStringList{u"local: this agent takes no server of this kind"_s,
                                              u"muster: this agent takes no server of this kind"_s};
    QTest::newRow("it would show their values")
        << QStringList(u"--http"_s) << true << true << true << u"[muster]"_s
        << QStringList{u"local: this agent would show its values to everybody"_s,
                       u"web: this agent would show its values to everybody"_s};
    QTest::newRow("none") << QStringList(u"--http"_s) << false << true << false << QString()
                          << QStringList(u"local, web: this runtime takes no MCP servers"_s);
}

void TestMcpPassing::byWhatTheAgentTakes()
{
    QFETCH(QStringList, flags);
    QFETCH(bool, ability);
    QFETCH(bool, overStdio);
    QFETCH(bool, showsValues);
    QFETCH(QString, passed);
    QFETCH(QStringList, leftOut);
    SessionHarness h(flags);
    h.spec.runtime.abilities.takesMcp = ability;
    h.spec.runtime.quirks.takesMcpServers = overStdio;
    h.spec.runtime.quirks.showsMcpValues = showsValues;
    h.spec.mcpServers = serversWithSecrets();
    h.start();
    QVERIFY(h.prompt(u"servers"_s));
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    QCOMPARE(h.text(), passed);
    QStringList warned;
    for (const SessionEvent &event : h.events) {
        const auto *warning = std::get_if<SessionWarning>(&event);
        if (warning && warning->code == u"mcp_not_passed")
            warned += warning->detail;
    }
    QCOMPARE(warned, leftOut);
}

void TestMcpPassing::warningsOfTheStartAreTold()
{
    SessionHarness h;
    h.spec.warnings = {{u"mcp_file"_s, u"/c/mcp.json:1:2: no"_s}};
    h.start();
    QTRY_SOON(h.count(u"warning mcp_file"_s) == 1);
    QVERIFY(h.lines.indexOf(u"started"_s) < h.lines.indexOf(u"warning mcp_file"_s));
}

QTEST_GUILESS_MAIN(TestMcpPassing)
#include "tst_mcp_passing.moc"
