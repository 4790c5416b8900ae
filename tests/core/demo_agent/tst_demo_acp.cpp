// The agent as its client sees it: every ability over the protocol, with a real process and real files.
#include "tests/core/demo_agent/acp_client.h"
#include "tests/core/demo_agent/fixture.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace muster::test;

class TestDemoAcp : public QObject {
    Q_OBJECT

private slots:
    void init();
    void introducesItself();
    void refusesWhatItDoesNotKnow();
    void answers_data();
    void answers();
    void answersInJson();
    void readsInLines();
    void composesTheSurveyFromReaders();
    void composesTheSurveyFromOneText();
    void writesAfterPermission();
    void honoursRejection_data();
    void honoursRejection();
    void remembersAlways();
    void staysInItsFolder();
    void runsAfterPermission();
    void stopsARunningCommand();
    void cancelsWhileAsked();
    void readOnlyModeNeverAsks();
    void reportsUsageAndSteps();
    void loadsASessionInANewProcess();
    void doesAnUnfinishedPromptAgain();
    void worksInSeveralSessions();
    void runsOnePromptAtATime();
    void endsAtEndOfInput();
    void streamsAtThePaceThatIsSet();

private:
    [[nodiscard]] static QString resultText(const QJsonObject &update);
    std::unique_ptr<QTemporaryDir> m_state;
    std::unique_ptr<TempRepo> m_repo;
    bool m_shared = false;
};

void TestDemoAcp::init()
{
    m_state = std::make_unique<QTemporaryDir>();
    // Rows that only ask share one repository; making it is what takes the time.
    const bool onlyAsks = qstrcmp(QTest::currentTestFunction(), "answers") == 0 && m_shared;
    m_shared = qstrcmp(QTest::currentTestFunction(), "answers") == 0;
    if (onlyAsks)
        return;
    m_repo = std::make_unique<TempRepo>();
    m_repo->fillWithLarder();
}

QString TestDemoAcp::resultText(const QJsonObject &update)
{
    return update.value("content"_L1)
        .toArray()
        .first()
        .toObject()
        .value("content"_L1)
        .toObject()
        .value("text"_L1)
        .toString();
}

void TestDemoAcp::introducesItself()
{
    AcpClient client(m_state->path());
    const QJsonObject said = client.initialize();
    QCOMPARE(said.value("protocolVersion"_L1).toInt(), 1);
    QCOMPARE(said.value("agentInfo"_L1).toObject().value("name"_L1).toString(), u"muster-demo-agent"_s);
    QVERIFY(!said.value("agentInfo"_L1).toObject().value("version"_L1).toString().isEmpty());
    QVERIFY(said.value("agentCapabilities"_L1).toObject().value("loadSession"_L1).toBool());
}

void TestDemoAcp::refusesWhatItDoesNotKnow()
{
    AcpClient client(m_state->path());
    const auto code = [&](const QString &method, const QJsonObject &params) {
        return client.wait(client.request(method, params))
            .value("error"_L1)
            .toObject()
            .value("code"_L1)
            .toInt();
    };
    client.sendRaw("garbage\n{\"jsonrpc\":\n[1]\n\n");
    QCOMPARE(code(u"no/such"_s, {}), -32601);
    QCOMPARE(code(u"session/new"_s, {{u"cwd"_s, u"relative"_s}}), -32602);
    QCOMPARE(code(u"session/load"_s, {{u"sessionId"_s, u"../../etc/passwd"_s}, {u"cwd"_s, m_repo->path()}}),
             -32002);
    QCOMPARE(code(u"session/prompt"_s, {{u"sessionId"_s, u"none"_s}, {u"prompt"_s, QJsonArray()}}), -32002);
}

void TestDemoAcp::answers_data()
{
    QTest::addColumn<QString>("question");
    QTest::addColumn<QString>("part");
    QTest::newRow("greeting") << u"Hello!"_s
                              << u"looking at **Larder**: Larder knows what is in your kitchen"_s;
    QTest::newRow("help") << u"help"_s << u"I have no language model"_s;
    QTest::newRow("unknown") << u"Compose a symphony"_s << u"I did not understand “Compose a symphony”"_s;
    QTest::newRow("inventory") << u"Take an inventory"_s << u"| Python | 13 |"_s;
    QTest::newRow("largest") << u"which files are largest?"_s << u"- `larder/matching.py`: "_s;
    QTest::newRow("todos") << u"show the TODOs"_s << u"- FIXME `larder/stock.py:65`: a broken date"_s;
    QTest::newRow("defined") << u"where is Amount defined?"_s << u"`larder/units.py:"_s;
    QTest::newRow("find") << u"find `kitchen`"_s << u"`README.md:3`"_s;
    QTest::newRow("recent") << u"what changed last week?"_s << u"1 commit in the last 7 days"_s;
    QTest::newRow("authors") << u"who wrote this?"_s << u"- Ada: 1 commit"_s;
    QTest::newRow("tests") << u"how many tests?"_s << u"20 tests in 5 test files."_s;
    QTest::newRow("untested") << u"Say which parts have no tests, worst first."_s << u"- `larder/cli.py`"_s;
    QTest::newRow("build") << u"how do I test it?"_s << u"make test"_s;
    QTest::newRow("licence") << u"which licence?"_s << u"MIT, as `LICENSE` says."_s;
    QTest::newRow("parts") << u"which parts are there?"_s << u"- `larder` ("_s;
    QTest::newRow("module") << u"what does module shopping do?"_s
                            << u"**larder/shopping.py** — The shopping list"_s;
    QTest::newRow("show") << u"show larder/units.py"_s << u"class UnitError"_s;
    QTest::newRow("missing") << u"read no/such/folder and summarise it"_s
                             << u"There is no file or folder `no/such/folder` here."_s;
    QTest::newRow("name") << u"What does Stock.by_urgency do?"_s << u"What runs out first comes first"_s;
    QTest::newRow("question on a file") << u"Which functions are in shopping.py?"_s << u"`aisle_of()`"_s;
    QTest::newRow("no invention") << u"Add a comment to larder/units.py"_s << u"I did not understand"_s;
    QTest::newRow("whole in lines") << u"summarise the repository in three lines"_s
                                    << u"\nParts: `larder`, `web`"_s;
    QTest::newRow("nothing to continue") << u"continue"_s << u"nothing unfinished"_s;
}

void TestDemoAcp::answers()
{
    QFETCH(QString, question);
    QFETCH(QString, part);
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    QCOMPARE(client.prompt(session, question), u"end_turn"_s);
    QVERIFY2(client.text().contains(part), qPrintable(client.text()));
    QVERIFY(client.asked().isEmpty());
}

void TestDemoAcp::answersInJson()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    QCOMPARE(
        client.prompt(session, u"List languages, sizes and tests of this repository. Answer with JSON."_s),
        u"end_turn"_s);
    QJsonParseError error;
    const QJsonObject json = QJsonDocument::fromJson(client.text().toUtf8(), &error).object();
    QCOMPARE(error.error, QJsonParseError::NoError);
    QVERIFY(json.value("modules"_L1).toArray().size() >= 3);
    for (const QString &question :
         {u"Read larder and summarise it. Answer with JSON."_s, u"How many tests? Answer with JSON."_s}) {
        client.prompt(session, question);
        QVERIFY(QJsonDocument::fromJson(client.text().toUtf8()).isObject());
    }
}

void TestDemoAcp::readsInLines()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    client.prompt(session, u"Read larder and summarise it in five lines."_s);
    QCOMPARE(client.text().split(u'\n').size(), 5);
    QVERIFY(client.text().startsWith(u"**larder** — "_s));
}

void TestDemoAcp::composesTheSurveyFromReaders()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    const QJsonArray context{QJsonObject{
        {u"type"_s, u"resource"_s},
        {u"resource"_s, QJsonObject{{u"uri"_s, u"muster:steps/read"_s},
                                    {u"text"_s, u"[\"**larder** — what a reader said.\\nAnd more.\"]"_s}}}}};
    QCOMPARE(client.prompt(session, u"Write SURVEY.md from what the readers found."_s, context),
             u"end_turn"_s);
    const QByteArray survey = m_repo->read(u"SURVEY.md"_s);
    QVERIFY(survey.contains("what a reader said."));
    QVERIFY(survey.contains("## Build and test"));
    QVERIFY(client.text().contains("1 of them in the readers' words"_L1));
    QCOMPARE(client.asked().size(), 1);
    QVERIFY(!client.updates(u"plan"_s).isEmpty());
}

// As the built-in flow puts it: everything in one text, behind the instruction.
void TestDemoAcp::composesTheSurveyFromOneText()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    client.prompt(session,
                  u"List the languages, sizes, tests and modules of this repository. Answer with JSON."_s);
    const QString inventory = client.text();
    QStringList read;
    const QJsonArray modules =
        QJsonDocument::fromJson(inventory.toUtf8()).object().value("modules"_L1).toArray();
    for (const QJsonValue &module : modules) {
        client.prompt(session, u"Read "_s + module.toObject().value("path"_L1).toString() +
                                   u" and summarise it in five lines. "_s);
        read.append(client.text());
    }
    client.prompt(session, u"Write SURVEY.md from what the readers found.\n\nInventory:\n"_s + inventory +
                               u"\n\nWhat the readers found:\n"_s + read.join(u"\n\n"_s) + u'\n');
    QVERIFY2(client.text().contains(u"%1 parts described, %1 of them"_s.arg(modules.size())),
             qPrintable(client.text()));
    QVERIFY(m_repo->read(u"SURVEY.md"_s).contains("parts were described by readers in this run. "));
}

void TestDemoAcp::writesAfterPermission()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    client.prompt(session, u"write notes/today.md with buy milk"_s);
    QCOMPARE(m_repo->read(u"notes/today.md"_s), "buy milk\n"_ba);
    const QJsonObject call = client.asked().first().value("toolCall"_L1).toObject();
    QCOMPARE(call.value("kind"_L1).toString(), u"edit"_s);
    const QJsonObject diff = call.value("content"_L1).toArray().first().toObject();
    QCOMPARE(diff.value("type"_L1).toString(), u"diff"_s);
    QCOMPARE(diff.value("path"_L1).toString(), m_repo->file(u"notes/today.md"_s));
    QCOMPARE(diff.value("newText"_L1).toString(), u"buy milk\n"_s);
    QVERIFY(diff.value("oldText"_L1).isNull());
    QStringList kinds;
    for (const QJsonValue &option : client.asked().first().value("options"_L1).toArray())
        kinds.append(option.toObject().value("kind"_L1).toString());
    QCOMPARE(kinds, (QStringList{u"allow_once"_s, u"allow_always"_s, u"reject_once"_s, u"reject_always"_s}));
    client.prompt(session, u"append `eggs` to notes/today.md"_s);
    client.prompt(session, u"replace `milk` by `oats` in notes/today.md"_s);
    QCOMPARE(m_repo->read(u"notes/today.md"_s), "buy oats\neggs\n"_ba);
    client.prompt(session, u"Write HELLO.md with a greeting that names this repository"_s);
    QVERIFY(m_repo->read(u"HELLO.md"_s).startsWith("# Larder\n\nHello!"));
}

void TestDemoAcp::honoursRejection_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QString>("part");
    QTest::newRow("once") << u"reject_once"_s
                          << u"I was not allowed to write `a.md`, so nothing was changed."_s;
    QTest::newRow("always") << u"reject_always"_s
                            << u"I was not allowed to write `a.md`, so nothing was changed."_s;
    QTest::newRow("cancelled") << u"cancelled"_s << u"was cancelled, so nothing was changed."_s;
}

void TestDemoAcp::honoursRejection()
{
    QFETCH(QString, answer);
    QFETCH(QString, part);
    AcpClient client(m_state->path());
    client.permission = answer;
    const QString session = client.newSession(m_repo->path());
    QCOMPARE(client.prompt(session, u"write a.md with text"_s), u"end_turn"_s);
    QVERIFY2(client.text().contains(part), qPrintable(client.text()));
    QVERIFY(!QFile::exists(m_repo->file(u"a.md"_s)));
    QCOMPARE(client.updates(u"tool_call_update"_s).last().value("status"_L1).toString(), u"failed"_s);
}

void TestDemoAcp::remembersAlways()
{
    AcpClient client(m_state->path());
    client.permission = u"allow_always"_s;
    const QString session = client.newSession(m_repo->path());
    client.prompt(session, u"append `1` to a.md"_s);
    QCOMPARE(client.asked().size(), 1);
    client.prompt(session, u"append `2` to a.md"_s);
    QCOMPARE(client.asked().size(), 0);
    client.prompt(session, u"append `3` to b.md"_s);
    QCOMPARE(client.asked().size(), 1);
    QCOMPARE(m_repo->read(u"a.md"_s), "1\n2\n"_ba);
}

void TestDemoAcp::staysInItsFolder()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    const TempRepo other;
    QVERIFY(QFile::link(other.path(), m_repo->file(u"out"_s)));
    for (const QString &path :
         {QString(u"../x.md"_s), other.file(u"x.md"_s), QString(u"out/x.md"_s), QString(u".git/x.md"_s)}) {
        client.prompt(session, u"write "_s + path + u" with text"_s);
        QVERIFY2(client.text().contains("I only write inside the folder"_L1), qPrintable(client.text()));
        QVERIFY(client.asked().isEmpty());
    }
    QVERIFY(!QFile::exists(other.file(u"x.md"_s)));
}

void TestDemoAcp::runsAfterPermission()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    client.prompt(session, u"run `echo one; echo two >&2; exit 3`"_s);
    const QJsonObject call = client.asked().first().value("toolCall"_L1).toObject();
    QCOMPARE(call.value("kind"_L1).toString(), u"execute"_s);
    QCOMPARE(call.value("rawInput"_L1).toObject().value("command"_L1).toString(),
             u"echo one; echo two >&2; exit 3"_s);
    QVERIFY2(client.text().contains("ended with exit code 3"_L1), qPrintable(client.text()));
    QCOMPARE(client.updates(u"tool_call_update"_s)
                 .last()
                 .value("rawOutput"_L1)
                 .toObject()
                 .value("exitCode"_L1)
                 .toInt(),
             3);
    QVERIFY(resultText(client.updates(u"tool_call_update"_s).last()).contains("two"_L1));
    client.permission = u"reject_once"_s;
    client.prompt(session, u"run `touch made.txt`"_s);
    QVERIFY(!QFile::exists(m_repo->file(u"made.txt"_s)));
}

void TestDemoAcp::stopsARunningCommand()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    const qint64 id = client.startPrompt(session, u"run `touch begun; sleep 300 & wait`"_s);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_repo->file(u"begun"_s)), 20'000);
    client.cancel(session);
    QCOMPARE(client.wait(id).value("result"_L1).toObject().value("stopReason"_L1).toString(), u"cancelled"_s);
}

void TestDemoAcp::cancelsWhileAsked()
{
    AcpClient client(m_state->path());
    client.permission.clear();
    const QString session = client.newSession(m_repo->path());
    const qint64 id = client.startPrompt(session, u"write a.md with text"_s);
    QTRY_COMPARE_WITH_TIMEOUT(client.asked().size(), 1, 20'000);
    client.cancel(session);
    QCOMPARE(client.wait(id).value("result"_L1).toObject().value("stopReason"_L1).toString(), u"cancelled"_s);
    QVERIFY(!QFile::exists(m_repo->file(u"a.md"_s)));
    client.permission = u"allow_once"_s;
    QCOMPARE(client.prompt(session, u"hello"_s), u"end_turn"_s);
}

void TestDemoAcp::readOnlyModeNeverAsks()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    (void)client.wait(
        client.request(u"session/set_mode"_s, {{u"sessionId"_s, session}, {u"modeId"_s, u"read-only"_s}}));
    client.prompt(session, u"write a.md with text"_s);
    QVERIFY(client.asked().isEmpty());
    QVERIFY(client.text().contains("read-only"_L1));
    QVERIFY(!QFile::exists(m_repo->file(u"a.md"_s)));
}

void TestDemoAcp::reportsUsageAndSteps()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    const QString question = u"how many tests?"_s;
    const QJsonObject usage = client.wait(client.startPrompt(session, question))
                                  .value("result"_L1)
                                  .toObject()
                                  .value("usage"_L1)
                                  .toObject();
    QCOMPARE(usage.value("inputTokens"_L1).toInt(), (question.size() + 3) / 4);
    QVERIFY(usage.value("outputTokens"_L1).toInt() >= client.text().size() / 4);
    const QJsonObject update = client.updates(u"usage_update"_s).last();
    QCOMPARE(update.value("cost"_L1).toObject().value("amount"_L1).toInt(-1), 0);
    QVERIFY(update.value("used"_L1).toInt() > 0 && update.value("size"_L1).toInt() > 0);
    QVERIFY(!client.updates(u"agent_thought_chunk"_s).isEmpty());
    QVERIFY(!client.updates(u"tool_call"_s).isEmpty());
    QVERIFY(!client.updates(u"agent_message_chunk"_s).first().value("messageId"_L1).toString().isEmpty());
}

void TestDemoAcp::loadsASessionInANewProcess()
{
    QString session;
    {
        AcpClient client(m_state->path());
        session = client.newSession(m_repo->path());
        client.prompt(session, u"how many tests?"_s);
    }
    AcpClient client(m_state->path());
    const QJsonObject params{
        {u"sessionId"_s, session}, {u"cwd"_s, m_repo->path()}, {u"mcpServers"_s, QJsonArray()}};
    QVERIFY(client.wait(client.request(u"session/load"_s, params)).contains("result"_L1));
    QCOMPARE(client.updates(u"user_message_chunk"_s).size(), 1);
    QVERIFY(client.text().startsWith("20 tests"_L1));
    QCOMPARE(client.prompt(session, u"hello"_s), u"end_turn"_s);
}

void TestDemoAcp::doesAnUnfinishedPromptAgain()
{
    QString session;
    {
        AcpClient client(m_state->path());
        session = client.newSession(m_repo->path());
        client.startPrompt(session, u"how many tests? @@crash:3"_s);
        QTRY_COMPARE_WITH_TIMEOUT(client.process().state(), QProcess::NotRunning, 20'000);
        QCOMPARE(client.process().exitCode(), 3);
        QVERIFY(!client.text().isEmpty());
    }
    AcpClient client(m_state->path());
    (void)client.wait(
        client.request(u"session/load"_s, {{u"sessionId"_s, session}, {u"cwd"_s, m_repo->path()}}));
    QCOMPARE(client.prompt(session, u"Please continue."_s), u"end_turn"_s);
    QVERIFY(client.text().startsWith("20 tests in 5 test files."_L1));
    client.prompt(session, u"continue"_s);
    QVERIFY(client.text().contains("nothing unfinished"_L1));
}

void TestDemoAcp::worksInSeveralSessions()
{
    const TempRepo other;
    other.write(u"a.go"_s, "package a\n");
    AcpClient client(m_state->path());
    const QString first = client.newSession(m_repo->path());
    const QString second = client.newSession(other.path());
    QVERIFY(first != second);
    const qint64 stalled = client.startPrompt(first, u"hello @@stall"_s);
    QCOMPARE(client.prompt(second, u"which languages are there?"_s), u"end_turn"_s);
    QVERIFY(client.text().contains("Go"_L1));
    client.cancel(first);
    QCOMPARE(client.wait(stalled).value("result"_L1).toObject().value("stopReason"_L1).toString(),
             u"cancelled"_s);
}

void TestDemoAcp::runsOnePromptAtATime()
{
    AcpClient client(m_state->path());
    const QString session = client.newSession(m_repo->path());
    const qint64 id = client.startPrompt(session, u"hello @@stall"_s);
    QCOMPARE(client.prompt(session, u"hello"_s), u"error"_s);
    client.cancel(session);
    QVERIFY(client.wait(id).contains("result"_L1));
}

void TestDemoAcp::endsAtEndOfInput()
{
    for (const QString &text :
         {u"hello"_s, u"hello @@stall @@ignorecancel"_s, u"run `touch begun; sleep 300`"_s}) {
        AcpClient client(m_state->path());
        const QString session = client.newSession(m_repo->path());
        client.startPrompt(session, text);
        if (text.startsWith("run"_L1))
            QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_repo->file(u"begun"_s)), 20'000);
        client.process().closeWriteChannel();
        QTRY_COMPARE_WITH_TIMEOUT(client.process().state(), QProcess::NotRunning, 20'000);
        QCOMPARE(client.process().exitStatus(), QProcess::NormalExit);
        QCOMPARE(client.process().exitCode(), 0);
    }
}

void TestDemoAcp::streamsAtThePaceThatIsSet()
{
    AcpClient client(m_state->path(), {u"MUSTER_DEMO_CHUNK=10"_s, u"MUSTER_DEMO_PACE_MS=1"_s});
    const QString session = client.newSession(m_repo->path());
    client.prompt(session, u"help"_s);
    const QList<QJsonObject> pieces = client.updates(u"agent_message_chunk"_s);
    QVERIFY(pieces.size() >= client.text().size() / 12);
    for (const QJsonObject &piece : pieces)
        QVERIFY(piece.value("content"_L1).toObject().value("text"_L1).toString().size() <= 11);
}

QTEST_GUILESS_MAIN(TestDemoAcp)
#include "tst_demo_acp.moc"
