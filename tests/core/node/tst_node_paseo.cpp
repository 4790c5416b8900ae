// The Paseo hub through a whole node and the real bridge, against a program with the hub's command line.
// After each, no process of it is left, and what it does in the hub is what was meant.
#include "tests/core/node/paseo_bed.h"

#include <csignal>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodePaseo : public QObject {
    Q_OBJECT
private slots:
    void text_data();
    void text();
    void reasoningIsNotTheAnswer();
    void allowed();
    void denied();
    void answeredInTheHub();
    void cancelled();
    void cancelledWhileItAsks();
    void resumed();
    void oneAgentForAConversation();
    void theSameIsAskedTwice();
    void aTurnThatNobodyFollowsIsEnded();
    void failures_data();
    void failures();
    void aRateLimitPutsItOff();
    void commandsThatFail_data();
    void commandsThatFail();
    void aHubThatHangsIsLeft();
    void notInstalled();
    void killedInTheMiddle();

private:
    // The hub's agent works, and the bridge waits for its end and listens to what it says.
    static bool isUnderWay(const PaseoBed &bed)
    {
        return waitFor(
            [&] { return bed.calls(u"wait"_s).size() == 1 && bed.calls(u"attach"_s).size() == 1; });
    }
    static void checkFailed(PaseoBed &bed, const std::optional<RunDetail> &run, FailureReason reason)
    {
        QVERIFY(run);
        QCOMPARE(run->run.status, RunStatus::Failed);
        QVERIFY(run->run.reason);
        QCOMPARE(enumName(*run->run.reason), enumName(reason));
        QVERIFY(bed.isEmptyOfProcesses());
    }
};

void TestNodePaseo::text_data()
{
    QTest::addColumn<bool>("attachEnds");
    QTest::newRow("attach goes on") << false;
    QTest::newRow("attach ends with the turn") << true;
}

void TestNodePaseo::text()
{
    QFETCH(bool, attachEnds);
    PaseoBed bed({{PaseoBed::text(u"Grüße "_s), PaseoBed::tool(u"bash"_s, u"running"_s),
                   PaseoBed::tool(u"bash"_s, u"completed"_s), PaseoBed::tool(u"read"_s, u"failed"_s),
                   PaseoBed::text(u"von hier.\n\nEnde [1]."_s)}});
    if (attachEnds)
        PaseoBed::write(bed.hub(u"attach.ends"_s), {});
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Completed);
    // As with every agent, what a step hands on is what was said last.
    QCOMPARE(run->steps.front().output.trimmed(), u"von hier.\n\nEnde [1]."_s);
    QCOMPARE(run->run.tokensIn, 100);
    QCOMPARE(run->run.tokensOut, 7);
    QCOMPARE(run->run.costMicroUsd, 12'500);
    const QStringList made = bed.calls(u"run"_s).value(0);
    QVERIFY2(made.contains(u"codex"_s), "the only provider that can be used");
    QCOMPARE(made.value(made.indexOf(u"--cwd"_s) + 1), bed.path(u"."_s).chopped(2));
    QVERIFY2(made.last().contains(u"do it\nand well"_s), qPrintable(made.last()));
    const auto started = bed.events(u"session.tool_started"_s);
    const auto finished = bed.events(u"session.tool_finished"_s);
    QCOMPARE(started.size(), size_t{2});
    QCOMPARE(finished.size(), size_t{2});
    QCOMPARE(bed.warnings(), QStringList());
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestNodePaseo::reasoningIsNotTheAnswer()
{
    PaseoBed bed({{PaseoBed::text(u"First."_s), QJsonObject{{u"reasoning"_s, u"I think\n\nso."_s}},
                   PaseoBed::text(u"\nSecond."_s)}});
    const auto run = bed.run();
    QVERIFY(run);
    const QString output = run->steps.front().output;
    QVERIFY2(output.contains(u"First."_s) && output.contains(u"Second."_s), qPrintable(output));
    QVERIFY2(!output.contains(u"so."_s), qPrintable(output));
    QCOMPARE(output.count(u"Second."_s), 1);
}

void TestNodePaseo::allowed()
{
    PaseoBed bed({{PaseoBed::permission(u"made.txt"_s), PaseoBed::text(u"It is there."_s)}});
    const RunId run = bed.start();
    const InboxInfo item = bed.node.openItem(run);
    QCOMPARE(item.kind, InboxKind::Permission);
    QVERIFY2(item.title.contains(u"Write: Write to made.txt"_s), qPrintable(item.title));
    QVERIFY(!QFile::exists(bed.path(u"made.txt"_s)));
    QVERIFY(bed.node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QVERIFY(QFile::exists(bed.path(u"made.txt"_s)));
    QVERIFY(ended->steps.front().output.contains(u"It is there."_s));
    QCOMPARE(bed.calls(u"permit allow"_s).value(0).last(), u"permission-request-1"_s);
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestNodePaseo::denied()
{
    PaseoBed bed({{PaseoBed::permission(u"made.txt"_s), PaseoBed::text(u"Then not."_s)}});
    const RunId run = bed.start();
    const InboxInfo item = bed.node.openItem(run);
    QVERIFY(bed.node.submit(
        AnswerInbox{.inbox = item.id, .answer = AnswerKind::No, .message = u"not on a Sunday"_s}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QVERIFY(!QFile::exists(bed.path(u"made.txt"_s)));
    const QStringList denied = bed.calls(u"permit deny"_s).value(0);
    QVERIFY2(denied.contains(u"--message=not on a Sunday"_s), qPrintable(denied.join(u' ')));
    const QString outcome = bed.lastEvent(u"session.tool_finished"_s).value(u"outcome"_s).toString();
    QVERIFY2(outcome == u"failed" || outcome == u"declined", qPrintable(outcome));
    QVERIFY(bed.isEmptyOfProcesses());
}

// Somebody was quicker, in the hub's own window.
void TestNodePaseo::answeredInTheHub()
{
    PaseoBed bed({{PaseoBed::permission(u"made.txt"_s), PaseoBed::text(u"It is there."_s)}});
    const RunId run = bed.start();
    const InboxInfo item = bed.node.openItem(run);
    QProcess hub;
    hub.start(QStringLiteral(MUSTER_TEST_DIR "/fake_paseo"),
              {u"permit"_s, u"allow"_s, bed.agents().front().value(u"id"_s).toString()});
    QVERIFY(hub.waitForFinished());
    QVERIFY(bed.node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::No}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QVERIFY(bed.warnings().contains(u"answered_elsewhere"_s));
}

void TestNodePaseo::cancelled()
{
    PaseoBed bed({{PaseoBed::text(u"I begin"_s), PaseoBed::stall()}});
    const RunId run = bed.start();
    QVERIFY(isUnderWay(bed));
    QVERIFY(bed.node.submit(CancelRun{.run = run}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Cancelled);
    QVERIFY(bed.isEmptyOfProcesses());
    QCOMPARE(bed.calls(u"stop"_s).size(), 1);
    QVERIFY(PaseoBed::lastTurn(bed.agents().front()).contains(u"stopped"_s));
}

void TestNodePaseo::cancelledWhileItAsks()
{
    PaseoBed bed({{PaseoBed::permission(u"made.txt"_s)}});
    const RunId run = bed.start();
    QVERIFY(bed.node.openItem(run).id.isValid());
    QVERIFY(bed.node.submit(CancelRun{.run = run}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Cancelled);
    QVERIFY(bed.isEmptyOfProcesses());
    QCOMPARE(bed.calls(u"permit allow"_s).size() + bed.calls(u"permit deny"_s).size(), 0);
    QVERIFY(PaseoBed::lastTurn(bed.agents().front()).contains(u"stopped"_s));
    QVERIFY(!QFile::exists(bed.path(u"made.txt"_s)));
}

void TestNodePaseo::resumed()
{
    PaseoBed bed({{PaseoBed::text(u"You said one."_s)}, {PaseoBed::text(u"And now two."_s)}});
    QVERIFY(bed.chat(u"my number is one"_s, 2));
    const QList<qint64> first = bed.processes(u"/muster-hub-agent"_s);
    QCOMPARE(first.size(), 1);
    ::kill(static_cast<pid_t>(first.front()), SIGKILL);
    QVERIFY(bed.chat(u"now it is two"_s, 4));
    QVERIFY(bed.lastEvent(u"session.started"_s).value(u"resumed"_s).toBool());
    QCOMPARE(bed.lastMessage().trimmed(), u"And now two."_s);
    QCOMPARE(bed.agents().size(), 1);
    QCOMPARE(bed.calls(u"send"_s).value(0).last(), u"now it is two"_s);
    QCOMPARE(bed.lastEvent(u"session.usage"_s).value(u"cost_micro_usd"_s).toInteger(), 12'500);
}

void TestNodePaseo::oneAgentForAConversation()
{
    PaseoBed bed({{PaseoBed::text(u"One."_s)}, {PaseoBed::text(u"Two."_s)}, {PaseoBed::text(u"Three."_s)}});
    QVERIFY(bed.chat(u"count"_s, 2));
    QVERIFY(bed.chat(u"go on"_s, 4));
    QVERIFY(bed.chat(u"and on"_s, 6));
    QCOMPARE(bed.lastMessage().trimmed(), u"Three."_s);
    QCOMPARE(bed.agents().size(), 1);
    QCOMPARE(bed.calls(u"run"_s).size(), 1);
    QCOMPARE(bed.calls(u"send"_s).size(), 2);
}

// What the hub shows of earlier turns is not taken for this one's.
void TestNodePaseo::theSameIsAskedTwice()
{
    PaseoBed bed({{PaseoBed::text(u"Once."_s)}, {PaseoBed::text(u"Twice."_s)}});
    QVERIFY(bed.chat(u"again"_s, 2));
    QVERIFY(bed.chat(u"again"_s, 4));
    QCOMPARE(bed.lastMessage().trimmed(), u"Twice."_s);
    QCOMPARE(bed.warnings(), QStringList());
}

void TestNodePaseo::aTurnThatNobodyFollowsIsEnded()
{
    PaseoBed bed({{PaseoBed::text(u"One."_s)}, {PaseoBed::text(u"Back."_s)}});
    QVERIFY(bed.chat(u"first"_s, 2));
    ::kill(static_cast<pid_t>(bed.processes(u"/muster-hub-agent"_s).front()), SIGKILL);
    QVERIFY(bed.isEmptyOfProcesses());
    // Somebody set it to work meanwhile.
    const QJsonArray rest{PaseoBed::text(u"Back."_s)};
    bed.script({{PaseoBed::stall()}, rest});
    QProcess hub;
    hub.start(QStringLiteral(MUSTER_TEST_DIR "/fake_paseo"),
              {u"send"_s, u"--no-wait"_s, bed.agents().front().value(u"id"_s).toString(), u"elsewhere"_s});
    QVERIFY(hub.waitForFinished());
    QVERIFY(bed.chat(u"second"_s, 4));
    QCOMPARE(bed.lastMessage().trimmed(), u"Back."_s);
    QCOMPARE(bed.calls(u"stop"_s).size(), 1);
}

void TestNodePaseo::failures_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<FailureReason>("reason");
    QTest::newRow("its own") << u"The provider fell over"_s << FailureReason::RuntimeError;
    QTest::newRow("sign-in") << u"Claude is not logged in"_s << FailureReason::AuthRequired;
    QTest::newRow("model") << u"model gpt-0 not found"_s << FailureReason::ModelUnavailable;
}

void TestNodePaseo::failures()
{
    QFETCH(QString, error);
    QFETCH(FailureReason, reason);
    PaseoBed bed({{PaseoBed::text(u"I begin."_s), QJsonObject{{u"error"_s, error}}}});
    const auto run = bed.run();
    checkFailed(bed, run, reason);
    QVERIFY2(
        bed.lastEvent(u"session.turn_finished"_s).value(u"detail"_s).toString().contains(error),
        qPrintable(QString::fromUtf8(QJsonDocument(bed.lastEvent(u"session.turn_finished"_s)).toJson())));
}

void TestNodePaseo::aRateLimitPutsItOff()
{
    PaseoBed bed({{QJsonObject{{u"error"_s, u"You have hit your usage limit"_s}}}});
    const RunId run = bed.start();
    QVERIFY(waitFor([&] { return !bed.events(u"task.put_off"_s).empty(); }));
    QVERIFY(bed.isEmptyOfProcesses());
    const auto now = bed.node.query(GetRun{.run = run});
    QVERIFY(now);
    QVERIFY(!isSettled(now->run.status));
}

void TestNodePaseo::commandsThatFail_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<FailureReason>("reason");
    QTest::newRow("the daemon is down") << u"down"_s << FailureReason::LaunchFailed;
    QTest::newRow("garbage for providers") << u"provider ls.garbage"_s << FailureReason::LaunchFailed;
    QTest::newRow("garbage for a new agent") << u"run.garbage"_s << FailureReason::RuntimeError;
    QTest::newRow("a new agent crashes") << u"run.crash"_s << FailureReason::RuntimeError;
    QTest::newRow("garbage for the end") << u"wait.garbage"_s << FailureReason::RuntimeError;
    QTest::newRow("waiting crashes") << u"wait.crash"_s << FailureReason::RuntimeError;
}

void TestNodePaseo::commandsThatFail()
{
    QFETCH(QString, file);
    QFETCH(FailureReason, reason);
    PaseoBed bed({{PaseoBed::text(u"I begin"_s), PaseoBed::stall()}});
    PaseoBed::write(bed.hub(file), {});
    const auto run = bed.run();
    checkFailed(bed, run, reason);
    // Nothing goes on in the hub that was given up here.
    for (const QJsonObject &agent : bed.agents())
        QVERIFY(PaseoBed::lastTurn(agent).contains(u"stopped"_s) || file == u"run.crash"_s);
}

// Cancelling does not wait for what hangs.
void TestNodePaseo::aHubThatHangsIsLeft()
{
    PaseoBed bed({{PaseoBed::text(u"I begin"_s), PaseoBed::stall()}});
    PaseoBed::write(bed.hub(u"stop.stall"_s), {});
    const RunId run = bed.start();
    QVERIFY(waitFor([&] { return bed.calls(u"attach"_s).size() == 1; }));
    QVERIFY(bed.node.submit(CancelRun{.run = run}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Cancelled);
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestNodePaseo::notInstalled()
{
    PaseoBed bed;
    const auto all = bed.node.query(ListRuntimes{.again = true});
    QVERIFY(all);
    const auto paseo = std::ranges::find(*all, u"paseo"_s, &RuntimeInfo::id);
    QVERIFY(paseo != all->end());
    QCOMPARE(paseo->state, u"ready"_s);
    QCOMPARE(paseo->version, u"0.11.0"_s);
    QVERIFY2(paseo->path.endsWith(u"/paseo"_s), qPrintable(paseo->path));
    QVERIFY(QFile::remove(paseo->path));
    const auto then = bed.node.query(ListRuntimes{.again = true});
    QVERIFY(then);
    QCOMPARE(std::ranges::find(*then, u"paseo"_s, &RuntimeInfo::id)->state, u"not_installed"_s);
    checkFailed(bed, bed.run(), FailureReason::LaunchFailed);
}

// The bridge dies, and its commands with it. What the hub does is the hub's.
void TestNodePaseo::killedInTheMiddle()
{
    PaseoBed bed({{PaseoBed::text(u"I begin"_s), PaseoBed::stall()}});
    const RunId run = bed.start();
    QVERIFY(isUnderWay(bed));
    ::kill(static_cast<pid_t>(bed.processes(u"/muster-hub-agent"_s).front()), SIGKILL);
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Failed);
    QVERIFY(bed.isEmptyOfProcesses());
}

QTEST_GUILESS_MAIN(TestNodePaseo)
#include "tst_node_paseo.moc"
