// `muster mcp` with a real background node: the protocol on its pipes, every tool, what an agent may and may
// not, and what the node writes down of it.
#include "core/node/link/remote_node.h"
#include "tests/app/mcp_client.h"
#include "tests/e2e/store_view.h"

#include <QSet>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTest>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

const QByteArray echoFlow =
    "muster: 1\nname: echo\nparallel_runs: true\ninputs:\n  word: { type: string, default: hello }\n"
    "steps:\n  - { id: say, isolation: none, run: 'echo ${{ inputs.word }}' }\n";
const QByteArray waitFlow =
    "muster: 1\nname: wait\nparallel_runs: true\nsteps:\n  - { id: ok, approval: { ask: Go on? } }\n";

} // namespace

class TestMcp : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void speaksTheProtocol();
    void endsWithItsInput();
    void everyTool();
    void wrongArguments();
    void startWaitsForThePerson();
    void denialIsTold();
    void alwaysStartsAtOnce();
    void sameStartIsNotDoneTwice();
    void answerIsForWhatWasSeen();
    void allowedBeforeTheNodeDied();
    void mayNothingElse();
    void nodeComesBack();

private:
    [[nodiscard]] QJsonArray inbox() const { return m_home->muster({u"inbox"_s, u"--json"_s}).array(); }
    [[nodiscard]] int answer(qint64 item, const QStringList &words) const
    {
        return m_home->muster(QStringList{u"inbox"_s, u"answer"_s, QString::number(item)} + words).exitCode;
    }
    void startOwnNode();
    void change(const QString &sql) const;
    [[nodiscard]] QJsonArray runs(McpClient &client) const
    {
        return client.value(u"list_runs"_s).value(u"runs"_s).toArray();
    }

    std::unique_ptr<MusterHome> m_home;
    QString m_project;
};

void TestMcp::init()
{
    m_home = std::make_unique<MusterHome>();
    m_project = m_home->makeProject(u"p"_s);
    QVERIFY(MusterHome::writeFlow(m_project, u"echo"_s, echoFlow));
    QVERIFY(MusterHome::writeFlow(m_project, u"wait"_s, waitFlow));
    QCOMPARE(m_home->muster({u"trust"_s, m_project}).exitCode, 0);
}

// In place of the one that the command line has started.
void TestMcp::startOwnNode()
{
    QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    m_home->waitUntilNobodyHasTheStore();
    m_home->startNode();
    QVERIFY(m_home->waitUntilReady());
}

// In the store of a home without a node.
void TestMcp::change(const QString &sql) const
{
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"change"_s);
        db.setDatabaseName(m_home->paths().storeFile);
        QVERIFY(db.open());
        QSqlQuery query(db);
        QVERIFY2(query.exec(sql), qPrintable(query.lastError().text()));
        QCOMPARE(query.numRowsAffected(), 1);
    }
    QSqlDatabase::removeDatabase(u"change"_s);
}

void TestMcp::cleanup() { m_home.reset(); }

void TestMcp::speaksTheProtocol()
{
    McpClient client(*m_home, m_project);
    const QJsonArray tools = client.ask(R"("method":"tools/list")").value(u"result")[u"tools"].toArray();
    QVERIFY(tools.size() >= 14);
    for (const auto &tool : tools) {
        const QJsonValue schema = tool[u"inputSchema"];
        QCOMPARE(schema[u"type"].toString(), u"object"_s);
        QVERIFY(!schema[u"additionalProperties"].toBool(true));
        QVERIFY(!tool[u"description"].toString().isEmpty());
        QCOMPARE(tool[u"annotations"][u"readOnlyHint"].toBool(), tool[u"name"].toString() != u"start_run");
    }
    client.write(R"({"jsonrpc":"2.0","id":0,"method":"ping"})");
    QCOMPARE(client.read().value(u"id"), QJsonValue(0));
    client.write(R"({"jsonrpc":"2.0","id":"é","method":"tools/call","params":{"name":"status"}})");
    QCOMPARE(client.read().value(u"id").toString(), u"é"_s);
    client.write("garbage");
    QCOMPARE(client.read().value(u"error")[u"code"].toInt(), -32700);
    client.write(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])");
    QCOMPARE(client.read().value(u"error")[u"code"].toInt(), -32600);
    client.write(QByteArray(6 * 1024 * 1024, 'x'));
    QCOMPARE(client.read().value(u"error")[u"code"].toInt(), -32600);
    QCOMPARE(client.ask(R"("method":"prompts/list")").value(u"error")[u"code"].toInt(), -32601);
    QCOMPARE(client.ask(R"("method":"tools/call","params":{"name":"no"})").value(u"error")[u"code"].toInt(),
             -32602);
    QVERIFY(client.ask(R"("method":"ping")").contains(u"result"_s));
    const Finished end = client.end();
    QCOMPARE(end.exitCode, 0);
    QCOMPARE(end.out, QByteArray());
    QVERIFY(client.saidOnlyMessages());
}

void TestMcp::endsWithItsInput()
{
    McpClient client(*m_home, m_project);
    for (int i = 0; i < 5; ++i)
        client.write(R"({"jsonrpc":"2.0","id":)" + QByteArray::number(i) +
                     R"(,"method":"tools/call","params":{"name":"list_flows"}})");
    const Finished end = client.end(); // what was asked is answered first
    QCOMPARE(end.exitCode, 0);
    QCOMPARE(end.out.count('\n'), 5);
    QCOMPARE(end.out.count("\"name\":\"echo\"") + end.out.count("\\\"name\\\":\\\"echo\\\""), 10);
}

void TestMcp::everyTool()
{
    struct Row {
        QString tool;
        QJsonObject arguments;
        QByteArray says;
    };
    const std::vector<Row> rows{
        {u"status"_s, {}, "\"waiting_for_you\":"},
        {u"list_projects"_s, {}, "\"is_git\":true"},
        {u"list_flows"_s, {}, "\"name\":\"echo\""},
        {u"show_flow"_s, {{u"flow"_s, u"echo"_s}}, "\"id\":\"say\""},
        {u"check_flow"_s, {{u"text"_s, u"muster: 1\nname: x\nstep: []\n"_s}}, "\"line\":3"},
        {u"list_runs"_s, {{u"limit"_s, 5}, {u"active"_s, true}}, "\"flow\":\"wait\""},
        {u"list_runs"_s, {{u"project"_s, u"."_s}}, "\"flow\":\"make\""},
        {u"show_run"_s, {{u"run"_s, 1}}, "\"status\":\"completed\""},
        {u"list_tasks"_s, {{u"run"_s, 1}}, "\"kind\":\"shell\""},
        {u"list_runtimes"_s, {{u"runtime"_s, u"demo"_s}}, "\"abilities\":["},
        {u"list_settings"_s, {}, "\"writable_by\":\"person\""},
        {u"list_inbox"_s, {}, "\"title\":\"Go on?\""},
        {u"list_worktrees"_s, {{u"all"_s, true}}, "\"branch\":"},
        {u"show_changes"_s, {{u"worktree"_s, 1}}, "\"path\":\"new.txt\""},
        {u"show_changes"_s, {{u"worktree"_s, 1}, {u"path"_s, u"new.txt"_s}}, "+made"},
    };
    QVERIFY(
        MusterHome::writeFlow(m_project, u"make"_s,
                              "muster: 1\nname: make\nsteps:\n  - { id: a, isolation: step, run: 'echo made "
                              "> new.txt' }\n"));
    const Finished made = m_home->muster(
        {u"run"_s, u"make"_s, u"--yes"_s, u"--trust"_s, u"--json"_s, u"--project"_s, m_project});
    QVERIFY2(made.exitCode == 0, made.tail().constData());
    const auto waiting = m_home->start({u"run"_s, u"wait"_s, u"--trust"_s, u"--project"_s, m_project});
    QTRY_VERIFY_WITH_TIMEOUT(!inbox().isEmpty(), patienceMs);
    McpClient client(*m_home, m_project);
    QSet<QString> tried{u"start_run"_s}; // in tests of its own
    for (const Row &row : rows) {
        const QJsonObject result = client.call(row.tool, row.arguments);
        const QString text = result.value(u"content")[0][u"text"].toString();
        const QByteArray value =
            QJsonDocument(result.value(u"structuredContent").toObject()).toJson(QJsonDocument::Compact);
        QVERIFY2(!result.value(u"isError").toBool(), qPrintable(row.tool + u": "_s + text));
        QVERIFY2(value.contains(row.says), qPrintable(row.tool + u": "_s + QString::fromUtf8(value)));
        QCOMPARE(text.toUtf8(), value);
        tried.insert(row.tool);
    }
    const QJsonArray tools = client.ask(R"("method":"tools/list")").value(u"result")[u"tools"].toArray();
    for (const auto &tool : tools)
        QVERIFY2(tried.remove(tool[u"name"].toString()), qPrintable(tool[u"name"].toString()));
    QVERIFY(tried.isEmpty());
    waiting->kill();
    waiting->waitForFinished();
}

void TestMcp::wrongArguments()
{
    struct Row {
        QString tool;
        QJsonObject arguments;
        QString says;
    };
    const QJsonObject nested{{u"a"_s, QJsonArray()}};
    const QJsonObject misspelt{{u"words"_s, u"x"_s}};
    const std::vector<Row> rows{
        {u"show_run"_s, {}, u"run is missing"_s},
        {u"show_run"_s, {{u"run"_s, u"1"_s}}, u"positive number"_s},
        {u"show_run"_s, {{u"run"_s, 1.5}}, u"positive number"_s},
        {u"show_run"_s, {{u"run"_s, -1}}, u"positive number"_s},
        {u"list_runs"_s, {{u"limit"_s, 201}}, u"from 1 to 200"_s},
        {u"list_runs"_s, {{u"active"_s, u"yes"_s}}, u"true or false"_s},
        {u"list_runs"_s, {{u"limits"_s, 1}}, u"There are: project"_s},
        {u"status"_s, {{u"x"_s, 1}}, u"takes none"_s},
        {u"start_run"_s, {{u"flow"_s, u"echo"_s}, {u"inputs"_s, nested}}, u"an object whose values"_s},
        {u"show_run"_s, {{u"run"_s, 99}}, u"no run 99"_s},
        {u"start_run"_s, {{u"flow"_s, u"none"_s}}, u"no flow"_s},
        {u"start_run"_s, {{u"flow"_s, u"echo"_s}, {u"inputs"_s, misspelt}}, u"words"_s},
        {u"start_run"_s, {{u"flow"_s, u"echo"_s}, {u"runtime"_s, u"none"_s}}, u"demo"_s},
        {u"start_run"_s, {{u"flow"_s, u"./flows/echo.flow.yaml"_s}}, u"by their names only"_s},
        {u"start_run"_s, {{u"flow"_s, u"x.yaml"_s}}, u"by their names only"_s},
        {u"start_run"_s, {{u"flow"_s, u"hello"_s}, {u"project"_s, u"/"_s}}, u"in its own project only"_s},
    };
    McpClient client(*m_home, m_project);
    for (const Row &row : rows) {
        const QString error = client.error(row.tool, row.arguments);
        QVERIFY2(error.contains(row.says), qPrintable(row.says + u": "_s + error));
    }
    QCOMPARE(inbox().size(), 0);
}

void TestMcp::startWaitsForThePerson()
{
    McpClient client(*m_home, m_project);
    const QJsonObject asks{{u"flow"_s, u"echo"_s}, {u"inputs"_s, QJsonObject{{u"word"_s, u"blue sky"_s}}}};
    const QJsonObject asked = client.value(u"start_run"_s, asks);
    QCOMPARE(asked.value(u"state").toString(), u"waiting_for_person"_s);
    QCOMPARE(runs(client).size(), 0);
    QCOMPARE(client.value(u"start_run"_s, asks), asked); // asked once
    const QJsonArray items = inbox();
    QCOMPARE(items.size(), 1);
    QCOMPARE(items[0][u"kind"].toString(), u"permission"_s);
    QCOMPARE(items[0][u"command"].toString(), u"muster run echo --input 'word=blue sky'"_s);
    QVERIFY(items[0][u"body"].toString().contains(QString::fromUtf8(echoFlow)));
    QVERIFY(items[0][u"who"].toString().startsWith(u"mcp, pid "));
    QCOMPARE(answer(asked.value(u"inbox").toInteger(), {u"yes"_s}), 0);
    const auto completed = [&] {
        const QJsonArray list = runs(client);
        return list.size() == 1 && list[0][u"status"].toString() == u"completed";
    };
    QTRY_VERIFY_WITH_TIMEOUT(completed(), patienceMs);
    QCOMPARE(runs(client)[0][u"inputs"][u"word"].toString(), u"blue sky"_s);
    // With where it came from, in the run and in the log.
    const StoreView store(m_home->paths().storeFile);
    const QString by = store.rows(u"SELECT created_by FROM runs"_s).value(0);
    QVERIFY2(by.contains(u"agent:mcp, pid "_s) && by.contains(u"inbox:"_s), qPrintable(by));
    QCOMPARE(store.number(u"SELECT count(*) FROM events WHERE kind = 'run.created' AND "
                          "json_extract(data, '$.origin.client') LIKE 'mcp, pid %'"_s),
             1);
    QVERIFY(store.number(u"SELECT count(*) FROM events WHERE kind = 'agent.asked' AND "
                         "json_extract(data, '$.query') = 'list_runs'"_s) > 0);
    QCOMPARE(store.number(u"SELECT count(*) FROM audit WHERE what = 'permission.yes'"_s), 1);
    // The same asked again after it has ended is asked anew.
    QCOMPARE(client.value(u"start_run"_s, asks).value(u"state").toString(), u"waiting_for_person"_s);
    QCOMPARE(inbox().size(), 1);
}

void TestMcp::denialIsTold()
{
    McpClient client(*m_home, m_project);
    const QJsonObject asks{{u"flow"_s, u"echo"_s}};
    const qint64 item = client.value(u"start_run"_s, asks).value(u"inbox").toInteger();
    QCOMPARE(answer(item, {u"no"_s, u"--message"_s, u"not today"_s}), 0);
    const QString error = client.error(u"start_run"_s, asks);
    QVERIFY2(error.contains(u"not today"_s), qPrintable(error));
    QCOMPARE(inbox().size(), 0);
    QCOMPARE(runs(client).size(), 0);
    QVERIFY(StoreView(m_home->paths().storeFile)
                .number(u"SELECT count(*) FROM audit WHERE what = 'command.refused'"_s) > 0);
}

void TestMcp::alwaysStartsAtOnce()
{
    const QJsonObject asks{{u"flow"_s, u"echo"_s}};
    {
        McpClient first(*m_home, m_project);
        const qint64 item = first.value(u"start_run"_s, asks).value(u"inbox").toInteger();
        QCOMPARE(answer(item, {u"yes"_s, u"--scope"_s, u"always"_s}), 0);
        QTRY_COMPARE_WITH_TIMEOUT(runs(first).size(), 1, patienceMs);
    }
    McpClient second(*m_home, m_project);
    QCOMPARE(second.value(u"start_run"_s, asks).value(u"state").toString(), u"started"_s);
    // Only to the letter.
    const QJsonObject other{{u"flow"_s, u"echo"_s}, {u"inputs"_s, QJsonObject{{u"word"_s, u"x"_s}}}};
    QCOMPARE(second.value(u"start_run"_s, other).value(u"state").toString(), u"waiting_for_person"_s);
    const QJsonArray rules = m_home->muster({u"permissions"_s, u"--json"_s}).array();
    QCOMPARE(rules.size(), 1);
    QCOMPARE(rules[0][u"kind"].toString(), u"start_flow"_s);
    QCOMPARE(rules[0][u"pattern"].toString(), u"muster run echo --input word=hello"_s);
    QCOMPARE(rules[0][u"used_count"].toInt(), 1);
}

void TestMcp::sameStartIsNotDoneTwice()
{
    McpClient client(*m_home, m_project);
    const QJsonObject asks{{u"flow"_s, u"wait"_s}};
    const qint64 item = client.value(u"start_run"_s, asks).value(u"inbox").toInteger();
    QCOMPARE(answer(item, {u"yes"_s, u"--scope"_s, u"always"_s}), 0);
    QTRY_COMPARE_WITH_TIMEOUT(runs(client).size(), 1, patienceMs);
    for (int i = 0; i < 3; ++i) {
        const QJsonObject again = client.value(u"start_run"_s, asks);
        QCOMPARE(again.value(u"state").toString(), u"existing"_s);
        QCOMPARE(again.value(u"run")[u"id"].toInteger(), 1);
    }
    QCOMPARE(runs(client).size(), 1);
    McpClient other(*m_home, m_project); // another agent's is its own
    QCOMPARE(other.value(u"start_run"_s, asks).value(u"state").toString(), u"started"_s);
}

void TestMcp::answerIsForWhatWasSeen()
{
    McpClient client(*m_home, m_project);
    const qint64 item = client.value(u"start_run"_s, {{u"flow"_s, u"echo"_s}}).value(u"inbox").toInteger();
    QVERIFY(MusterHome::writeFlow(m_project, u"echo"_s, QByteArray(echoFlow).replace("say", "other")));
    QCOMPARE(m_home->muster({u"trust"_s, m_project}).exitCode, 0);
    QCOMPARE(answer(item, {u"yes"_s}), 0);
    const StoreView store(m_home->paths().storeFile);
    const auto failed = [&] {
        return store.number(u"SELECT count(*) FROM events WHERE kind = 'agent.start_failed'"_s) == 1;
    };
    QTRY_VERIFY_WITH_TIMEOUT(failed(), patienceMs);
    QCOMPARE(runs(client).size(), 0);
}

// The answer is in the store and the run is not: the next node begins it, once.
void TestMcp::allowedBeforeTheNodeDied()
{
    qint64 item = 0;
    {
        McpClient client(*m_home, m_project);
        item = client.value(u"start_run"_s, {{u"flow"_s, u"echo"_s}}).value(u"inbox").toInteger();
        QCOMPARE(client.end().exitCode, 0);
    }
    QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    m_home->waitUntilNobodyHasTheStore();
    change(u"UPDATE inbox SET status = 'answered', answer = 'yes', scope = 'once', answered_by = "
           "'person', answered_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) WHERE id = %1"_s.arg(item));
    for (int start = 0; start < 2; ++start) {
        McpClient client(*m_home, m_project);
        QTRY_COMPARE_WITH_TIMEOUT(runs(client).size(), 1, patienceMs);
        const auto completed = [&] {
            return runs(client)[0][u"status"].toString() == u"completed";
        };
        QTRY_VERIFY_WITH_TIMEOUT(completed(), patienceMs);
        QCOMPARE(client.end().exitCode, 0);
        QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
        m_home->waitUntilNobodyHasTheStore();
    }
}

// A client that says that it speaks for an agent is refused what one may not, outside of any session too.
void TestMcp::mayNothingElse()
{
    startOwnNode();
    RemoteNode agent({.socketPath = m_home->paths().socketFile, .clientName = u"test"_s, .forAgent = true});
    const std::vector<api::Command> commands{
        api::OpenProject{.path = m_project},
        api::TrustProject{.path = m_project},
        api::CancelRun{.run = RunId{1}},
        api::AnswerInbox{.inbox = InboxId{1}, .answer = api::AnswerKind::Yes},
        api::NewConversation{.project = m_project},
        api::MergeWorktree{.worktree = WorktreeId{1}},
        api::DropWorktree{.worktree = WorktreeId{1}},
        api::SetSetting{.key = u"pools.flow"_s, .value = 3},
        api::RevokePermission{.rule = PermissionRuleId{1}},
        api::SetSecret{.name = u"ANTHROPIC_API_KEY"_s, .value = u"x"_s},
        api::StopNode{.force = true},
        api::StartRun{.project = m_project, .flow = u"echo"_s, .approve = true},
        api::StartRun{.project = m_project, .flow = u"echo"_s, .trust = true},
        api::StartRun{.project = m_project, .flow = u"echo"_s, .unattended = true}};
    for (const api::Command &command : commands) {
        std::optional<Result<api::CommandDone>> done;
        agent.submit(command, this, [&](const Result<api::CommandDone> &result) { done = result; });
        QTRY_VERIFY_WITH_TIMEOUT(done.has_value(), patienceMs);
        QVERIFY2(!*done, qPrintable(QString::number(command.index())));
        QCOMPARE(done->error().code, ErrorCode::PermissionDenied);
    }
    std::optional<bool> listed;
    agent.query(api::ListSecrets{}, this, std::function([&](Result<std::vector<api::SecretInfo>> result) {
        listed = result.has_value();
    }));
    QTRY_VERIFY_WITH_TIMEOUT(listed.has_value(), patienceMs);
    QVERIFY(!*listed);
    const StoreView store(m_home->paths().storeFile);
    const auto noted = [&] {
        return store.number(u"SELECT count(*) FROM events WHERE kind = 'node.refused_agent' AND source LIKE "
                            "'agent:%'"_s);
    };
    QTRY_COMPARE_WITH_TIMEOUT(noted(), static_cast<qint64>(commands.size()), patienceMs);
    QVERIFY(m_home->nodeRuns());
}

void TestMcp::nodeComesBack()
{
    startOwnNode();
    McpClient client(*m_home, m_project);
    QVERIFY(client.value(u"status"_s).contains(u"running"_s));
    QVERIFY(m_home->nodeRuns());
    m_home->killNode();
    // What is asked while it is away is answered, or said to have failed, and never left open.
    const auto answered = [&] {
        return client.value(u"status"_s).contains(u"running"_s);
    };
    QTRY_VERIFY_WITH_TIMEOUT(answered(), patienceMs);
    QVERIFY(client.saidOnlyMessages());
    QCOMPARE(client.end().exitCode, 0);
    QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s, u"--force"_s}).exitCode, 0);
}

QTEST_GUILESS_MAIN(TestMcp)
#include "tst_mcp.moc"
