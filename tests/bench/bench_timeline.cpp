// Row 18 of the bars: the timeline over 1 000 000 events in a real node: opening, scrolling, jumping,
// filters.
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/timeline_model.h"
#include "tests/core/node/node_harness.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/timeline/timeline_page.h"
#include "ui/docks/timeline/timeline_view.h"
#include "ui/theme/theme.h"

#include <QElapsedTimer>
#include <QScrollBar>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

using namespace muster;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class BenchTimeline : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void opens();
    void scrolls();
    void jumps();
    void filters_data();
    void filters();

private:
    [[nodiscard]] EventList *list() const { return m_page->findChild<EventList *>(); }
    void settle() { QTRY_VERIFY_WITH_TIMEOUT(!m_page->model()->isLoading(), patienceMs); }

    static constexpr int total = 1'000'000;
    Theme m_theme;
    std::unique_ptr<NodeHarness> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<TimelinePage> m_page;
};

void BenchTimeline::initTestCase()
{
    hushOffscreen();
    m_node = std::make_unique<NodeHarness>(false);
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"fill"_s);
        db.setDatabaseName(m_node->paths().storeFile);
        QVERIFY(db.open());
        QSqlQuery query(db);
        const bool filled = query.exec(
            u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1) "
            "INSERT INTO events(at, kind, run_id, session_id, source, data) SELECT 1763700000000 + i * 40, "
            "CASE i % 5 WHEN 0 THEN 'step.started' WHEN 1 THEN 'session.tool_started' "
            "WHEN 2 THEN 'session.tool_finished' WHEN 3 THEN 'session.usage' ELSE 'task.claimed' END, "
            "1 + i / 1000, 1 + i / 100, 'node', '{\"key\":\"' || (1 + i / 1000) || '/read[' || (i % 50) || "
            "']#1\",\"title\":\"Read file ' || i || '\",\"tokens_in\":' || i || '}' FROM n"_s.arg(total));
        QVERIFY2(filled, qPrintable(query.lastError().text()));
        QVERIFY(query.exec(u"INSERT INTO events(at, kind, source) VALUES (1, 'node.setting', 'person')"_s));
    }
    QSqlDatabase::removeDatabase(u"fill"_s);
    m_feed = std::make_unique<NodeFeed>(&m_node->api());
    m_context = std::make_unique<ProjectContext>(&m_node->api());
}

void BenchTimeline::opens()
{
    QElapsedTimer clock;
    clock.start();
    m_page = std::make_unique<TimelinePage>(m_feed.get(), m_context.get(), &m_theme);
    m_page->resize(1200, 700);
    m_page->show();
    m_page->activate();
    settle();
    m_page->grab();
    qInfo("open: %lld ms", clock.elapsed());
    QTRY_COMPARE_WITH_TIMEOUT(m_page->model()->oldestSeq(), 1, patienceMs);
}

void BenchTimeline::scrolls()
{
    std::vector<double> frames;
    for (int i = 0; i < 1500; ++i) {
        QScrollBar *inner = list()->verticalScrollBar();
        QElapsedTimer clock;
        clock.start();
        inner->setValue(inner->value() - 90);
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
        list()->viewport()->repaint();
        frames.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    std::ranges::sort(frames);
    const auto at = [&](size_t percent) {
        return frames[frames.size() * percent / 100];
    };
    qInfo("scroll: median %.2f ms, p99 %.2f ms, worst %.2f ms a frame; now at event %lld", at(50), at(99),
          frames.back(), list()->indexAt({2, 2}).data(TimelineModel::SeqRole).toLongLong());
}

void BenchTimeline::jumps()
{
    QScrollBar *bar = m_page->findChild<TimelineView *>()->scrollBar();
    qint64 worst = 0;
    for (int i = 1; i <= 40; ++i) {
        QElapsedTimer clock;
        clock.start();
        bar->setSliderDown(true);
        bar->setSliderPosition(i * 367'117 % total);
        bar->triggerAction(QAbstractSlider::SliderMove);
        settle();
        list()->viewport()->repaint();
        bar->setSliderDown(false);
        worst = std::max(worst, clock.elapsed());
    }
    qInfo("jump: the slowest of 40 took %lld ms", worst);
}

void BenchTimeline::filters_data()
{
    QTest::addColumn<api::EventFilter>("filter");
    QTest::newRow("a run") << api::EventFilter{.run = RunId{500}};
    QTest::newRow("kinds") << api::EventFilter{.kinds = {u"step."_s, u"run."_s}};
    QTest::newRow("a rare kind") << api::EventFilter{.kinds = {u"node."_s}};
    QTest::newRow("a kind that is not there") << api::EventFilter{.kinds = {u"chat."_s}};
}

void BenchTimeline::filters()
{
    QFETCH(api::EventFilter, filter);
    QElapsedTimer clock;
    clock.start();
    m_page->model()->setFilter(filter);
    settle();
    list()->viewport()->repaint();
    qInfo("%s: %lld ms, %d rows", QTest::currentDataTag(), clock.elapsed(), m_page->model()->rowCount());
    m_page->model()->setFilter({});
    settle();
}

QTEST_MAIN(BenchTimeline)
#include "bench_timeline.moc"
