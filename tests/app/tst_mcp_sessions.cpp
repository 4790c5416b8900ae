// MCP servers in sessions of a real node: what agents are given, that they really reach it, and that what
// they ask of Muster's own server is known to be theirs.
#include "tests/e2e/node_client.h"
#include "tests/e2e/store_view.h"

#include <QDir>
#include <QTest>

#include <algorithm>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

const QByteArray secret = "s3cret-token-of-a-server-0815";

QByteArray backwards(QByteArray text)
{
    std::ranges::reverse(text);
    return text;
}

bool anyCommandLineHas(const QByteArray &text)
{
    const QStringList pids = QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    return std::ranges::any_of(
        pids, [&](const QString &pid) { return readFile(u"/proc/"_s + pid + u"/cmdline"_s).contains(text); });
}

} // namespace

class TestMcpSessions : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void agentCallsAServerOfThePerson();
    void valuesAreNobodyElses();
    void wrongFileIsSaidAndLeftOut();
    void runtimeWithoutTheAbility();
    void ownServerKnowsItsSession();
    void ownServerMayBeSwitchedOff();
    void unattendedStartIsRefused();
    void startedRunStartsNoOther();

private:
    bool writeRuntime(const QString &id, bool takesMcp) const;
    bool writeServers(const QByteArray &servers) const;
    [[nodiscard]] bool writeOwn(const QString &prompt) const;
    [[nodiscard]] Finished run(const QString &prompt) const;
    [[nodiscard]] bool runAttended(const QString &prompt) const;
    [[nodiscard]] QString answerOf(qint64 run) const;
    [[nodiscard]] QStringList warnings() const;

    std::unique_ptr<MusterHome> m_home;
    QString m_project;
};

void TestMcpSessions::init()
{
    m_home = std::make_unique<MusterHome>();
    m_project = m_home->makeProject(u"p"_s);
    QVERIFY(writeRuntime(u"fake"_s, true));
    QVERIFY(MusterHome::writeFlow(
        m_project, u"echo"_s,
        "muster: 1\nname: echo\nsteps:\n  - { id: a, isolation: none, run: 'true' }\n"));
}

void TestMcpSessions::cleanup() { m_home.reset(); }

bool TestMcpSessions::writeRuntime(const QString &id, bool takesMcp) const
{
    return writeFile(m_home->paths().configDir + u"/runtimes/"_s + id + u".json"_s,
                     "{\"id\": \"" + id.toUtf8() +
                         "\", \"label\": \"Fake\", \"argv\": [\"" MUSTER_BIN_DIR
                         "/../tests/fake_acp_agent\"], \"abilities\": {\"takes_mcp\": " +
                         (takesMcp ? "true" : "false") + "}, \"sign_in\": {\"needed\": false}}");
}

bool TestMcpSessions::writeServers(const QByteArray &servers) const
{
    return writeFile(m_home->paths().configDir + u"/mcp.json"_s, "{\"mcpServers\": {" + servers + "}}");
}

// One step of an agent that does what its prompt says. An agent cannot trust a project for its run, so the
// project is.
bool TestMcpSessions::writeOwn(const QString &prompt) const
{
    if (!MusterHome::writeFlow(
            m_project, u"own"_s,
            "muster: 1\nname: own\nsteps:\n  - { id: a, isolation: none, runtime: fake, prompt: '" +
                prompt.toUtf8() + "' }\n"))
        return false;
    return m_home->muster({u"trust"_s, m_project}).exitCode == 0;
}

// Unattended, as every run without a terminal.
Finished TestMcpSessions::run(const QString &prompt) const
{
    if (!writeOwn(prompt))
        return {};
    return m_home->muster({u"run"_s, u"own"_s, u"--json"_s, u"--project"_s, m_project});
}

// As a window starts it.
bool TestMcpSessions::runAttended(const QString &prompt) const
{
    if (!writeOwn(prompt))
        return false;
    NodeClient client(*m_home);
    const auto started = client.submit(api::StartRun{.project = m_project, .flow = u"own"_s});
    const auto ended = started ? client.ended(started->refs.run) : std::nullopt;
    return ended && ended->run.status == RunStatus::Completed;
}

QString TestMcpSessions::answerOf(qint64 run) const
{
    const QJsonArray steps = m_home->muster({u"runs"_s, u"show"_s, QString::number(run), u"--json"_s})
                                 .object()
                                 .value(u"steps"_s)
                                 .toArray();
    return steps.isEmpty() ? QString() : steps[0][u"output"].toString();
}

QStringList TestMcpSessions::warnings() const
{
    return StoreView(m_home->paths().storeFile)
        .rows(u"SELECT json_extract(data, '$.code'), json_extract(data, '$.detail') FROM events WHERE kind = "
              "'session.warning' ORDER BY seq"_s);
}

void TestMcpSessions::agentCallsAServerOfThePerson()
{
    QVERIFY(
        writeServers("\"fixture\": {\"command\": \"" MUSTER_BIN_DIR
                     "/../tests/fake_mcp_server\", \"args\": [\"a b\", \"-c\"], \"env\": {\"API_TOKEN\": \"" +
                     secret + "\"}}"));
    const Finished called = run(
        uR"(servers; mcp fixture args {}; mcp fixture env {"name":"API_TOKEN"}; mcp fixture env {"name":"HOME"})"_s);
    QVERIFY2(called.exitCode == 0, called.tail().constData());
    const QString answer = answerOf(1);
    QVERIFY2(answer.contains(u"[muster][fixture]"_s), qPrintable(answer));
    QVERIFY2(answer.contains(u"{\"said\":\"a b -c\"}"_s), qPrintable(answer));
    QVERIFY2(answer.contains(QString::fromUtf8(backwards(secret))), qPrintable(answer));
    QCOMPARE(warnings(), QStringList());
}

void TestMcpSessions::valuesAreNobodyElses()
{
    QVERIFY(writeServers("\"fixture\": {\"command\": \"/bin/true\", \"env\": {\"API_TOKEN\": \"" + secret +
                         "\"}}"));
    QVERIFY(
        MusterHome::writeFlow(m_project, u"slow"_s,
                              "muster: 1\nname: slow\nsteps:\n  - { id: a, isolation: none, runtime: fake, "
                              "prompt: 'say ready; hang' }\n"));
    const auto slow = m_home->start({u"run"_s, u"slow"_s, u"--trust"_s, u"--project"_s, m_project});
    const auto talks = [&] {
        const QJsonArray tasks = m_home->muster({u"tasks"_s, u"--active"_s, u"--json"_s}).array();
        return !tasks.isEmpty() && tasks[0][u"status"].toString() == u"running";
    };
    QTRY_VERIFY_WITH_TIMEOUT(talks(), patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(anyCommandLineHas("fake_acp_agent"), patienceMs);
    QVERIFY(!anyCommandLineHas(secret));
    slow->kill();
    slow->waitForFinished();
    QCOMPARE(m_home->muster({u"runs"_s, u"cancel"_s, u"1"_s}).exitCode, 0);
    // And masked, should the agent say it.
    const Finished said = run(u"say the token is "_s + QString::fromUtf8(secret));
    QVERIFY2(said.exitCode == 0, said.tail().constData());
    QVERIFY2(answerOf(2).contains(u"[redacted]"_s), qPrintable(answerOf(2)));
}

void TestMcpSessions::wrongFileIsSaidAndLeftOut()
{
    QVERIFY(writeServers("\"bad\": {\"command\": 1},\n\"web\": {\"url\": \"http://127.0.0.1:1/\"}, \"good\": "
                         "{\"command\": \"/bin/true\"}"));
    const Finished done = run(u"servers"_s);
    QVERIFY2(done.exitCode == 0, done.tail().constData());
    QVERIFY2(answerOf(1).contains(u"[muster][good]"_s), qPrintable(answerOf(1)));
    const QString file = m_home->paths().configDir + u"/mcp.json"_s;
    QStringList said = warnings();
    said.sort();
    QCOMPARE(said,
             (QStringList{u"mcp_file|"_s + file + u": mcpServers.bad.command: write the program as a text"_s,
                          u"mcp_not_passed|web: this agent takes no server of this kind"_s}));
    const QByteArray doctor = m_home->muster({u"doctor"_s, u"--project"_s, m_project}).out;
    QVERIFY2(doctor.contains("mcpServers.bad.command"), doctor.constData());
    // No JSON at all: the agent works, and the place is told.
    QVERIFY(writeFile(file, "{\n nonsense"));
    QCOMPARE(run(u"servers"_s).exitCode, 0);
    QVERIFY(answerOf(2).contains(u"[muster]"_s));
    QVERIFY2(warnings().last().startsWith(u"mcp_file|"_s + file + u":2:"_s), qPrintable(warnings().last()));
}

void TestMcpSessions::runtimeWithoutTheAbility()
{
    QVERIFY(writeRuntime(u"fake"_s, false));
    QVERIFY(writeServers("\"good\": {\"command\": \"/bin/true\"}"));
    QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s}).exitCode, 0); // the catalog is read at its start
    const Finished done = run(u"say none; servers"_s);
    QVERIFY2(done.exitCode == 0, done.tail().constData());
    QCOMPARE(answerOf(1).trimmed(), u"none"_s);
    QCOMPARE(warnings(), QStringList(u"mcp_not_passed|good: this runtime takes no MCP servers"_s));
}

void TestMcpSessions::ownServerKnowsItsSession()
{
    QVERIFY(runAttended(uR"(mcp muster list_runs {}; mcp muster start_run {"flow":"echo"})"_s));
    const QString answer = answerOf(1);
    QVERIFY2(answer.contains(u"\"flow\":\"own\""_s), qPrintable(answer));
    const StoreView store(m_home->paths().storeFile);
    QCOMPARE(
        store.rows(u"SELECT session_id, task_id, run_id, source FROM events WHERE kind = 'agent.asked' AND "
                   "json_extract(data, '$.query') = 'list_runs'"_s),
        QStringList(u"1|1|1|agent:1"_s));
    QVERIFY2(answer.contains(u"waiting_for_person"_s), qPrintable(answer));
    QCOMPARE(store.rows(u"SELECT status, run_id, session_id, json_extract(body, '$.by') FROM inbox"_s),
             QStringList(u"open|1|-|agent:1"_s)); // it waits on, though who asked has ended
    QCOMPARE(m_home->muster({u"inbox"_s, u"answer"_s, u"1"_s, u"yes"_s}).exitCode, 0);
    const auto started = [&] {
        return store.rows(u"SELECT flow, created_by FROM runs WHERE id = 2"_s);
    };
    QTRY_COMPARE_WITH_TIMEOUT(started(), QStringList(u"echo|agent:1 inbox:1"_s), patienceMs);
    QCOMPARE(
        store.number(u"SELECT json_extract(data, '$.origin.session') FROM events WHERE kind = 'run.created' "
                     "AND run_id = 2"_s),
        1);
}

void TestMcpSessions::ownServerMayBeSwitchedOff()
{
    QCOMPARE(m_home->muster({u"config"_s, u"set"_s, u"mcp.own"_s, u"false"_s}).exitCode, 0);
    QCOMPARE(run(u"say none; servers"_s).exitCode, 0);
    QCOMPARE(answerOf(1).trimmed(), u"none"_s);
}

void TestMcpSessions::unattendedStartIsRefused()
{
    const Finished done = run(uR"(mcp muster start_run {"flow":"echo"})"_s);
    QVERIFY2(done.exitCode == 0, done.tail().constData());
    QVERIFY2(answerOf(1).contains(u"Nobody is here"_s), qPrintable(answerOf(1)));
    const StoreView store(m_home->paths().storeFile);
    QCOMPARE(store.number(u"SELECT count(*) FROM inbox"_s), 0);
    QCOMPARE(
        store.rows(u"SELECT json_extract(refs, '$.session') FROM audit WHERE what = 'command.refused'"_s),
        QStringList(u"1"_s));
}

// An agent whose flow may always be started starts it, and the agents in there start nothing.
void TestMcpSessions::startedRunStartsNoOther()
{
    const QString again = uR"(mcp muster start_run {"flow":"own"})"_s;
    QVERIFY(runAttended(again));
    QCOMPARE(m_home->muster({u"inbox"_s, u"answer"_s, u"1"_s, u"yes"_s, u"--scope"_s, u"always"_s}).exitCode,
             0);
    const StoreView store(m_home->paths().storeFile);
    const auto ended = [&] {
        return store.number(u"SELECT count(*) FROM runs WHERE ended_at IS NOT NULL"_s) == 2;
    };
    QTRY_VERIFY_WITH_TIMEOUT(ended(), patienceMs);
    QVERIFY2(answerOf(2).contains(u"may not start another one"_s), qPrintable(answerOf(2)));
    QCOMPARE(store.number(u"SELECT count(*) FROM runs"_s), 2);
}

QTEST_GUILESS_MAIN(TestMcpSessions)
#include "tst_mcp_sessions.moc"
