// Where the steps of a flow are drawn: below what they need, beside each other without touching, in little
// time; and what is said of them.
#include "core/viewmodel/flow_graph.h"

#include <QElapsedTimer>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestFlowGraph : public QObject {
    Q_OBJECT
private slots:
    void layersFollowTheNeeds();
    void nothingTouches_data();
    void nothingTouches();
    void twoBranchesDoNotCross();
    void stepsInARowStandStraight();
    void finallyComesLast();
    void whatNeedsALoopStandsBelowItsSteps();
    void saysWhatAStepIs();
    void manySteps();
};

namespace {

std::vector<GraphEdge> edgesOf(const char *text)
{
    std::vector<GraphEdge> edges;
    for (const QString &pair : QString::fromLatin1(text).split(u' ', Qt::SkipEmptyParts))
        edges.push_back({.from = pair.section(u'>', 0, 0).toInt(), .to = pair.section(u'>', 1).toInt()});
    return edges;
}

} // namespace

void TestFlowGraph::layersFollowTheNeeds()
{
    const GraphLayout layout = layOutGraph(5, edgesOf("0>1 1>2 0>2 2>3 0>4 4>4 9>1"));
    const std::vector<double> expected{0, 1, 2, 3, 1};
    for (size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(layout.nodes[i].y(), expected[i]);
    QCOMPARE(layout.layers, 4);
    QCOMPARE(layout.bends[2].size(), 1); // 0>2 goes past 1
    QVERIFY(layout.bends[0].isEmpty());
    QVERIFY(std::abs(layout.bends[2].front().x() - layout.nodes[1].x()) > 0.6);
    QVERIFY(layOutGraph(0, {}).nodes.empty());
}

void TestFlowGraph::nothingTouches_data()
{
    QTest::addColumn<int>("nodes");
    for (const int nodes : {1, 2, 7, 40, 200})
        QTest::addRow("%d", nodes) << nodes;
}

void TestFlowGraph::nothingTouches()
{
    QFETCH(int, nodes);
    std::vector<GraphEdge> edges;
    for (int i = 1; i < nodes; ++i) {
        edges.push_back({.from = i / 2, .to = i});
        edges.push_back({.from = i * 7 % i, .to = i});
    }
    const GraphLayout layout = layOutGraph(nodes, edges);
    for (int i = 0; i < nodes; ++i) {
        for (int j = 0; j < i; ++j) {
            const QPointF apart = layout.nodes[size_t(i)] - layout.nodes[size_t(j)];
            QVERIFY(apart.y() != 0 || std::abs(apart.x()) > 0.99);
        }
        QVERIFY(layout.nodes[size_t(i)].x() >= 0 && layout.nodes[size_t(i)].x() <= layout.width - 1 + 1e-6);
    }
    for (const GraphEdge &edge : edges)
        QVERIFY(edge.from == edge.to ||
                layout.nodes[size_t(edge.from)].y() < layout.nodes[size_t(edge.to)].y());
}

void TestFlowGraph::twoBranchesDoNotCross()
{
    // 0 > 1, 2; 2 > 3; 1 > 4: in the order of the file 3 and 4 would cross.
    const GraphLayout layout = layOutGraph(5, edgesOf("0>1 0>2 2>3 1>4"));
    const bool left = layout.nodes[1].x() < layout.nodes[2].x();
    QCOMPARE(layout.nodes[4].x() < layout.nodes[3].x(), left);
    QCOMPARE(layout.nodes[4].x(), layout.nodes[1].x()); // straight below
}

// Edges that go past others bend; the steps do not move for them.
void TestFlowGraph::stepsInARowStandStraight()
{
    const GraphLayout layout = layOutGraph(4, edgesOf("0>1 1>2 2>3 0>3 1>3"));
    for (const QPointF &node : layout.nodes)
        QVERIFY(std::abs(node.x() - layout.nodes.front().x()) < 0.01);
    for (const QPointF &bend : layout.bends[3])
        QVERIFY(std::abs(bend.x() - layout.nodes.front().x()) > 0.6);
}

void TestFlowGraph::finallyComesLast()
{
    api::FlowCheckInfo flow{.steps = {{.id = u"a"_s, .kind = u"agent"_s},
                                      {.id = u"b"_s, .kind = u"agent"_s, .needs = {u"a"_s}},
                                      {.id = u"end"_s, .kind = u"shell"_s, .isFinal = true}}};
    const FlowGraph graph = flowGraphOf(flow);
    QCOMPARE(graph.layout.nodes[2].y(), 2.0);
}

void TestFlowGraph::whatNeedsALoopStandsBelowItsSteps()
{
    const auto step = [](const QString &id, const QStringList &needs, const QString &loop = {}) {
        return api::FlowStepInfo{.id = id, .kind = u"agent"_s, .needs = needs, .loop = loop};
    };
    const FlowGraph graph = flowGraphOf({.steps = {step(u"one"_s, {}),                      // 0
                                                   step(u"work"_s, {}, u"one"_s),           // 1
                                                   step(u"inner"_s, {u"work"_s}, u"one"_s), // 2
                                                   step(u"deep"_s, {}, u"inner"_s),         // 3
                                                   step(u"two"_s, {u"one"_s}),              // 4
                                                   step(u"again"_s, {}, u"two"_s),          // 5
                                                   step(u"gate"_s, {u"two"_s, u"one"_s}),   // 6
                                                   {.id = u"end"_s, .kind = u"shell"_s, .isFinal = true}}});
    const std::vector<double> layers{0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t i = 0; i < layers.size(); ++i)
        QCOMPARE(graph.layout.nodes[i].y(), layers[i]);
}

void TestFlowGraph::saysWhatAStepIs()
{
    const FlowGraph graph = flowGraphOf(
        {.steps = {{.id = u"s"_s, .kind = u"switch"_s, .branches = {{.label = u"yes"_s, .then = {u"a"_s}}}},
                   {.id = u"a"_s,
                    .kind = u"agent"_s,
                    .needs = {u"s"_s},
                    .foreach = true,
                    .conditional = true,
                    .jumpsTo = u"s"_s}}});
    QCOMPARE(describe(graph, 1),
             u"a: agent for each item, on a condition, needs s, when it fails s begins"_s);
    QCOMPARE(graph.edges.size(), size_t{2});
    QCOMPARE(graph.edges[0].kind, FlowEdgeKind::Branch);
    QCOMPARE(graph.edges[0].label, u"yes"_s);
    QCOMPARE(graph.edges[1].kind, FlowEdgeKind::Jump);
}

void TestFlowGraph::manySteps()
{
    std::vector<GraphEdge> edges;
    for (int i = 1; i < 5000; ++i)
        edges.push_back({.from = i / 3, .to = i});
    QElapsedTimer timer;
    timer.start();
    const GraphLayout layout = layOutGraph(5000, edges);
    qInfo("%lld ms for 5000 steps", timer.elapsed());
    QCOMPARE(layout.nodes.size(), size_t{5000});
    const GraphLayout chain = layOutGraph(5000, [] {
        std::vector<GraphEdge> all;
        for (int i = 1; i < 5000; ++i)
            all.push_back({.from = i - 1, .to = i});
        return all;
    }());
    QCOMPARE(chain.width, 1.0);
}

QTEST_GUILESS_MAIN(TestFlowGraph)
#include "tst_flow_graph.moc"
