// The watchdog's rules, by numbers alone: what is fine, near its limit, running away, to be stopped; and when
// an agent gets nowhere.
#include "core/node/work/session_watch.h"
#include "core/node/work/step_effort.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestWatchRules : public QObject {
    Q_OBJECT
private slots:
    void limits_data();
    void limits();
    void nearALimitIsToldOnce();
    void textOfAMinute();
    void forgivenTextBeginsAnew();
    void efforts_data();
    void efforts();
    void ownEnds();
};

void TestWatchRules::limits_data()
{
    QTest::addColumn<WatchLook>("look");
    QTest::addColumn<int>("kind");
    QTest::addColumn<FailureReason>("reason");
    QTest::addColumn<QString>("detail");
    using Kind = WatchFinding::Kind;
    const auto row = [](const char *name, const WatchLook &look, Kind kind,
                        FailureReason reason = FailureReason::Unknown, const QString &detail = {}) {
        QTest::newRow(name) << look << static_cast<int>(kind) << reason << detail;
    };
    row("nothing", {}, Kind::Fine);
    row("little memory", {.memoryBytes = 799}, Kind::Fine);
    row("near the memory", {.memoryBytes = 800}, Kind::NearLimit, FailureReason::RuntimeError,
        u"memory_limit 800 1000"_s);
    row("all the memory", {.memoryBytes = 1000}, Kind::Stop, FailureReason::RuntimeError,
        u"memory_limit 1000 1000"_s);
    row("cost", {.usage = {.costMicroUsd = 500}}, Kind::Stop, FailureReason::BudgetExceeded,
        u"cost_limit 500 500"_s);
    row("no cost known", {.usage = {.costMicroUsd = {}}}, Kind::Fine);
    row("tokens", {.usage = {.tokensIn = 60, .tokensOut = 41}}, Kind::Stop, FailureReason::BudgetExceeded,
        u"tokens_limit 101 100"_s);
    row("cached tokens do not count", {.usage = {.tokensIn = 100, .tokensOut = 10, .tokensCached = 90}},
        Kind::Fine);
    row("the last step", {.usage = {.agentSteps = 10}}, Kind::NearLimit, FailureReason::TurnLimitExceeded,
        u"turns_limit 10 10"_s);
    row("one step more", {.usage = {.agentSteps = 11}}, Kind::Stop, FailureReason::TurnLimitExceeded,
        u"turns_limit 11 10"_s);
    row("the worst is told", {.memoryBytes = 900, .usage = {.agentSteps = 11}}, Kind::Stop,
        FailureReason::TurnLimitExceeded, u"turns_limit 11 10"_s);
}

void TestWatchRules::limits()
{
    QFETCH(WatchLook, look);
    QFETCH(int, kind);
    SessionWatch watch;
    const WatchFinding found =
        watch.look(look, {.memoryBytes = 1000, .steps = 10, .tokens = 100, .costMicroUsd = 500});
    QCOMPARE(static_cast<int>(found.kind), kind);
    if (found.kind != WatchFinding::Kind::Fine) {
        QTEST(found.reason, "reason");
        QTEST(found.detail, "detail");
    }
    SessionWatch free;
    QCOMPARE(free.look(look, {}).kind, WatchFinding::Kind::Fine); // 0 is no limit
}

void TestWatchRules::nearALimitIsToldOnce()
{
    SessionWatch watch;
    const WatchLimits limits{.memoryBytes = 1000, .tokens = 100};
    QCOMPARE(watch.look({.memoryBytes = 900}, limits).kind, WatchFinding::Kind::NearLimit);
    QCOMPARE(watch.look({.memoryBytes = 950}, limits).kind, WatchFinding::Kind::Fine);
    const WatchLook other{.memoryBytes = 950, .usage = {.tokensIn = 90}};
    QCOMPARE(watch.look(other, limits).kind, WatchFinding::Kind::NearLimit); // another limit
    QCOMPARE(watch.look({.memoryBytes = 1001}, limits).kind, WatchFinding::Kind::Stop);
}

void TestWatchRules::textOfAMinute()
{
    SessionWatch watch;
    const WatchLimits limits{.textBytesPerMinute = 6000};
    qint64 text = 0;
    // A hundred bytes a second are what is allowed, for however long.
    for (int second = 0; second < 300; ++second) {
        text += 100;
        const WatchLook look{.atMs = 1000 * second, .textBytes = text};
        QCOMPARE(watch.look(look, limits).kind, WatchFinding::Kind::Fine);
    }
    const WatchFinding found = watch.look({.atMs = 300'000, .textBytes = text + 200}, limits);
    QCOMPARE(found.kind, WatchFinding::Kind::Runaway);
    QCOMPARE(found.detail, u"runaway_output 6000"_s);
    // After a minute of silence it is forgotten.
    const WatchLook later{.atMs = 361'000, .textBytes = text + 200};
    QCOMPARE(watch.look(later, limits).kind, WatchFinding::Kind::Fine);
}

void TestWatchRules::forgivenTextBeginsAnew()
{
    SessionWatch watch;
    const WatchLimits limits{.textBytesPerMinute = 1000};
    QCOMPARE(watch.look({.atMs = 0, .textBytes = 0}, limits).kind, WatchFinding::Kind::Fine);
    QCOMPARE(watch.look({.atMs = 10, .textBytes = 1001}, limits).kind, WatchFinding::Kind::Runaway);
    watch.forgiveText();
    QCOMPARE(watch.look({.atMs = 20, .textBytes = 1001}, limits).kind, WatchFinding::Kind::Fine);
    QCOMPARE(watch.look({.atMs = 30, .textBytes = 2001}, limits).kind, WatchFinding::Kind::Fine);
    QCOMPARE(watch.look({.atMs = 40, .textBytes = 2002}, limits).kind, WatchFinding::Kind::Runaway);
}

void TestWatchRules::efforts_data()
{
    QTest::addColumn<QList<QPair<int, int>>>("efforts"); // files newly read, lines changed
    QTest::addColumn<QString>("stuck");
    const QPair<int, int> idle{0, 0};
    const QPair<int, int> read{1, 0};
    QTest::newRow("none") << QList<QPair<int, int>>{} << QString();
    QTest::newRow("two idle") << QList{idle, idle} << QString();
    QTest::newRow("three idle") << QList{idle, idle, idle} << u"no_progress 3"_s;
    QTest::newRow("reading is progress") << QList{idle, idle, read} << QString();
    QTest::newRow("the count begins anew") << QList{idle, idle, read, idle, idle} << QString();
    QTest::newRow("three after progress") << QList{read, idle, idle, idle} << u"no_progress 3"_s;
    QTest::newRow("a growing diff") << QList{QPair{0, 5}, QPair{0, 6}, QPair{0, 7}} << QString();
    QTest::newRow("the same diff again")
        << QList{QPair{0, 5}, QPair{0, 5}, QPair{0, 4}, QPair{0, 5}} << u"no_progress 3"_s;
    QList<QPair<int, int>> editing;
    for (int i = 1; i <= 7; ++i)
        editing.append({0, i});
    QTest::newRow("seven that only edit") << editing << QString();
    editing.append({0, 8});
    QTest::newRow("eight that only edit") << editing << u"never_committed 8"_s;
}

void TestWatchRules::efforts()
{
    using Pairs = QList<QPair<int, int>>;
    QFETCH(Pairs, efforts);
    std::vector<EffortRow> rows;
    for (const auto &[reads, lines] : std::as_const(efforts))
        rows.push_back({.newReads = reads, .changedLines = lines});
    QTEST(stuckDetail(rows), "stuck");
}

void TestWatchRules::ownEnds()
{
    QVERIFY(isOwnEnd(FailureReason::RuntimeError));
    for (const FailureReason forced :
         {FailureReason::RateLimited, FailureReason::Stalled, FailureReason::Aborted, FailureReason::Crashed,
          FailureReason::BudgetExceeded, FailureReason::TurnLimitExceeded, FailureReason::DeadlineExceeded,
          FailureReason::LaunchFailed, FailureReason::AuthRequired, FailureReason::Unkillable})
        QVERIFY2(!isOwnEnd(forced), qPrintable(enumName(forced)));
}

QTEST_GUILESS_MAIN(TestWatchRules)
#include "tst_watch_rules.moc"
