// Cron patterns against the cases that the Open Cron Pattern Specification publishes (by meaning, its data of
// versions 1.0 to 1.4), and the mistakes that must be told with their place.
#include "core/schedule/firing.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestCron : public QObject {
    Q_OBJECT
private slots:
    void matches_data();
    void matches();
    void isRefused_data();
    void isRefused();
    void readsTheSame_data();
    void readsTheSame();
    void impossibleDateNeverFires();
};

namespace {

bool firesAt(const QString &cron, const QString &moment)
{
    const auto pattern = parseCron(cron);
    if (!pattern)
        return false;
    const QDateTime at =
        QDateTime::fromString(moment + (moment.size() == 16 ? u":00Z"_s : u"Z"_s), Qt::ISODate);
    return FiringClock(*pattern, QTimeZone::UTC, 0).next(at.toMSecsSinceEpoch() - 1) ==
           at.toMSecsSinceEpoch();
}

} // namespace

void TestCron::matches_data()
{
    QTest::addColumn<QString>("cron");
    QTest::addColumn<QStringList>("yes");
    QTest::addColumn<QStringList>("no");
    const auto row = [](const char *cron, const QStringList &yes, const QStringList &no) {
        QTest::newRow(cron) << QString::fromLatin1(cron) << yes << no;
    };
    row("15 10 * * *", {u"2025-03-10T10:15"_s}, {u"2025-03-10T10:14"_s, u"2025-03-10T10:15:30"_s});
    row("30 8 * jan Mon", {u"2025-01-06T08:30"_s}, {u"2025-02-03T08:30"_s});
    row("5-59/15 9 * * *", {u"2025-03-10T09:05"_s, u"2025-03-10T09:20"_s, u"2025-03-10T09:50"_s},
        {u"2025-03-10T09:15"_s});
    row("0 12 1 * MON", {u"2025-10-01T12:00"_s, u"2025-10-06T12:00"_s, u"2025-09-08T12:00"_s},
        {u"2025-10-07T12:00"_s});
    row("0 12 * * MON", {u"2025-10-06T12:00"_s}, {u"2025-10-07T12:00"_s});
    row("0 12 1-31 * MON", {u"2025-10-06T12:00"_s, u"2025-10-07T12:00"_s}, {u"2025-10-08T11:00"_s});
    row("0 12 *,1 * MON", {u"2025-10-06T12:00"_s}, {u"2025-10-01T12:00"_s});
    row("0 12 ? * MON", {u"2025-10-06T12:00"_s}, {u"2025-10-01T12:00"_s});
    row("@yearly", {u"2026-01-01T00:00"_s}, {u"2026-01-02T00:00"_s});
    row("@monthly", {u"2026-02-01T00:00"_s}, {u"2026-02-02T00:00"_s});
    row("@weekly", {u"2025-10-05T00:00"_s}, {u"2025-10-06T00:00"_s});
    row("@daily", {u"2025-10-07T00:00"_s}, {u"2025-10-07T00:01"_s});
    row("@hourly", {u"2025-10-07T10:00"_s}, {u"2025-10-07T10:01"_s});
    row("30 15 10 * * *", {u"2025-03-10T10:15:30"_s}, {u"2025-03-10T10:15:29"_s});
    row("0 15 10 * * * 2025", {u"2025-03-10T10:15"_s}, {u"2026-03-10T10:15"_s});
    row("0 0 0 1 1 * 1970-2199/2", {u"2026-01-01T00:00"_s}, {u"2025-01-01T00:00"_s});
    row("0 0 L * *", {u"2025-02-28T00:00"_s, u"2024-02-29T00:00"_s},
        {u"2025-02-27T00:00"_s, u"2024-02-28T00:00"_s});
    row("0 0 * * FRI#L", {u"2025-02-28T00:00"_s}, {u"2025-02-21T00:00"_s});
    row("0 0 * * 5L", {u"2025-02-28T00:00"_s}, {u"2025-02-21T00:00"_s});
    row("0 0 * * TUE#3", {u"2025-06-17T00:00"_s}, {u"2025-06-10T00:00"_s});
    row("0 0 * * MON#1,FRI#L", {u"2025-02-03T00:00"_s, u"2025-02-28T00:00"_s}, {u"2025-02-10T00:00"_s});
    row("0 12 15W * *", {u"2025-06-16T12:00"_s, u"2025-02-14T12:00"_s}, {u"2025-06-15T12:00"_s});
    row("0 12 1W * *", {u"2025-02-03T12:00"_s}, {u"2025-02-01T12:00"_s, u"2025-01-31T12:00"_s});
    row("0 12 31W * *", {u"2025-08-29T12:00"_s}, {u"2025-09-01T12:00"_s, u"2025-09-30T12:00"_s});
    row("0 12 LW * *", {u"2025-08-29T12:00"_s, u"2025-02-28T12:00"_s}, {u"2025-08-31T12:00"_s});
    row("0 12 1 * +MON", {u"2025-09-01T12:00"_s}, {u"2025-09-08T12:00"_s, u"2025-10-01T12:00"_s});
    row("0 0 * * 7", {u"2025-10-05T00:00"_s}, {u"2025-10-04T00:00"_s});
    row("0 0 * * FRI-SUN", {u"2025-10-05T00:00"_s, u"2025-10-03T00:00"_s}, {u"2025-10-06T00:00"_s});
    row("  0\t0  * * 5-7 ", {u"2025-10-05T00:00"_s, u"2025-10-03T00:00"_s}, {u"2025-10-06T00:00"_s});
}

void TestCron::matches()
{
    QFETCH(QString, cron);
    QFETCH(QStringList, yes);
    QFETCH(QStringList, no);
    for (const QString &moment : std::as_const(yes))
        QVERIFY2(firesAt(cron, moment), qPrintable(moment));
    for (const QString &moment : std::as_const(no))
        QVERIFY2(!firesAt(cron, moment), qPrintable(moment));
}

void TestCron::isRefused_data()
{
    QTest::addColumn<QString>("cron");
    QTest::addColumn<WhenMistake>("mistake");
    QTest::addColumn<int>("position");
    QTest::addColumn<QString>("found");
    using enum WhenMistake;
    const auto row = [](const char *cron, WhenMistake mistake, int position, const QString &found) {
        QTest::newRow(cron) << QString::fromLatin1(cron) << mistake << position << found;
    };
    row("", Empty, 0, {});
    row("60 0 * * *", BadValue, 0, u"60"_s);
    row("*,*,61 0 * * *", BadValue, 4, u"61"_s);
    row("0 0 10-5 * *", DescendingRange, 4, u"10-5"_s);
    row("0 0 /30 * *", StepOfNothing, 4, u"/30"_s);
    row("0/15 0 * * *", StepOfNothing, 0, u"0/15"_s);
    row("*/0 0 * * *", StepOfZero, 2, u"0"_s);
    row("0 0 0 * *", BadValue, 4, u"0"_s);
    row("0 0 * 13 *", BadValue, 6, u"13"_s);
    row("0 0 * * 8", BadValue, 8, u"8"_s);
    row("0 0 * * MOON", BadValue, 8, u"MOON"_s);
    row("0 0 * *", FieldCount, 7, u"4"_s);
    row("0 0 * * * * * *", FieldCount, 14, u"8"_s);
    row("@Daily", BadValue, 0, u"@Daily"_s);
    row("@daily 0 0 * * *", NotAlone, 7, u"@daily"_s);
    row("@reboot", RebootNotSupported, 0, u"@reboot"_s);
    row("0 12 1-15W * *", NotAlone, 5, u"1-15W"_s);
    row("0 12 1W,15W * *", NotAlone, 5, u"1W"_s);
    row("0 12 +1 * MON", MarkNotHere, 5, u"+"_s);
    row("? 12 * * *", MarkNotHere, 0, u"?"_s);
    row("0 12 * * MON,+TUE", MarkNotHere, 13, u"+"_s);
    row("0 12 * * MON#6", BadValue, 13, u"6"_s);
    row("0 12 * * L", MarkNotHere, 9, u"L"_s);
    row("0 12 , * *", BadValue, 5, {});
    row("0 12 * * MON-", BadValue, 13, {});
    row("0 0 0 1 1 * 1969", BadValue, 12, u"1969"_s);
    row("-1 0 * * *", BadValue, 0, {});
}

void TestCron::isRefused()
{
    QFETCH(QString, cron);
    QFETCH(WhenMistake, mistake);
    QFETCH(int, position);
    QFETCH(QString, found);
    const auto pattern = parseCron(cron);
    QVERIFY(!pattern);
    QCOMPARE(pattern.error().mistake, mistake);
    QCOMPARE(pattern.error().position, position);
    QCOMPARE(pattern.error().found, found);
}

void TestCron::readsTheSame_data()
{
    QTest::addColumn<QString>("one");
    QTest::addColumn<QString>("other");
    QTest::newRow("@daily") << u"@daily"_s << u"0 0 * * *"_s;
    QTest::newRow("@midnight") << u" @midnight "_s << u"0  0 * * *"_s;
    QTest::newRow("@annually") << u"@annually"_s << u"0 0 1 1 *"_s;
}

void TestCron::readsTheSame()
{
    QFETCH(QString, one);
    QFETCH(QString, other);
    QVERIFY(parseCron(one).has_value());
    QCOMPARE(*parseCron(one), *parseCron(other));
}

void TestCron::impossibleDateNeverFires()
{
    const auto pattern = parseCron(u"* * 31 2 *"_s);
    QVERIFY(pattern);
    QCOMPARE(FiringClock(*pattern, QTimeZone("Europe/Berlin"), 0).next(0), std::nullopt);
}

QTEST_APPLESS_MAIN(TestCron)
#include "tst_cron.moc"
