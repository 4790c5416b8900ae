// What a turn costs at the catalog's prices.
#include "core/agent/pricing.h"

#include <QTest>

#include <limits>

using namespace muster;
using namespace Qt::StringLiterals;

class TestPricing : public QObject {
    Q_OBJECT
private slots:
    void costs_data();
    void costs();
    void modelsByTheirWholeId();
};

void TestPricing::costs_data()
{
    constexpr qint64 most = std::numeric_limits<qint64>::max();
    QTest::addColumn<qint64>("in");
    QTest::addColumn<qint64>("cached");
    QTest::addColumn<qint64>("out");
    QTest::addColumn<qint64>("microUsd"); // at 2 dollars in, 0.2 cached, 10 out
    QTest::newRow("nothing") << 0LL << 0LL << 0LL << 0LL;
    QTest::newRow("in") << 1'000'000LL << 0LL << 0LL << 2'000'000LL;
    QTest::newRow("out") << 0LL << 0LL << 1'000LL << 10'000LL;
    QTest::newRow("cached is part of in") << 1'000'000LL << 900'000LL << 0LL << 380'000LL;
    QTest::newRow("to the nearest") << 1LL << 1LL << 0LL << 0LL;
    QTest::newRow("to the nearest, up") << 0LL << 0LL << 1LL << 10LL;
    QTest::newRow("more cached than in") << 1'000'000LL << 5'000'000LL << 0LL << 200'000LL;
    QTest::newRow("below nothing") << -5LL << -7LL << -9LL << 0LL;
    QTest::newRow("beyond all") << most << 0LL << most << 12'000'000'000'000LL;
}

void TestPricing::costs()
{
    QFETCH(qint64, in);
    QFETCH(qint64, cached);
    QFETCH(qint64, out);
    const ModelPrices prices{.input = 2'000'000, .output = 10'000'000, .cached = 200'000};
    QTEST(costOf({.tokensIn = in, .tokensOut = out, .tokensCached = cached, .costMicroUsd = {}}, prices),
          "microUsd");
}

void TestPricing::modelsByTheirWholeId()
{
    RuntimeRecord runtime;
    runtime.models = {RuntimeModel{.id = u"small"_s}, RuntimeModel{.id = u"small-2"_s}};
    QCOMPARE(modelOf(runtime, u"small-2"), &runtime.models.back());
    QCOMPARE(modelOf(runtime, u"small"), &runtime.models.front());
    QCOMPARE(modelOf(runtime, u"smal"), nullptr);
    QCOMPARE(modelOf(runtime, u""), nullptr);
}

QTEST_GUILESS_MAIN(TestPricing)
#include "tst_pricing.moc"
