// Row 18 of the bars: a run of 5 000 step runs in the Workflow page, as a list and as a graph: it opens, goes
// on, is run again and is scrolled. Printed are the time to open, how late a precise 10 ms timer of the GUI
// thread came (stalls), and what frames took; and what reading such a run's answer from the node takes.
// MUSTER_SHOTS=DIR leaves pictures.
#include "core/node/api/wire.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_model.h"
#include "tests/bench/measure.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/workflow/workflow_page.h"
#include "ui/widgets/flow_graph_view.h"

#include <QDateTime>
#include <QScrollBar>
#include <QTimer>
#include <QTreeView>

using namespace muster;
using namespace muster::bench;
using namespace Qt::StringLiterals;

namespace {

constexpr int stepRuns = 5000;
constexpr RunId firstRun{5};
constexpr RunId secondRun{6};

enum class Shape : std::uint8_t { Chain, Join, Foreach };

api::StepInfo stepOf(RunId run, int number, const QString &id)
{
    return {.id = StepRunId{number + 1},
            .run = run,
            .stepId = id,
            .kind = u"agent"_s,
            .status = StepStatus::Pending,
            .task = TaskId{number + 1},
            .runtime = u"demo"_s};
}

api::RunDetail detailOf(RunId run, Shape shape)
{
    api::RunDetail detail;
    detail.run = {.id = run,
                  .number = static_cast<int>(run.value),
                  .flow = u"large"_s,
                  .projectId = ProjectId{1},
                  .status = RunStatus::Running,
                  .startedAt = QDateTime::currentMSecsSinceEpoch(),
                  .stepsTotal = stepRuns};
    QStringList ids;
    for (int i = 0; i < stepRuns; ++i) {
        const bool item = shape == Shape::Foreach && i > 0;
        api::StepInfo step = stepOf(run, i, shape == Shape::Foreach ? u"each"_s : u"step_%1"_s.arg(i));
        if (item) {
            step.index = i - 1;
            step.label = u"src/module_%1"_s.arg(i);
        } else if (shape == Shape::Chain && i > 0) {
            step.needs = {u"step_%1"_s.arg(i - 1)};
        } else if (shape == Shape::Join && i == stepRuns - 1) {
            step.needs = ids;
        }
        ids += step.stepId;
        detail.steps.push_back(step);
    }
    return detail;
}

// How late a timer of 10 ms comes, as long as it lives.
class StallWatch : public QObject {
public:
    StallWatch()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(10);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            lateMs.push_back(std::max(0.0, m_since.seconds() * 1000 - 10));
            m_since = Stopwatch();
        });
        m_timer.start();
    }
    std::vector<double> lateMs;

private:
    QTimer m_timer;
    Stopwatch m_since;
};

// What painting the page took, each time.
class PaintWatch : public QObject {
public:
    explicit PaintWatch(QWidget *watched) { watched->installEventFilter(this); }
    std::vector<double> paintMs;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::UpdateRequest || m_within)
            return false;
        m_within = true;
        const Stopwatch watch;
        QCoreApplication::sendEvent(watched, event);
        paintMs.push_back(watch.seconds() * 1000);
        m_within = false;
        return true;
    }

private:
    bool m_within = false;
};

} // namespace

class BenchRunPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void goesOn_data();
    void goesOn();
    void answers_data() { shapes(); }
    void answers();

private:
    static void shapes()
    {
        QTest::addColumn<Shape>("shape");
        QTest::newRow("chain") << Shape::Chain;
        QTest::newRow("join") << Shape::Join;
        QTest::newRow("foreach") << Shape::Foreach;
    }
    // Some more steps end and begin, and the node tells of it.
    static void advance(MemoryNode &node, RunId run, int &next)
    {
        api::RunDetail &detail = node.details[run];
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        for (int i = 0; i < 10 && next < stepRuns; ++i, ++next) {
            api::StepInfo &step = detail.steps[static_cast<size_t>(next)];
            step.status = StepStatus::Running;
            step.startedAt = now;
            if (next < 8)
                continue;
            api::StepInfo &ended = detail.steps[static_cast<size_t>(next - 8)];
            ended.status = next % 97 == 0 ? StepStatus::Failed : StepStatus::Completed;
            ended.endedAt = now;
            ended.output = u"Read the module and wrote what it does in two lines."_s;
        }
        detail.run.stepsSettled = std::max(0, next - 8);
        node.touch(u"step.finished"_s, {.run = run});
    }
    static void settle(WorkflowPage &page, RunId run)
    {
        QTRY_VERIFY_WITH_TIMEOUT(page.model().run().id == run && page.model().rowCount() > 0, 30'000);
        (void)page.grab();
    }
};

void BenchRunPage::goesOn_data()
{
    QTest::addColumn<Shape>("shape");
    QTest::addColumn<bool>("asGraph");
    const std::array<std::pair<const char *, Shape>, 3> all{
        {{"chain", Shape::Chain}, {"join", Shape::Join}, {"foreach", Shape::Foreach}}};
    for (const auto &[name, shape] : all) {
        QTest::newRow(name) << shape << false;
        QTest::addRow("%s-graph", name) << shape << true;
    }
}

void BenchRunPage::goesOn()
{
    QFETCH(Shape, shape);
    QFETCH(bool, asGraph);
    MemoryNode node;
    Theme theme;
    node.projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    for (const RunId run : {firstRun, secondRun})
        node.details.insert(run, detailOf(run, shape));
    NodeFeed feed(&node);
    ProjectContext context(&node);
    WorkflowPage page(&feed, &context, &theme);
    page.resize(1100, 700);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    if (asGraph)
        page.toggleGraph();

    StallWatch opens;
    const Stopwatch opening;
    context.setRun(firstRun);
    page.activate();
    settle(page, firstRun);
    const double openMs = opening.seconds() * 1000;
    auto &graph = *page.findChild<FlowGraphView *>();
    QTRY_VERIFY(!graph.graph().steps.empty());
    QTRY_VERIFY(!opens.lateMs.empty());
    const double drawMs = opening.seconds() * 1000;
    const double openStall = std::ranges::max(opens.lateMs);

    auto stalls = std::make_unique<StallWatch>();
    const PaintWatch paints(&page);
    int next = 0;
    QTimer progress;
    RunId run = firstRun;
    connect(&progress, &QTimer::timeout, &page, [&] { advance(node, run, next); });
    progress.start(10);
    QTRY_VERIFY_WITH_TIMEOUT(next >= stepRuns * 3 / 5, 120'000);
    testing::takePictures(page, theme, u"run-5000-%1"_s.arg(QString::fromLatin1(QTest::currentDataTag())));
    stalls = std::make_unique<StallWatch>(); // without what taking pictures took

    // Again: another run, from the beginning.
    const Stopwatch reopening;
    next = 0;
    run = secondRun;
    context.setRun(secondRun);
    settle(page, secondRun);
    const double againMs = reopening.seconds() * 1000;
    QTRY_VERIFY_WITH_TIMEOUT(next >= stepRuns * 3 / 5, 120'000);
    std::vector<double> scrolls;
    auto *shown = asGraph ? static_cast<QAbstractScrollArea *>(&graph) : page.findChild<QTreeView *>();
    for (int i = 1; i <= 100; ++i) {
        const Stopwatch one;
        for (QScrollBar *bar : {shown->verticalScrollBar(), shown->horizontalScrollBar()})
            bar->setValue(bar->maximum() * i / 100);
        QCoreApplication::processEvents();
        scrolls.push_back(one.seconds() * 1000);
    }
    progress.stop();
    qInfo("%s: open %.0f ms (%.0f ms with the graph laid out, stall %.1f ms), again %.0f ms; stall p99 %.1f "
          "ms, worst %.1f ms (bar 50); frame p99 %.1f ms, "
          "worst "
          "%.1f ms; scroll p99 %.1f ms",
          QTest::currentDataTag(), openMs, drawMs, openStall, againMs, p99(stalls->lateMs),
          std::ranges::max(stalls->lateMs), p99(paints.paintMs),
          paints.paintMs.empty() ? 0 : std::ranges::max(paints.paintMs), p99(scrolls));
}

// What the window's thread does with an answer of a background node.
void BenchRunPage::answers()
{
    QFETCH(Shape, shape);
    api::RunDetail detail = detailOf(firstRun, shape);
    for (api::StepInfo &step : detail.steps)
        step.output = u"Read the module and wrote what it does in two lines."_s;
    const api::Query query = api::GetRun{.run = firstRun};
    const QByteArray frame = api::encodeFrame({{u"id"_s, 1}, {u"ok"_s, bodyOf(api::QueryReply(detail))}});
    std::vector<double> parse;
    std::vector<double> read;
    for (int round = 0; round < 7; ++round) {
        Stopwatch watch;
        api::FrameReader reader;
        reader.append(frame);
        const auto message = reader.next();
        parse.push_back(watch.seconds() * 1000);
        watch = Stopwatch();
        QVERIFY(api::replyFrom(query, (*message)->value(u"ok")));
        read.push_back(watch.seconds() * 1000);
    }
    qInfo("%s: an answer of %lld KiB, %.1f ms to parse, %.1f ms to values", QTest::currentDataTag(),
          static_cast<long long>(frame.size() / 1024), median(parse), median(read));
}

QTEST_MAIN(BenchRunPage)
#include "bench_run_page.moc"
