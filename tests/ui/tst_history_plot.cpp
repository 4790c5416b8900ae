// Plots of past firings: round ends of their axis, the value that is looked at by pointer or keyboard, and
// what a screen reader is told.
#include "core/viewmodel/describe.h"
#include "tests/ui/page_pictures.h"
#include "ui/widgets/history_plot.h"

#include <QSignalSpy>

using namespace muster;
using namespace Qt::StringLiterals;

class TestHistoryPlot : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void roundEnds_data();
    void roundEnds();
    void theKeyboardMovesTheMark();
    void thePointerMarksTheNearest();
    void isDescribed();
    void theMarkStaysWithItsFiring();
    void manyArePainted();

private:
    [[nodiscard]] static std::vector<PlotPoint> points(int count)
    {
        std::vector<PlotPoint> all;
        for (int i = 1; i <= count; ++i)
            all.push_back(
                {.id = i, .atMs = 1'700'000'000'000 + i * 3'600'000LL, .value = i * 100.0, .failed = i == 2});
        return all;
    }

    Theme m_theme;
    std::unique_ptr<HistoryPlot> m_plot;
};

void TestHistoryPlot::init()
{
    QLocale::setDefault(QLocale::c());
    m_plot = std::make_unique<HistoryPlot>(u"Agent steps"_s, PlotUnit::Number,
                                           [](double value) { return QString::number(value); });
    m_plot->resize(400, 120);
    m_plot->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
}

void TestHistoryPlot::roundEnds_data()
{
    QTest::addColumn<double>("most");
    QTest::addColumn<PlotUnit>("unit");
    QTest::addColumn<double>("end");
    QTest::newRow("nothing") << 0.0 << PlotUnit::Number << 1.0;
    QTest::newRow("round itself") << 500.0 << PlotUnit::Number << 500.0;
    QTest::newRow("up") << 501.0 << PlotUnit::Number << 1000.0;
    QTest::newRow("small") << 0.3 << PlotUnit::Number << 0.5;
    QTest::newRow("no time") << 0.0 << PlotUnit::Milliseconds << 1000.0;
    QTest::newRow("seconds") << 42'000.0 << PlotUnit::Milliseconds << 50'000.0;
    QTest::newRow("minutes") << 90'000.0 << PlotUnit::Milliseconds << 120'000.0;
    QTest::newRow("hours") << 4'000'000.0 << PlotUnit::Milliseconds << 7'200'000.0;
}

void TestHistoryPlot::roundEnds()
{
    QFETCH(double, most);
    QFETCH(PlotUnit, unit);
    QTEST(plotTop(most, unit), "end");
}

void TestHistoryPlot::theKeyboardMovesTheMark()
{
    QSignalSpy marked(m_plot.get(), &HistoryPlot::marked);
    QSignalSpy chosen(m_plot.get(), &HistoryPlot::chosen);
    QTest::keyClick(m_plot.get(), Qt::Key_Left); // there is nothing
    QTest::keyClick(m_plot.get(), Qt::Key_Home);
    QTest::keyClick(m_plot.get(), Qt::Key_Return);
    QCOMPARE(m_plot->current(), -1);
    m_plot->setPoints(points(3));
    QTest::keyClick(m_plot.get(), Qt::Key_Left); // begins at the newest
    QCOMPARE(m_plot->current(), 2);
    QTest::keyClick(m_plot.get(), Qt::Key_Left);
    QCOMPARE(m_plot->current(), 1);
    QVERIFY2(m_plot->accessibleDescription().startsWith(u"200, "_s),
             qPrintable(m_plot->accessibleDescription()));
    QVERIFY(m_plot->accessibleDescription().endsWith(u", failed"_s));
    QTest::keyClick(m_plot.get(), Qt::Key_Home);
    QTest::keyClick(m_plot.get(), Qt::Key_Left);
    QCOMPARE(m_plot->current(), 0);
    QTest::keyClick(m_plot.get(), Qt::Key_Right);
    QTest::keyClick(m_plot.get(), Qt::Key_End);
    QTest::keyClick(m_plot.get(), Qt::Key_Right);
    QCOMPARE(m_plot->current(), 2);
    QTest::keyClick(m_plot.get(), Qt::Key_Return);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.front().front().toLongLong(), 3);
    QCOMPARE(marked.count(), 5); // 3, 2, 1, 2, 3
}

void TestHistoryPlot::thePointerMarksTheNearest()
{
    m_plot->setPoints(points(3));
    QSignalSpy marked(m_plot.get(), &HistoryPlot::marked);
    QTest::mouseClick(m_plot.get(), Qt::LeftButton, {}, QPoint(60, 60));
    QCOMPARE(marked.count(), 1);
    QCOMPARE(marked.front().front().toLongLong(), 1);
    QTest::mouseClick(m_plot.get(), Qt::LeftButton, {}, QPoint(390, 20));
    QCOMPARE(marked.back().front().toLongLong(), 3);
}

void TestHistoryPlot::isDescribed()
{
    QCOMPARE(m_plot->accessibleName(), u"Agent steps"_s);
    QCOMPARE(m_plot->accessibleDescription(), u"Nothing yet"_s);
    m_plot->setLimit(800);
    m_plot->setPoints(points(3));
    const QString text = m_plot->accessibleDescription();
    QVERIFY2(text.contains(u"from 100 to 300"_s) && text.endsWith(u"limit 800"_s), qPrintable(text));
}

void TestHistoryPlot::theMarkStaysWithItsFiring()
{
    m_plot->setPoints(points(3));
    QTest::keyClick(m_plot.get(), Qt::Key_End);
    m_plot->setPoints(points(5)); // two more have fired
    QCOMPARE(m_plot->current(), 2);
    m_plot->setPoints({});
    QCOMPARE(m_plot->current(), -1);
}

// Something is drawn, and the limit is higher than all of them without leaving the area.
void TestHistoryPlot::manyArePainted()
{
    const QImage before = m_plot->grab().toImage();
    m_plot->setPoints(points(2000));
    m_plot->setLimit(400'000);
    QVERIFY(m_plot->grab().toImage() != before);
}

QTEST_MAIN(TestHistoryPlot)
#include "tst_history_plot.moc"
