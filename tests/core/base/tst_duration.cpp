// Durations as people write them, and back.
#include "core/base/duration.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestDuration : public QObject {
    Q_OBJECT
private slots:
    void thereAndBack_data();
    void thereAndBack();
    void isNone();
};

void TestDuration::thereAndBack_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << 0LL << u"0s"_s;
    QTest::newRow("milliseconds") << 500LL << u"500ms"_s;
    QTest::newRow("seconds") << 59'000LL << u"59s"_s;
    QTest::newRow("ninety seconds") << 90'000LL << u"1m30s"_s;
    QTest::newRow("minutes") << 1'200'000LL << u"20m"_s;
    QTest::newRow("hours") << 9'000'000LL << u"2h30m"_s;
    QTest::newRow("all") << 93'784'005LL << u"1d2h3m4s5ms"_s;
    QTest::newRow("a year") << kLongestDurationMs << u"366d"_s;
}

void TestDuration::thereAndBack()
{
    QFETCH(qint64, ms);
    QFETCH(QString, text);
    QCOMPARE(durationText(ms), text);
    QCOMPARE(durationFromText(text), std::optional(ms));
}

void TestDuration::isNone()
{
    for (const QString &text : {u""_s, u"20"_s, u"m"_s, u"5m2h"_s, u"-5m"_s, u"367d"_s})
        QVERIFY2(!durationFromText(text), qPrintable(text));
}

QTEST_GUILESS_MAIN(TestDuration)
#include "tst_duration.moc"
