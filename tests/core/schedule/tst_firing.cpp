// Firings against a naive oracle that looks at every minute of the clock, in zones with odd rules, and the
// days on which a clock is set forth or back.
#include "core/schedule/firing.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestFiring : public QObject {
    Q_OBJECT
private slots:
    void oracle_data();
    void oracle();
    void clockChanges_data();
    void clockChanges();
    void intervalCountsFromItsAnchor();
    void momentFiresOnce();
};

namespace {

constexpr qint64 minuteMs = 60'000;

qint64 ms(const QString &iso) { return QDateTime::fromString(iso, Qt::ISODate).toMSecsSinceEpoch(); }

// Asks nothing but: what does the clock show at this minute, and what did it show at the one before?
class Oracle {
public:
    Oracle(const CronPattern &pattern, const QTimeZone &zone)
        : m_pattern(pattern)
        , m_zone(zone)
    {
    }

    std::vector<qint64> firings(qint64 fromMs, qint64 toMs)
    {
        std::vector<qint64> found;
        qint64 furthest = shown(fromMs); // the latest time that the clock has shown so far
        for (qint64 at = fromMs + minuteMs; at <= toMs; at += minuteMs) {
            const qint64 now = shown(at);
            bool fires = false;
            if (!m_pattern.hoursAreFixed) {
                fires = matches(now);
            } else {
                for (qint64 time = furthest + minuteMs; time <= now && !fires; time += minuteMs)
                    fires = matches(time);
            }
            furthest = std::max(furthest, now);
            if (fires)
                found.push_back(at);
        }
        return found;
    }

private:
    [[nodiscard]] qint64 shown(qint64 at) const
    {
        return at + 1000LL * m_zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(at, QTimeZone::UTC));
    }
    [[nodiscard]] bool matches(qint64 clock)
    {
        const QDateTime time = QDateTime::fromMSecsSinceEpoch(clock, QTimeZone::UTC);
        const auto minute = static_cast<size_t>(clock / minuteMs % 60);
        const auto hour = static_cast<size_t>(clock / minuteMs / 60 % 24);
        return m_pattern.minutes.test(minute) && m_pattern.hours.test(hour) &&
               m_pattern.matchesDay(time.date());
    }

    CronPattern m_pattern;
    QTimeZone m_zone;
};

} // namespace

void TestFiring::oracle_data()
{
    QTest::addColumn<QString>("cron");
    QTest::addColumn<QByteArray>("zone");
    const QList<QByteArray> zones{"UTC",
                                  "Europe/Berlin",
                                  "America/New_York",
                                  "America/St_Johns",
                                  "Asia/Kolkata",
                                  "Australia/Lord_Howe",
                                  "Pacific/Chatham",
                                  "America/Sao_Paulo",
                                  "Africa/Casablanca",
                                  "Asia/Tehran",
                                  "Pacific/Apia",
                                  "Antarctica/Troll"};
    const QStringList patterns{u"30 2 * * *"_s, u"*/20 * * * *"_s, u"15 1-3 * * 0,6"_s, u"0 */6 * * *"_s,
                               u"59 23 L * *"_s};
    for (const QByteArray &zone : zones)
        for (const QString &pattern : patterns)
            QTest::addRow("%s %s", zone.constData(), qPrintable(pattern)) << pattern << zone;
}

void TestFiring::oracle()
{
    QFETCH(QString, cron);
    QFETCH(QByteArray, zone);
    const QTimeZone there(zone);
    QVERIFY2(there.isValid(), "the machine's time zone database lacks it");
    const auto pattern = parseCron(cron);
    QVERIFY(pattern);
    // Two years each keep the suite quick; MUSTER_ORACLE_YEARS looks at more (ten before a release).
    const int years = qEnvironmentVariable("MUSTER_ORACLE_YEARS", u"2"_s).toInt();
    const qint64 from = ms(u"2023-06-01T00:00:00Z"_s);
    const qint64 to =
        QDateTime::fromMSecsSinceEpoch(from, QTimeZone::UTC).addYears(years).toMSecsSinceEpoch();
    FiringClock clock(*pattern, there, 0);
    std::vector<qint64> firings;
    for (auto at = clock.next(from); at && *at <= to; at = clock.next(*at))
        firings.push_back(*at);
    const std::vector<qint64> expected = Oracle(*pattern, there).firings(from, to);
    const auto [mine, theirs] = std::ranges::mismatch(firings, expected);
    if (mine != firings.end() || theirs != expected.end()) {
        const qint64 mineMs = mine == firings.end() ? 0 : *mine;
        const qint64 theirsMs = theirs == expected.end() ? 0 : *theirs;
        QCOMPARE(QDateTime::fromMSecsSinceEpoch(mineMs, QTimeZone::UTC).toString(Qt::ISODate),
                 QDateTime::fromMSecsSinceEpoch(theirsMs, QTimeZone::UTC).toString(Qt::ISODate));
    }
    QVERIFY(!expected.empty());
}

void TestFiring::clockChanges_data()
{
    QTest::addColumn<QString>("cron");
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QStringList>("next");
    const auto row = [](const char *name, const char *cron, const char *zone, const QString &after,
                        const QStringList &next) {
        QTest::newRow(name) << QString::fromLatin1(cron) << QByteArray(zone) << after << next;
    };
    row("a time in the gap fires at its end, once", "*/10 2 * * *", "Europe/Berlin",
        u"2026-03-29T00:00:00Z"_s, {u"2026-03-29T01:00:00Z"_s, u"2026-03-30T00:00:00Z"_s});
    row("the gap's end is not fired twice", "0 2,3 * * *", "Europe/Berlin", u"2026-03-28T03:00:00Z"_s,
        {u"2026-03-29T01:00:00Z"_s, u"2026-03-30T00:00:00Z"_s});
    row("a time that comes twice fires at the first", "30 2 * * *", "Europe/Berlin",
        u"2026-10-24T12:00:00Z"_s, {u"2026-10-25T00:30:00Z"_s, u"2026-10-26T01:30:00Z"_s});
    row("asked between the two, the second is not taken", "30 2 * * *", "Europe/Berlin",
        u"2026-10-25T00:45:00Z"_s, {u"2026-10-26T01:30:00Z"_s});
    row("every half hour goes on through both passes", "*/30 * * * *", "Europe/Berlin",
        u"2026-10-24T23:45:00Z"_s,
        {u"2026-10-25T00:00:00Z"_s, u"2026-10-25T00:30:00Z"_s, u"2026-10-25T01:00:00Z"_s,
         u"2026-10-25T01:30:00Z"_s, u"2026-10-25T02:00:00Z"_s});
    row("every half hour goes on across the gap", "*/30 * * * *", "Europe/Berlin", u"2026-03-29T00:15:00Z"_s,
        {u"2026-03-29T00:30:00Z"_s, u"2026-03-29T01:00:00Z"_s, u"2026-03-29T01:30:00Z"_s});
    row("half an hour's change", "45 1 * * *", "Australia/Lord_Howe", u"2026-04-03T20:00:00Z"_s,
        {u"2026-04-04T14:45:00Z"_s, u"2026-04-05T15:15:00Z"_s});
    row("midnight in the gap", "0 0 * * *", "America/Sao_Paulo", u"2018-11-03T12:00:00Z"_s,
        {u"2018-11-04T03:00:00Z"_s, u"2018-11-05T02:00:00Z"_s});
    row("a day that was left out", "0 9 30 12 *", "Pacific/Apia", u"2011-12-29T00:00:00Z"_s,
        {u"2011-12-30T10:00:00Z"_s, u"2012-12-29T19:00:00Z"_s});
    row("next year's leap day", "0 0 29 2 *", "UTC", u"2025-01-01T00:00:00Z"_s,
        {u"2028-02-29T00:00:00Z"_s, u"2032-02-29T00:00:00Z"_s});
    row("strictly after", "0 9 * * *", "UTC", u"2026-01-01T09:00:00Z"_s, {u"2026-01-02T09:00:00Z"_s});
}

void TestFiring::clockChanges()
{
    QFETCH(QString, cron);
    QFETCH(QByteArray, zone);
    QFETCH(QString, after);
    QFETCH(QStringList, next);
    const auto pattern = parseCron(cron);
    QVERIFY(pattern);
    FiringClock clock(*pattern, QTimeZone(zone), 0);
    QStringList found;
    for (const qint64 at : clock.next(ms(after), static_cast<int>(next.size())))
        found += QDateTime::fromMSecsSinceEpoch(at, QTimeZone::UTC).toString(Qt::ISODate);
    QCOMPARE(found, next);
}

void TestFiring::intervalCountsFromItsAnchor()
{
    FiringClock clock(Interval{.everyMs = 900'000}, QTimeZone::UTC, 1'000);
    QCOMPARE(clock.next(1'000), 901'000);
    QCOMPARE(clock.next(900'999), 901'000);
    QCOMPARE(clock.next(901'000), 1'801'000);
    QCOMPARE(clock.next(-5'000'000), 901'000);
}

void TestFiring::momentFiresOnce()
{
    FiringClock clock(Moment{.atMs = 5'000}, QTimeZone::UTC, 0);
    QCOMPARE(clock.next(4'999), 5'000);
    QCOMPARE(clock.next(5'000), std::nullopt);
}

QTEST_APPLESS_MAIN(TestFiring)
#include "tst_firing.moc"
