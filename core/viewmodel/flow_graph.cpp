#include "core/viewmodel/flow_graph.h"

#include "core/viewmodel/describe_preflight.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct FlowGraphText {
    Q_DECLARE_TR_FUNCTIONS(FlowGraph)
};

constexpr int mostLoopDepth = 16;
constexpr int mostLoopRounds = 20; // beyond it what comes after a loop may stand beside its steps

class Builder {
public:
    explicit Builder(const api::FlowCheckInfo &flow) { m_graph.steps = flow.steps; }

    FlowGraph run()
    {
        for (size_t i = 0; i < m_graph.steps.size(); ++i)
            m_graph.indexById.insert(m_graph.steps[i].id, static_cast<int>(i));
        for (size_t i = 0; i < m_graph.steps.size(); ++i)
            addEdges(static_cast<int>(i));
        lay();
        return std::move(m_graph);
    }

private:
    [[nodiscard]] int find(const QString &id) const { return m_graph.indexById.value(id, -1); }
    [[nodiscard]] QString branchTo(int from, const QString &step) const;
    void addEdges(int step);
    void lay();
    [[nodiscard]] bool moveBelowLoops(std::vector<int> &least) const;

    FlowGraph m_graph;
};

QString Builder::branchTo(int from, const QString &step) const
{
    QStringList labels;
    for (const api::FlowBranchInfo &branch : m_graph.steps[static_cast<size_t>(from)].branches) {
        if (branch.then.contains(step))
            labels += branch.label;
    }
    return labels.join(u", "_s);
}

void Builder::addEdges(int step)
{
    const api::FlowStepInfo &info = m_graph.steps[static_cast<size_t>(step)];
    for (const QString &need : info.needs) {
        const int from = find(need);
        if (from < 0)
            continue;
        const QString label = branchTo(from, info.id);
        m_graph.edges.push_back({.from = from,
                                 .to = step,
                                 .kind = label.isEmpty() ? FlowEdgeKind::Need : FlowEdgeKind::Branch,
                                 .label = label});
    }
    if (const int loop = info.needs.isEmpty() ? find(info.loop) : -1; loop >= 0)
        m_graph.edges.push_back({.from = loop, .to = step, .kind = FlowEdgeKind::Loop, .label = {}});
    if (const int target = find(info.jumpsTo); target >= 0)
        m_graph.edges.push_back({.from = step, .to = target, .kind = FlowEdgeKind::Jump, .label = {}});
}

// Below all steps of its loop stands what needs the loop. One loop after the other moves, so it takes as many
// rounds as there are loops in a row.
bool Builder::moveBelowLoops(std::vector<int> &least) const
{
    const auto layerOf = [this](int step) {
        return static_cast<int>(m_graph.layout.nodes[static_cast<size_t>(step)].y());
    };
    QHash<QString, int> ends; // of loops: the layer below
    for (size_t i = 0; i < m_graph.steps.size(); ++i) {
        QString loop = m_graph.steps[i].loop;
        for (int depth = 0; !loop.isEmpty() && depth < mostLoopDepth; ++depth) {
            int &end = ends[loop];
            end = std::max(end, layerOf(static_cast<int>(i)) + 1);
            const int outer = find(loop);
            loop = outer < 0 ? QString() : m_graph.steps[static_cast<size_t>(outer)].loop;
        }
    }
    bool moved = false;
    for (size_t i = 0; !ends.isEmpty() && i < m_graph.steps.size(); ++i) {
        for (const QString &need : m_graph.steps[i].needs) {
            const int end = ends.value(need, 0);
            if (end <= std::max(least[i], layerOf(static_cast<int>(i))))
                continue;
            least[i] = end;
            moved = true;
        }
    }
    return moved;
}

// A jump counts as a need for the place of its target; the steps of `finally` come below all others.
void Builder::lay()
{
    const auto nodes = static_cast<int>(m_graph.steps.size());
    std::vector<GraphEdge> edges;
    edges.reserve(m_graph.edges.size());
    for (const FlowGraphEdge &edge : m_graph.edges)
        edges.push_back({.from = edge.from, .to = edge.to});
    m_graph.layout = layOutGraph(nodes, edges);
    std::vector<int> least(m_graph.steps.size(), 0);
    for (int round = 0; round < mostLoopRounds && moveBelowLoops(least); ++round)
        m_graph.layout = layOutGraph(nodes, edges, least);
    int below = 0;
    bool hasFinal = false;
    for (size_t i = 0; i < m_graph.steps.size(); ++i) {
        if (m_graph.steps[i].isFinal)
            hasFinal = true;
        else
            below = std::max(below, static_cast<int>(m_graph.layout.nodes[i].y()) + 1);
    }
    if (!hasFinal)
        return;
    for (size_t i = 0; i < m_graph.steps.size(); ++i)
        least[i] = m_graph.steps[i].isFinal ? below : least[i];
    m_graph.layout = layOutGraph(nodes, edges, least);
}

} // namespace

bool FlowGraph::isCappedByGroup(int step) const
{
    const api::FlowStepInfo &info = steps[static_cast<size_t>(step)];
    const int group = indexById.value(info.batch, -1);
    return group >= 0 && group != step && steps[static_cast<size_t>(group)].kind == "group"_L1;
}

FlowGraph flowGraphOf(const api::FlowCheckInfo &flow) { return Builder(flow).run(); }

QString describe(const FlowGraph &graph, int step)
{
    const api::FlowStepInfo &info = graph.steps[static_cast<size_t>(step)];
    QStringList parts{info.foreach ? FlowGraphText::tr("%1 for each item").arg(describeKind(info.kind))
                                   : describeKind(info.kind)};
    if (info.atATime > 0 && graph.isCappedByGroup(step))
        parts += FlowGraphText::tr("%1 (group %2)").arg(describeCap(info), info.batch);
    else if (info.atATime > 0)
        parts += info.kind == "group"_L1
                     ? describeCap(info)
                     : FlowGraphText::tr("%1 (batch %2)").arg(describeCap(info), info.batch);
    if (info.conditional)
        parts += FlowGraphText::tr("on a condition");
    if (!info.needs.isEmpty())
        parts += FlowGraphText::tr("needs %1").arg(info.needs.join(u", "_s));
    if (!info.loop.isEmpty())
        parts += FlowGraphText::tr("in the loop %1").arg(info.loop);
    if (info.isFinal)
        parts += FlowGraphText::tr("at the end of the run");
    if (!info.jumpsTo.isEmpty())
        parts += FlowGraphText::tr("when it fails %1 begins").arg(info.jumpsTo);
    return FlowGraphText::tr("%1: %2").arg(info.id, parts.join(u", "_s));
}

} // namespace muster
