// What people write for "when", and what is refused with the place of the mistake.
#include "core/schedule/when.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestWhen : public QObject {
    Q_OBJECT
private slots:
    void words_data();
    void words();
    void intervals_data();
    void intervals();
    void moments_data();
    void moments();
    void isRefused_data();
    void isRefused();
};

void TestWhen::words_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("cron");
    const auto row = [](const char *text, const char *cron) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromLatin1(cron);
    };
    row("weekdays at 9", "0 9 * * 1-5");
    row("every weekday at 9:00", "0 9 * * 1-5");
    row("every monday 14:30", "30 14 * * 1");
    row("first day of the month at noon", "0 12 1 * *");
    row("last day of the month at 23:45", "45 23 L * *");
    row("every day at midnight", "0 0 * * *");
    row("daily at 7pm", "0 19 * * *");
    row("at 12am", "0 0 * * *");
    row("at 12 pm", "0 12 * * *");
    row("Mondays, Wednesdays and Fridays at 8:15 am", "15 8 * * 1,3,5");
    row("mon-fri at 6", "0 6 * * 1-5");
    row("friday to monday at 20:00", "0 20 * * 0,1,5,6");
    row("weekends at 10 and 16", "0 10,16 * * 0,6");
    row("every day at 9:00 and 9:30", "0,30 9 * * *");
    row("first monday of the month at 9", "0 9 * * 1#1");
    row("last friday of every month at 17:00", "0 17 * * 5#L");
    row("second tuesday of each month at 18:30", "30 18 * * 2#2");
    row("first weekday of the month at 9", "0 9 1W * *");
    row("last weekday of the month at 9", "0 9 LW * *");
    row("1st and 15th at 6", "0 6 1,15 * *");
    row("on the 15th of every month at noon", "0 12 15 * *");
    row("every january 1 at 0:30", "30 0 1 1 *");
    row("24 december at 18:00", "0 18 24 12 *");
    row("24th of december at 18:00", "0 18 24 12 *");
    row("weekdays in june and july at 9", "0 9 * 6,7 1-5");
    row("hourly", "0 * * * *");
    row("every hour", "0 * * * *");
    row("every minute", "* * * * *");
    row("every 15 minutes", "*/15 * * * *");
    row("every 2 hours on weekdays", "0 */2 * * 1-5");
    row("every 30 minutes between 9 and 17 on weekdays", "*/30 9-17 * * 1-5");
    row("every hour from 8am to 6pm", "0 8-18 * * *");
    row("every 10 seconds", "*/10 * * * * *");
    row("weekly", "0 0 * * 0");
    row("monthly", "0 0 1 * *");
    row("every month at 3", "0 3 1 * *");
    row("yearly", "0 0 1 1 *");
    row("0 9 * * 1-5", "0 9 * * 1-5");
    row("@daily", "0 0 * * *");
}

void TestWhen::words()
{
    QFETCH(QString, text);
    QFETCH(QString, cron);
    const auto when = readWhen(text, QTimeZone::UTC);
    QVERIFY2(when,
             qPrintable(when ? QString()
                             : u"refused at %1: %2"_s.arg(when.error().position).arg(when.error().found)));
    QVERIFY(std::holds_alternative<CronPattern>(*when));
    QCOMPARE(std::get<CronPattern>(*when).text, cron);
}

void TestWhen::intervals_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("everyMs");
    QTest::newRow("every 15m") << u"every 15m"_s << qint64(900'000);
    QTest::newRow("90s") << u"90s"_s << qint64(90'000);
    QTest::newRow("2h30m") << u"2h30m"_s << qint64(9'000'000);
    QTest::newRow("every 2h 30m") << u"Every 2h 30m"_s << qint64(9'000'000);
    QTest::newRow("every 45 minutes") << u"every 45 minutes"_s << qint64(2'700'000);
    QTest::newRow("every 3 days") << u"every 3 days"_s << qint64(259'200'000);
    QTest::newRow("every 2 weeks") << u"every 2 weeks"_s << qint64(1'209'600'000);
}

void TestWhen::intervals()
{
    QFETCH(QString, text);
    QFETCH(qint64, everyMs);
    const auto when = readWhen(text, QTimeZone::UTC);
    QVERIFY(when);
    QVERIFY(std::holds_alternative<Interval>(*when));
    QCOMPARE(std::get<Interval>(*when).everyMs, everyMs);
}

void TestWhen::moments_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("utc");
    QTest::newRow("local") << u"2026-12-01 09:00"_s << u"2026-12-01T08:00:00Z"_s;
    QTest::newRow("with offset") << u"2026-12-01T09:00:00-05:00"_s << u"2026-12-01T14:00:00Z"_s;
    QTest::newRow("UTC") << u"2026-12-01T09:00Z"_s << u"2026-12-01T09:00:00Z"_s;
    QTest::newRow("words around") << u"on 2026-7-1 at 9:05"_s << u"2026-07-01T07:05:00Z"_s;
    QTest::newRow("in the gap") << u"2026-03-29 02:30"_s << u"2026-03-29T01:00:00Z"_s;
    QTest::newRow("twice") << u"2026-10-25 02:30"_s << u"2026-10-25T00:30:00Z"_s;
}

void TestWhen::moments()
{
    QFETCH(QString, text);
    QFETCH(QString, utc);
    const auto when = readWhen(text, QTimeZone("Europe/Berlin"));
    QVERIFY(when);
    QVERIFY(std::holds_alternative<Moment>(*when));
    QCOMPARE(
        QDateTime::fromMSecsSinceEpoch(std::get<Moment>(*when).atMs, QTimeZone::UTC).toString(Qt::ISODate),
        utc);
}

void TestWhen::isRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<WhenMistake>("mistake");
    QTest::addColumn<int>("position");
    QTest::addColumn<QString>("found");
    using enum WhenMistake;
    const auto row = [](const char *text, WhenMistake mistake, int position, const QString &found) {
        QTest::newRow(text) << QString::fromUtf8(text) << mistake << position << found;
    };
    row("   ", Empty, 0, {});
    row("whenever you like", NotUnderstood, 0, u"whenever"_s);
    row("every monday att 9", NotUnderstood, 13, u"att"_s);
    row("weekdays at 25", BadTime, 12, u"25"_s);
    row("weekdays at 9:75", BadTime, 12, u"9:75"_s);
    row("weekdays at 13pm", BadTime, 12, u"13pm"_s);
    row("weekdays at", MissingTime, 11, {});
    row("every day at 9:00 and 17:30", TimesDoNotFit, 22, u"17:30"_s);
    row("every other monday at 9", NotUnderstood, 6, u"other"_s);
    row("every second monday at 9", DoesNotFit, 6, u"second"_s);
    row("every third day at 9", DoesNotFit, 6, u"third"_s);
    row("every 45 minutes on weekdays", DoesNotFit, 6, u"45"_s);
    row("every 2 weeks on monday", DoesNotFit, 6, u"2"_s);
    row("every 15 minutes at 9", DoesNotFit, 6, u"15"_s);
    row("monday 9", NotUnderstood, 7, u"9"_s);
    row("2026-02-30 09:00", BadDate, 0, u"2026-02-30"_s);
    row("2026-02-03 24:00", BadTime, 11, u"24:00"_s);
    row("2026-02-03", MissingTime, 10, u"2026-02-03"_s);
    row("500ms", IntervalTooShort, 0, u"500ms"_s);
    row("0s", IntervalTooShort, 0, u"0s"_s);
    row("15m2h", NotUnderstood, 0, u"15m2h"_s);
    row("60 0 * * *", BadValue, 0, u"60"_s);
    row("0 0 * *", FieldCount, 7, u"4"_s);
}

void TestWhen::isRefused()
{
    QFETCH(QString, text);
    QFETCH(WhenMistake, mistake);
    QFETCH(int, position);
    QFETCH(QString, found);
    const auto when = readWhen(text, QTimeZone::UTC);
    QVERIFY(!when);
    QCOMPARE(when.error().mistake, mistake);
    QCOMPARE(when.error().position, position);
    QCOMPARE(when.error().found, found);
}

QTEST_APPLESS_MAIN(TestWhen)
#include "tst_when.moc"
