// The agent behind the hub's runtime, without a node: what it asks of the hub, what it refuses, what it
// leaves.
#include "app/hub_agent/serve/server.h"
#include "app/hub_agent/serve/updates.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace muster;
using namespace muster::hub;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int patience = 60'000;

// A client of the agent, in this process.
class Bed {
public:
    explicit Bed(const QByteArray &script = "[]")
    {
        qputenv("PASEO_HOME", m_hub.path().toUtf8());
        put(u"script.json"_s, script);
        m_options.program = QStringLiteral(MUSTER_TEST_DIR "/fake_paseo");
        m_options.stateFolder = m_state.path();
        server = std::make_unique<Server>(m_options, [this](const QByteArray &bytes) { m_said += bytes; });
    }

    void send(const QJsonObject &message) const
    {
        QJsonObject whole = message;
        whole.insert(u"jsonrpc"_s, u"2.0"_s);
        server->receive(QJsonDocument(whole).toJson(QJsonDocument::Compact) + '\n');
    }
    // The answer to a request.
    QJsonObject call(const QString &method, const QJsonObject &params)
    {
        const int id = ++m_id;
        send({{u"id"_s, id}, {u"method"_s, method}, {u"params"_s, params}});
        QJsonObject answer;
        (void)QTest::qWaitFor([&] {
            for (const QJsonObject &message : said()) {
                if (message.value(u"id"_s).toInt() == id && !message.contains(u"method"_s))
                    answer = message;
            }
            return !answer.isEmpty();
        }, patience);
        return answer;
    }
    QString open()
    {
        return call(u"session/new"_s, {{u"cwd"_s, m_project.path()}, {u"mcpServers"_s, QJsonArray()}})
            .value(u"result"_s)[u"sessionId"_s]
            .toString();
    }
    QJsonObject prompt(const QString &session, const QString &text)
    {
        const QJsonObject block{{u"type"_s, u"text"_s}, {u"text"_s, text}};
        return call(u"session/prompt"_s, {{u"sessionId"_s, session}, {u"prompt"_s, QJsonArray{block}}});
    }
    [[nodiscard]] QList<QJsonObject> said() const
    {
        QList<QJsonObject> messages;
        for (const QByteArray &line : m_said.split('\n')) {
            if (!line.isEmpty())
                messages += QJsonDocument::fromJson(line).object();
        }
        return messages;
    }
    [[nodiscard]] QString text() const // of the agent, all of it
    {
        QString text;
        for (const QJsonObject &message : said()) {
            const QJsonObject update = message.value(u"params"_s)[u"update"_s].toObject();
            if (update.value(u"sessionUpdate"_s) == u"agent_message_chunk"_s)
                text += update.value(u"content"_s)[u"text"_s].toString();
        }
        return text;
    }
    void put(const QString &name, const QByteArray &content = {}) const
    {
        QFile file(m_hub.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    [[nodiscard]] QJsonObject agent() const
    {
        const QFileInfoList files = QDir(m_hub.filePath(u"agents"_s)).entryInfoList({u"*.json"_s});
        QFile file(files.isEmpty() ? QString() : files.front().filePath());
        return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                              : QJsonObject();
    }
    void another()
    {
        server = std::make_unique<Server>(m_options, [this](const QByteArray &bytes) { m_said += bytes; });
    }
    void forget() const { QVERIFY(QDir(m_hub.filePath(u"agents"_s)).removeRecursively()); }

    Options m_options;
    std::unique_ptr<Server> server;

private:
    QTemporaryDir m_hub;
    QTemporaryDir m_state;
    QTemporaryDir m_project;
    QByteArray m_said;
    int m_id = 0;
};

QString words(const QJsonObject &answer) { return answer.value(u"error"_s)[u"message"_s].toString(); }

} // namespace

class TestHubAgent : public QObject {
    Q_OBJECT
private slots:
    void archivesWhatItMade();
    void anAgentIsFoundAgainByItsLabel();
    void anAgentThatIsGone();
    void unknownSessions();
    void providers();
    void aModelIsChosenBeforeTheFirstPrompt();
    void aPromptThatDoesNotFit();
    void aPromptThatLooksLikeAnOption();
    void theDaemonIsDown();
    void noProgram();
    void processesEnd_data();
    void processesEnd();
    void theCallersHubIsLeft();
    void questions();
};

void TestHubAgent::archivesWhatItMade()
{
    Bed bed(R"([[{"text": "Done."}], [{"text": "Back."}]])");
    const QString session = bed.open();
    QCOMPARE(bed.prompt(session, u"do"_s).value(u"result"_s)[u"stopReason"_s].toString(), u"end_turn"_s);
    QCOMPARE(bed.text(), u"Done."_s);
    const QSignalSpy idle(bed.server.get(), &Server::idle);
    bed.server->close();
    QTRY_COMPARE_WITH_TIMEOUT(idle.size(), 1, patience);
    QVERIFY(bed.agent().value(u"archived"_s).toBool());
    // And it can be gone on with.
    bed.another();
    QVERIFY(bed.call(u"session/resume"_s, {{u"sessionId"_s, session}}).contains(u"result"_s));
    QVERIFY(bed.prompt(session, u"more"_s).contains(u"result"_s));
    QCOMPARE(bed.text(), u"Done.Back."_s);
    QVERIFY(!bed.agent().value(u"archived"_s).toBool());
}

// Its id was never heard of: the one that made it died before.
void TestHubAgent::anAgentIsFoundAgainByItsLabel()
{
    Bed bed(R"([[{"text": "One."}], [{"text": "Two."}]])");
    const QString session = bed.open();
    QVERIFY(bed.prompt(session, u"first"_s).contains(u"result"_s));
    const HubSessionStore store(bed.m_options.stateFolder);
    auto kept = store.load(session);
    QVERIFY(kept);
    kept->agent.clear();
    QVERIFY(store.save(*kept));
    bed.another();
    QVERIFY(bed.call(u"session/resume"_s, {{u"sessionId"_s, session}}).contains(u"result"_s));
    QVERIFY(bed.prompt(session, u"second"_s).contains(u"result"_s));
    QCOMPARE(bed.agent().value(u"turns"_s).toArray().size(), 2);
}

void TestHubAgent::anAgentThatIsGone()
{
    Bed bed(R"([[{"text": "One."}]])");
    const QString session = bed.open();
    QVERIFY(bed.prompt(session, u"first"_s).contains(u"result"_s));
    bed.forget();
    QVERIFY(words(bed.prompt(session, u"second"_s)).startsWith(u"the hub no longer has this agent"_s));
    bed.another();
    const QJsonObject answer = bed.call(u"session/resume"_s, {{u"sessionId"_s, session}});
    QCOMPARE(answer.value(u"error"_s)[u"code"_s].toInt(), -32002);
}

void TestHubAgent::unknownSessions()
{
    Bed bed;
    for (const QString &id : {u"no"_s, u"../x"_s, u"01234567-89ab-cdef-0123-456789abcdef"_s, QString()})
        QVERIFY(bed.call(u"session/resume"_s, {{u"sessionId"_s, id}}).contains(u"error"_s));
    QVERIFY(bed.prompt(u"no"_s, u"x"_s).contains(u"error"_s));
    QVERIFY(bed.call(u"session/new"_s, {{u"cwd"_s, u"relative"_s}}).contains(u"error"_s));
    QVERIFY(bed.call(u"session/fork"_s, {}).contains(u"error"_s));
}

void TestHubAgent::providers()
{
    Bed bed;
    bed.m_options.provider = u"codex/gpt"_s;
    QVERIFY(!bed.open().isEmpty());
    bed.m_options.provider = u"claude"_s; // is there, and cannot be used
    QVERIFY(bed.open().isEmpty());
    QVERIFY(words(bed.said().last()).contains(u"cannot be used: claude"_s));
}

void TestHubAgent::aModelIsChosenBeforeTheFirstPrompt()
{
    Bed bed(R"([[{"text": "One."}]])");
    const QString session = bed.open();
    const auto choose = [&](const QString &model) {
        return bed.call(u"session/set_model"_s, {{u"sessionId"_s, session}, {u"modelId"_s, model}})
            .contains(u"result"_s);
    };
    QVERIFY(choose(u"codex/gpt"_s));
    QVERIFY(bed.prompt(session, u"first"_s).contains(u"result"_s));
    QCOMPARE(bed.agent().value(u"provider"_s).toString(), u"codex/gpt"_s);
    QVERIFY(choose(u"codex/gpt"_s));
    QVERIFY(!choose(u"codex/other"_s));
}

void TestHubAgent::aPromptThatDoesNotFit()
{
    Bed bed;
    const QString session = bed.open();
    QVERIFY(words(bed.prompt(session, QString(maxPrompt + 1, u'x'))).contains(u"longer than"_s));
    QVERIFY(bed.prompt(session, QString(maxPrompt, u'x')).contains(u"result"_s));
    QVERIFY(bed.prompt(session, u" \n"_s).contains(u"error"_s));
}

void TestHubAgent::aPromptThatLooksLikeAnOption()
{
    Bed bed(R"([[{"text": "One."}], [{"text": "Two."}]])");
    const QString session = bed.open();
    QVERIFY(bed.prompt(session, u"--help"_s).contains(u"result"_s));
    QVERIFY(bed.prompt(session, u"--no-wait"_s).contains(u"result"_s));
    const QJsonArray turns = bed.agent().value(u"turns"_s).toArray();
    QCOMPARE(turns.first()[u"prompt"_s].toString(), u"--help"_s);
    QCOMPARE(turns.last()[u"prompt"_s].toString(), u"--no-wait"_s);
    QCOMPARE(bed.text(), u"One.Two."_s);
}

void TestHubAgent::theDaemonIsDown()
{
    Bed bed;
    bed.put(u"down"_s);
    QVERIFY(bed.open().isEmpty());
    QVERIFY2(words(bed.said().last()).startsWith(u"the Paseo daemon is not running"_s),
             qPrintable(words(bed.said().last())));
}

void TestHubAgent::noProgram()
{
    Bed bed;
    bed.m_options.program = u"/nonexistent/paseo"_s;
    QVERIFY(bed.open().isEmpty());
    QVERIFY(words(bed.said().last()).startsWith(u"paseo is not installed"_s));
}

void TestHubAgent::processesEnd_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<int>("limit");
    QTest::newRow("at its limit") << u"trap '' TERM; echo begun; while :; do sleep 1; done"_s << 200;
    QTest::newRow("with too much") << u"yes"_s << 0;
    QTest::newRow("by itself") << u"echo done"_s << 0;
}

void TestHubAgent::processesEnd()
{
    QFETCH(QString, command);
    QFETCH(int, limit);
    HubProcess process;
    const auto future =
        process.start(u"/bin/sh"_s, {u"-c"_s, command}, QDir::tempPath(), std::chrono::milliseconds(limit));
    QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), patience);
    const auto output = future.result();
    if (limit > 0)
        QCOMPARE(output.error().code, ErrorCode::Timeout);
    else if (command == u"yes")
        QCOMPARE(output.error().code, ErrorCode::TooLarge);
    else
        QCOMPARE(output->out, "done\n"_ba);
}

void TestHubAgent::theCallersHubIsLeft()
{
    qputenv("PASEO_AGENT_ID", "a1");
    leaveCallersHub();
    QVERIFY(!qEnvironmentVariableIsSet("PASEO_AGENT_ID"));
}

// The hub's words are shown, and what it asks is never taken for something harmless.
void TestHubAgent::questions()
{
    const QJsonObject asked =
        questionOf({.id = u"p1"_s, .agentId = {}, .tool = u"Read"_s, .description = u"Read a.txt"_s});
    QCOMPARE(asked.value(u"title"_s).toString(), u"Read: Read a.txt"_s);
    QCOMPARE(asked.value(u"kind"_s).toString(), u"other"_s);
    QCOMPARE(questionOf({.id = u"p1"_s, .agentId = {}, .tool = {}, .description = u"-"_s})
                 .value(u"title"_s)
                 .toString(),
             u"a tool"_s);
}

QTEST_GUILESS_MAIN(TestHubAgent)
#include "tst_hub_agent.moc"
