// The Debug timeline as a person uses it: live at its end, quiet elsewhere, filtered, over a long log.
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/timeline_model.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/timeline/event_details.h"
#include "ui/docks/timeline/lane_gutter.h"
#include "ui/docks/timeline/timeline_page.h"
#include "ui/docks/timeline/timeline_view.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>
#include <QToolButton>

using namespace muster;
using namespace Qt::StringLiterals;

class TestTimelinePage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void opensAtTheEndAndFollows();
    void lanesTellWhatBelongsTogether();
    void scrollingAwayStaysWhereItIs();
    void theBarReachesEveryPart();
    void wheelingThroughTheWholeLog();
    void wordsAndScopeFilter();
    void detailsCopyAndCause();
    void detailsAreReadableInALowDock();
    void emptyStatesSayWhy();
    void everyControlHasAName();

private:
    void fill(int count);
    void open(const QSize &size = {900, 600});
    void settle() { QTRY_VERIFY(!m_page->model()->isLoading()); }
    [[nodiscard]] TimelineView *view() const { return m_page->findChild<TimelineView *>(); }
    [[nodiscard]] EventList *list() const { return view()->list(); }
    [[nodiscard]] qint64 topSeq() const
    {
        return list()->indexAt({2, 2}).data(TimelineModel::SeqRole).toLongLong();
    }
    [[nodiscard]] qint64 bottomSeq() const;
    [[nodiscard]] QToolButton *button(const QString &text) const;

    Theme m_theme;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<TimelinePage> m_page;
};

void TestTimelinePage::init()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_node = std::make_unique<MemoryNode>();
    api::RunDetail detail;
    detail.run = {.id = RunId{1}, .number = 3, .flow = u"survey"_s};
    m_node->details.insert(RunId{1}, detail);
    detail.run = {.id = RunId{2}, .number = 4, .flow = u"hello"_s};
    m_node->details.insert(RunId{2}, detail);
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
}

void TestTimelinePage::fill(int count)
{
    const EventRefs refs{.run = RunId{1}, .step = StepRunId{9}, .session = SessionId{7}};
    const std::vector<Event> cycle{
        {.kind = u"step.queued"_s, .refs = refs, .source = u"flow"_s, .data = {{u"key"_s, u"1/read[2]#1"_s}}},
        {.kind = u"step.started"_s,
         .refs = refs,
         .source = u"flow"_s,
         .data = {{u"key"_s, u"1/read[2]#1"_s}}},
        {.kind = u"session.tool_started"_s,
         .refs = refs,
         .source = u"agent:7"_s,
         .data = {{u"tool"_s, u"t1"_s}, {u"title"_s, u"Read larder/recipes.py"_s}}},
        {.kind = u"session.tool_finished"_s,
         .refs = refs,
         .source = u"agent:7"_s,
         .data = {{u"tool"_s, u"t1"_s}, {u"outcome"_s, u"ok"_s}}},
        {.kind = u"session.permission_requested"_s,
         .refs = refs,
         .source = u"agent:7"_s,
         .data = {{u"title"_s, u"Run make test"_s}, {u"command"_s, u"make test"_s}}},
        {.kind = u"permission.decided"_s,
         .refs = refs,
         .source = u"person"_s,
         .data = {{u"title"_s, u"Run make test"_s}, {u"allowed"_s, false}, {u"message"_s, u"not now"_s}}},
        {.kind = u"step.finished"_s,
         .refs = refs,
         .source = u"flow"_s,
         .data = {{u"key"_s, u"1/read[2]#1"_s},
                  {u"result"_s, QJsonObject{{u"outcome"_s, u"error"_s}, {u"reason"_s, u"crashed"_s}}}}},
        {.kind = u"step.settled"_s,
         .refs = refs,
         .source = u"flow"_s,
         .data = {{u"step"_s, u"read"_s}, {u"item"_s, 2}, {u"status"_s, u"completed"_s}}},
        {.kind = u"node.setting"_s,
         .refs = {},
         .source = u"person"_s,
         .data = {{u"key"_s, u"pools.flow"_s}, {u"value"_s, 6}}},
    };
    m_node->events.reserve(static_cast<size_t>(count));
    for (int i = 1; i <= count; ++i) {
        Event event = cycle[static_cast<size_t>(i) % cycle.size()];
        event.seq = i;
        event.atMs = 1'763'700'000'000 + 137 * i;
        m_node->events.push_back(std::move(event));
    }
}

void TestTimelinePage::open(const QSize &size)
{
    m_page = std::make_unique<TimelinePage>(m_feed.get(), m_context.get(), &m_theme);
    m_page->resize(size);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->activate();
    settle();
}

qint64 TestTimelinePage::bottomSeq() const
{
    const QModelIndex last = m_page->model()->index(m_page->model()->rowCount() - 1, 0);
    return list()->viewport()->rect().intersects(list()->visualRect(last))
               ? last.data(TimelineModel::SeqRole).toLongLong()
               : 0;
}

QToolButton *TestTimelinePage::button(const QString &text) const
{
    const auto buttons = m_page->findChildren<QToolButton *>();
    const auto found = std::ranges::find(buttons, text, [](const QToolButton *b) { return b->text(); });
    return found == buttons.end() ? nullptr : *found;
}

void TestTimelinePage::opensAtTheEndAndFollows()
{
    fill(5000);
    open();
    QTRY_COMPARE(bottomSeq(), 5000);
    list()->setCurrentIndex(m_page->model()->index(m_page->model()->rowCount() - 3, 0));
    testing::takePictures(*m_page, m_theme, u"timeline-full"_s);
    m_page->resize(420, 700);
    testing::takePictures(*m_page, m_theme, u"timeline-narrow"_s);
    m_page->resize(1500, 600);
    testing::takePictures(*m_page, m_theme, u"timeline-wide"_s);
    for (int i = 0; i < 50; ++i)
        m_node->touch(u"task.claimed"_s);
    QTRY_COMPARE(bottomSeq(), 5050);
    QTRY_COMPARE(view()->scrollBar()->value(), view()->scrollBar()->maximum());
}

void TestTimelinePage::lanesTellWhatBelongsTogether()
{
    const auto add = [this](qint64 step, const QString &kind, const QJsonObject &data = {}) {
        Event event{.kind = kind, .refs = {.run = RunId{1}}, .source = u"flow"_s, .data = data};
        if (step > 0) {
            event.refs.step = StepRunId{step};
            event.data.insert(u"key"_s, u"1/read[%1]#1"_s.arg(step));
        }
        event.seq = static_cast<qint64>(m_node->events.size()) + 1;
        event.atMs = 1'763'700'000'000 + 1000 * event.seq;
        m_node->events.push_back(std::move(event));
    };
    add(0, u"run.started"_s);
    for (qint64 step = 1; step <= 3; ++step)
        add(step, u"step.started"_s);
    for (qint64 step = 3; step >= 1; --step)
        add(step, u"session.tool_started"_s, {{u"title"_s, u"Read"_s}});
    add(2, u"session.permission_requested"_s, {{u"title"_s, u"Run make"_s}});
    add(1, u"step.finished"_s, {{u"result"_s, QJsonObject{{u"outcome"_s, u"error"_s}}}});
    add(2, u"step.settled"_s, {{u"step"_s, u"read"_s}, {u"status"_s, u"completed"_s}});
    add(0, u"run.finished"_s, {{u"status"_s, u"failed"_s}});
    open({900, 500});
    QTRY_COMPARE(m_page->model()->rowCount(), 11);
    QCOMPARE(m_page->model()->lanes().laneCount(), 4);
    LaneGutter *gutter = view()->gutter();
    QVERIFY(gutter->isVisible());
    list()->setFocus();
    list()->setCurrentIndex(m_page->model()->index(1, 0));
    QTest::keyClick(list(), Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(list()->currentIndex().row(), 6);
    QTest::keyClick(list(), Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(list()->currentIndex().row(), 1);
    QTest::keyClick(list(), Qt::Key_Up, Qt::ControlModifier); // there is none before
    QCOMPARE(list()->currentIndex().row(), 1);
    testing::takePictures(*m_page, m_theme, u"timeline-lanes"_s);
    // At the second row: the run's lane, then that of the step.
    const QRect second = list()->visualRect(m_page->model()->index(1, 0));
    const int y = list()->viewport()->mapTo(view(), second.center()).y();
    const auto names = [&] {
        QSet<QString> found;
        for (int x = 0; x < gutter->width(); ++x)
            found.insert(gutter->nameAt({x, y}).section(u'\n', 0, 0));
        return found;
    };
    QTRY_VERIFY(names().contains(u"survey #3"_s)); // its name is asked for when it is first needed
    QVERIFY(names().contains(u"survey #3 · read[1]"_s));
    QTest::mouseClick(gutter, Qt::LeftButton, {}, {gutter->width() / 2, y + second.height()});
    QCOMPARE(list()->currentIndex().row(), 2);
}

void TestTimelinePage::scrollingAwayStaysWhereItIs()
{
    fill(5000);
    open();
    QTRY_COMPARE(bottomSeq(), 5000);
    list()->verticalScrollBar()->setValue(list()->verticalScrollBar()->maximum() - 2000);
    settle();
    const qint64 top = topSeq();
    QVERIFY(top < 5000);
    for (int i = 0; i < 50; ++i)
        m_node->touch(u"task.claimed"_s);
    QTRY_COMPARE(m_page->model()->unseen(), 50);
    QCOMPARE(topSeq(), top);
    QToolButton *live = button(u"50 new"_s);
    QVERIFY(live);
    live->click();
    QTRY_COMPARE(bottomSeq(), 5050);
    QTRY_COMPARE(live->text(), u"Live"_s);
}

void TestTimelinePage::theBarReachesEveryPart()
{
    fill(100'000);
    open();
    QScrollBar *bar = view()->scrollBar();
    QTRY_COMPARE(bar->maximum(), 99'999);
    for (const int wanted : {50'000, 12, 99'000, 0, 73'123}) {
        bar->setSliderDown(true);
        bar->setSliderPosition(wanted);
        bar->triggerAction(QAbstractSlider::SliderMove);
        settle();
        bar->setSliderDown(false);
        QTRY_COMPARE(topSeq(), wanted + 1);
    }
    bar->triggerAction(QAbstractSlider::SliderToMaximum);
    QTRY_COMPARE(bottomSeq(), 100'000);
    QTest::keyClick(list(), Qt::Key_Home);
    QTRY_COMPARE(topSeq(), 1);
    QTest::keyClick(list(), Qt::Key_End);
    QTRY_COMPARE(bottomSeq(), 100'000);
}

void TestTimelinePage::wheelingThroughTheWholeLog()
{
    fill(9000);
    open();
    QTRY_COMPARE(bottomSeq(), 9000);
    // Upwards: what is at the top only ever grows older, whatever pages come and go.
    qint64 top = topSeq();
    while (top > 1) {
        QScrollBar *inner = list()->verticalScrollBar();
        inner->setValue(inner->value() - 5000);
        settle();
        QTRY_VERIFY(topSeq() < top);
        top = topSeq();
    }
    QVERIFY(m_page->model()->rowCount() <= TimelineModel::maxRows);
    while (bottomSeq() != 9000) {
        QScrollBar *inner = list()->verticalScrollBar();
        inner->setValue(inner->value() + 5000);
        settle();
        QTRY_VERIFY(topSeq() > top);
        top = topSeq();
    }
}

void TestTimelinePage::wordsAndScopeFilter()
{
    fill(90);
    m_node->touch(u"task.queued"_s, {.run = RunId{2}});
    open();
    const int all = m_page->model()->rowCount();
    QVERIFY(!button(u"This run"_s)->isEnabled());
    m_context->setRun(RunId{2});
    QTRY_VERIFY(button(u"hello #4"_s));
    QVERIFY(button(u"hello #4"_s)->isEnabled());
    QCOMPARE(m_page->model()->rowCount(), all);
    button(u"hello #4"_s)->click();
    QTRY_COMPARE(m_page->model()->rowCount(), 1);
    m_context->setRun(RunId{1});
    QTRY_COMPARE(m_page->model()->rowCount(), 80);
    button(u"Everything"_s)->click();
    settle();
    QTest::keyClicks(m_page->findChild<QLineEdit *>(), u"pools.flow"_s);
    QTRY_COMPARE(m_page->model()->filter().text, u"pools.flow"_s);
    QTRY_COMPARE(m_page->model()->rowCount(), 10);
}

void TestTimelinePage::detailsCopyAndCause()
{
    fill(90);
    open();
    int row = m_page->model()->rowCount() - 1;
    while (m_page->model()->eventAt(row).kind != u"session.tool_finished"_s)
        --row;
    const qint64 seq = m_page->model()->eventAt(row).seq;
    list()->setCurrentIndex(m_page->model()->index(row, 0));
    QVERIFY(m_page->findChild<QPlainTextEdit *>()->toPlainText().contains(u"\"outcome\": \"ok\""));
    QTest::keyClick(list(), Qt::Key_C, Qt::ControlModifier);
    const QJsonObject copied =
        QJsonDocument::fromJson(QGuiApplication::clipboard()->text().toUtf8()).object();
    QCOMPARE(copied.value("seq"_L1).toInteger(), seq);
    QTest::keyClick(list(), Qt::Key_Left);
    QTRY_COMPARE(view()->currentSeq(), seq - 1);
    QVERIFY(m_page->findChild<QPlainTextEdit *>()->toPlainText().contains(u"session.tool_started"));
}

void TestTimelinePage::detailsAreReadableInALowDock()
{
    fill(90);
    open({680, 170});
    list()->setCurrentIndex(m_page->model()->index(m_page->model()->rowCount() - 1, 0));
    const auto *details = m_page->findChild<EventDetails *>();
    const auto labels = details->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (label->isVisible())
            QTRY_VERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
    }
    const auto *json = details->findChild<QPlainTextEdit *>();
    QVERIFY(json->viewport()->height() >= 3 * json->fontMetrics().lineSpacing());
}

void TestTimelinePage::emptyStatesSayWhy()
{
    open();
    const auto shown = [&](const QString &text) {
        const auto labels = m_page->findChildren<QLabel *>();
        return std::ranges::any_of(
            labels, [&](const QLabel *label) { return label->isVisible() && label->text() == text; });
    };
    QTRY_VERIFY(shown(u"Nothing has happened yet"_s));
    testing::takePictures(*m_page, m_theme, u"timeline-empty"_s);
    m_node->touch(u"task.claimed"_s);
    QTRY_VERIFY(!shown(u"Nothing has happened yet"_s));
    QTest::keyClicks(m_page->findChild<QLineEdit *>(), u"nosuchword"_s);
    QTRY_VERIFY(shown(u"No event fits the filter"_s));
}

void TestTimelinePage::everyControlHasAName()
{
    fill(10);
    open();
    const auto widgets = m_page->findChildren<QWidget *>();
    for (const QWidget *widget : widgets) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() || widget->focusProxy())
            continue;
        const auto *accessible = QAccessible::queryAccessibleInterface(const_cast<QWidget *>(widget));
        QVERIFY2(accessible && !accessible->text(QAccessible::Name).isEmpty(),
                 widget->metaObject()->className());
    }
}

QTEST_MAIN(TestTimelinePage)
#include "tst_timeline_page.moc"
