// An agent's questions reach the person and their answers the agent, the same in this process and behind a
// socket. The agent is a script (tests/fixtures/agents/asker.sh) that asks one question and says what it was
// answered.
#include "tests/core/node/node_harness.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodeQuestions : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void theAnswerReachesTheAgent_data() { bothNodes(); }
    void theAnswerReachesTheAgent();
    void severalChoicesReachTheAgent();
    void anEmptyAnswerIsRefused();
    void declinedIsSaid();
    void anUnattendedRunIsNotAsked();
    void aCancelledRunAsksNoMore();

private:
    static void bothNodes()
    {
        QTest::addColumn<bool>("background");
        QTest::addRow("in process") << false;
        QTest::addRow("background") << true;
    }
    [[nodiscard]] std::function<void(const Paths &)> withAsker() const
    {
        return [](const Paths &paths) {
            QVERIFY(QDir().mkpath(paths.configDir + u"/runtimes"_s));
            QFile file(paths.configDir + u"/runtimes/asker.json"_s);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(
                R"({"id": "asker", "label": "Asker", "protocol": "stream_json", "argv": [")" MUSTER_SOURCE_DIR
                R"(/tests/fixtures/agents/asker.sh"], "stream_json": {"flags": [], "agent_name": "Asker", "mode": "default"}})");
        };
    }
    [[nodiscard]] StartRun start(bool unattended = false) const
    {
        return {.project = m_folder.filePath(u"project"_s),
                .flow = u"own"_s,
                .runtime = u"asker"_s,
                .unattended = unattended,
                .trust = true};
    }
    static InboxInfo question(NodeHarness &node, RunId run)
    {
        InboxInfo item;
        (void)waitFor([&] {
            const auto items = node.query(ListInbox{.openOnly = true, .run = run});
            if (items && !items->empty())
                item = items->front();
            return item.id.isValid();
        });
        return item;
    }
    static QString output(const std::optional<RunDetail> &detail)
    {
        return detail && !detail->steps.empty() ? detail->steps.front().output : QString();
    }

    QTemporaryDir m_folder;
};

void TestNodeQuestions::initTestCase()
{
    QVERIFY(QDir().mkpath(m_folder.filePath(u"project/flows"_s)));
    QFile flow(m_folder.filePath(u"project/flows/own.flow.yaml"_s));
    QVERIFY(flow.open(QIODevice::WriteOnly));
    flow.write("muster: 1\nname: own\nsteps:\n  - { id: a, prompt: 'ask me' }\n");
}

void TestNodeQuestions::theAnswerReachesTheAgent()
{
    QFETCH(bool, background);
    NodeHarness node(background, withAsker());
    const auto run = node.submit(start());
    QVERIFY2(run, run ? "" : qPrintable(run.error().detail));
    const InboxInfo asked = question(node, run->refs.run);
    QCOMPARE(asked.kind, InboxKind::Question);
    QCOMPARE(asked.title, u"Which colour?"_s);
    QCOMPARE(asked.choices, (QStringList{u"Red"_s, u"Blue"_s}));
    QCOMPARE(asked.details, (QStringList{u"warm"_s, u"cold"_s}));
    QVERIFY(!asked.several);
    QVERIFY(waitFor([&] {
        const auto detail = node.query(GetRun{.run = run->refs.run});
        return detail && detail->run.status == RunStatus::Waiting;
    }));
    QVERIFY(
        node.submit(AnswerInbox{.inbox = asked.id, .answer = AnswerKind::Yes, .message = u"Ocean blue"_s}));
    const auto ended = node.ended(run->refs.run);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QCOMPARE(output(ended), u"heard Ocean blue"_s);
    const auto item = node.query(ListInbox{.item = asked.id});
    QVERIFY(item);
    QCOMPARE(item->front().answer, u"Ocean blue"_s);
    QCOMPARE(item->front().status, InboxStatus::Answered);
}

void TestNodeQuestions::severalChoicesReachTheAgent()
{
    NodeHarness node(false, withAsker());
    QFile flow(m_folder.filePath(u"project/flows/more.flow.yaml"_s));
    QVERIFY(flow.open(QIODevice::WriteOnly));
    flow.write("muster: 1\nname: more\nsteps:\n  - { id: a, prompt: 'ask me for several' }\n");
    flow.close();
    StartRun more = start();
    more.flow = u"more"_s;
    const auto run = node.submit(more);
    QVERIFY2(run, run ? "" : qPrintable(run.error().detail));
    const InboxInfo asked = question(node, run->refs.run);
    QVERIFY(asked.several);
    QVERIFY(
        node.submit(AnswerInbox{.inbox = asked.id, .answer = AnswerKind::Yes, .message = u"Red\nBlue"_s}));
    QCOMPARE(output(node.ended(run->refs.run)), u"heard Red, Blue"_s);
}

void TestNodeQuestions::anEmptyAnswerIsRefused()
{
    NodeHarness node(false, withAsker());
    const auto run = node.submit(start());
    QVERIFY(run);
    const InboxInfo asked = question(node, run->refs.run);
    const auto empty =
        node.submit(AnswerInbox{.inbox = asked.id, .answer = AnswerKind::Yes, .message = u" \n"_s});
    QVERIFY(!empty);
    QCOMPARE(empty.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(question(node, run->refs.run).id, asked.id); // it still waits
    QVERIFY(node.submit(AnswerInbox{.inbox = asked.id, .answer = AnswerKind::Yes, .message = u"Red"_s}));
    QCOMPARE(output(node.ended(run->refs.run)), u"heard Red"_s);
}

void TestNodeQuestions::declinedIsSaid()
{
    NodeHarness node(false, withAsker());
    const auto run = node.submit(start());
    QVERIFY(run);
    QVERIFY(node.submit(AnswerInbox{.inbox = question(node, run->refs.run).id, .answer = AnswerKind::No}));
    const auto ended = node.ended(run->refs.run);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QVERIFY2(output(ended).startsWith(u"heard no: "_s), qPrintable(output(ended)));
}

void TestNodeQuestions::anUnattendedRunIsNotAsked()
{
    NodeHarness node(false, withAsker());
    const auto run = node.submit(start(true));
    QVERIFY(run);
    const auto ended = node.ended(run->refs.run);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QVERIFY2(output(ended).startsWith(u"heard no: Nobody is here"_s), qPrintable(output(ended)));
    QVERIFY(node.query(ListInbox{.run = run->refs.run})->empty());
    const auto log = node.query(ListEvents{.filter = {.kinds = {u"question.declined"_s}}});
    QVERIFY(log);
    QCOMPARE(log->size(), size_t{1});
}

void TestNodeQuestions::aCancelledRunAsksNoMore()
{
    NodeHarness node(false, withAsker());
    const auto run = node.submit(start());
    QVERIFY(run);
    const InboxInfo asked = question(node, run->refs.run);
    QVERIFY(node.submit(CancelRun{.run = run->refs.run}));
    QCOMPARE(node.ended(run->refs.run)->run.status, RunStatus::Cancelled);
    const auto item = node.query(ListInbox{.item = asked.id});
    QVERIFY(item);
    QCOMPARE(item->front().status, InboxStatus::Withdrawn);
}

QTEST_GUILESS_MAIN(TestNodeQuestions)
#include "tst_node_questions.moc"
