// How work does is derived from what it says, its tools and what it counts, and from nothing that only looks
// like progress.
#include "core/node/work/work_signs.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;
using api::WorkState;

class TestWorkSigns : public QObject {
    Q_OBJECT
private slots:
    void whatCountsAsProgress_data();
    void whatCountsAsProgress();
    void tokensCountWhenTheyGrow();
    void theToolUnderWayIsNamed();
    void states_data();
    void states();
    void anAnswerSetsItGoing();
    void anotherTurnBeginsAnew();
};

void TestWorkSigns::whatCountsAsProgress_data()
{
    QTest::addColumn<SessionEvent>("event");
    QTest::addColumn<bool>("progress");
    const auto row = [](const char *name, const SessionEvent &event, bool progress) {
        QTest::newRow(name) << event << progress;
    };
    row("started", SessionStarted{}, true);
    row("text", TextDelta{.messageId = u"m"_s, .text = u"a"_s}, true);
    row("thinking", ThinkingDelta{.messageId = u"m"_s, .text = u"a"_s}, true);
    row("tool", ToolStarted{.toolId = u"t"_s}, true);
    row("tool's output", ToolOutput{.toolId = u"t"_s, .text = u"a"_s}, true);
    row("tool's end", ToolFinished{.toolId = u"t"_s}, true);
    row("file", FileChanged{.path = u"f"_s}, true);
    row("plan", PlanUpdated{}, true);
    row("tokens", Usage{.tokensIn = 5}, true);
    row("no tokens", Usage{}, false);
    row("provider asked again", RateLimited{.hard = true}, false);
    row("warning", SessionWarning{.code = u"unknown_message"_s}, false);
}

void TestWorkSigns::whatCountsAsProgress()
{
    QFETCH(SessionEvent, event);
    QFETCH(bool, progress);
    WorkSigns signs;
    signs.begin(1000);
    signs.hear(event, 9000);
    QCOMPARE(signs.lastMs(), progress ? 9000 : 1000);
}

void TestWorkSigns::tokensCountWhenTheyGrow()
{
    WorkSigns signs;
    signs.begin(0);
    signs.hear(Usage{.tokensIn = 10, .tokensOut = 2}, 1000);
    signs.hear(Usage{.tokensIn = 10, .tokensOut = 2}, 2000);
    QCOMPARE(signs.lastMs(), 1000);
    signs.hear(Usage{.tokensIn = 10, .tokensOut = 3}, 3000);
    QCOMPARE(signs.lastMs(), 3000);
}

void TestWorkSigns::theToolUnderWayIsNamed()
{
    WorkSigns signs;
    signs.begin(0);
    QCOMPARE(signs.tool(), QString());
    signs.hear(ToolStarted{.toolId = u"1"_s, .title = u"make"_s}, 1);
    signs.hear(ToolStarted{.toolId = u"2"_s, .title = u"git status"_s}, 2);
    QCOMPARE(signs.tool(), u"git status"_s);
    signs.hear(ToolFinished{.toolId = u"2"_s}, 3);
    QCOMPARE(signs.tool(), u"make"_s);
    signs.hear(ToolFinished{.toolId = u"1"_s}, 4);
    QCOMPARE(signs.tool(), QString());
}

void TestWorkSigns::states_data()
{
    QTest::addColumn<qint64>("stallMs");
    QTest::addColumn<bool>("waits");
    QTest::addColumn<bool>("held");
    QTest::addColumn<bool>("ending");
    QTest::addColumn<WorkState>("state");
    const qint64 quiet = 10'000;
    QTest::newRow("within its time") << quiet + 1 << false << false << false << WorkState::Working;
    QTest::newRow("silent for too long") << quiet << false << false << false << WorkState::Stalled;
    QTest::newRow("may be silent") << qint64{0} << false << false << false << WorkState::Working;
    QTest::newRow("a person is slow, not it") << quiet << true << false << false << WorkState::WaitingForYou;
    QTest::newRow("the store is slow, not it") << quiet << false << true << false << WorkState::Blocked;
    QTest::newRow("asked in vain") << quiet << true << true << true << WorkState::Ending;
}

void TestWorkSigns::states()
{
    QFETCH(qint64, stallMs);
    QFETCH(bool, waits);
    QFETCH(bool, held);
    QFETCH(bool, ending);
    WorkSigns signs;
    signs.begin(5000);
    signs.setWaits(waits, 5000);
    QTEST(signs.state({.nowMs = 15'000, .stallMs = stallMs, .isEnding = ending, .heldBack = held}), "state");
}

void TestWorkSigns::anAnswerSetsItGoing()
{
    WorkSigns signs;
    signs.begin(0);
    signs.setWaits(true, 100);
    QCOMPARE(signs.lastMs(), 0); // a question is heard of as an event
    signs.setWaits(false, 90'000);
    QCOMPARE(signs.state({.nowMs = 90'500, .stallMs = 1000}), WorkState::Working);
    QCOMPARE(signs.lastMs(), 90'000);
}

void TestWorkSigns::anotherTurnBeginsAnew()
{
    WorkSigns signs;
    signs.begin(0);
    signs.hear(ToolStarted{.toolId = u"1"_s, .title = u"make"_s}, 1);
    signs.setWaits(true, 1);
    signs.begin(50);
    QCOMPARE(signs.tool(), QString());
    QCOMPARE(signs.lastMs(), 50);
    QCOMPARE(signs.state({.nowMs = 60}), WorkState::Working);
}

QTEST_APPLESS_MAIN(TestWorkSigns)
#include "tst_work_signs.moc"
