#include "core/viewmodel/graph_layout.h"

#include <algorithm>
#include <numeric>

namespace muster {

namespace {

constexpr int sweeps = 6;
constexpr size_t mostBends = 20'000; // beyond it long edges are drawn straight
constexpr double bendWidth = 0.35;   // of a node
constexpr double nodeWeight = 1000;  // of a bend: steps in a row stand straight, and edges give way

class Layout {
public:
    Layout(int nodes, const std::vector<GraphEdge> &edges, std::vector<int> least)
        : m_real(static_cast<size_t>(nodes))
        , m_layer(std::move(least))
        , m_edges(edges)
    {
        m_layer.resize(m_real, 0);
        m_below.resize(m_real);
        m_above.resize(m_real);
    }

    GraphLayout run()
    {
        findLayers();
        link();
        order();
        place();
        return result();
    }

private:
    [[nodiscard]] bool isDrawn(const GraphEdge &edge) const
    {
        const auto there = [this](int node) {
            return node >= 0 && static_cast<size_t>(node) < m_real;
        };
        return there(edge.from) && there(edge.to) && edge.from != edge.to;
    }
    [[nodiscard]] size_t bendsBetween(const GraphEdge &edge) const
    {
        const int from = m_layer[static_cast<size_t>(edge.from)];
        const int to = m_layer[static_cast<size_t>(edge.to)];
        return to > from + 1 ? static_cast<size_t>(to) - static_cast<size_t>(from) - 1 : 0;
    }
    void findLayers();
    void link();
    void connect(size_t from, size_t to)
    {
        m_below[from].push_back(to);
        m_above[to].push_back(from);
    }
    void order();
    void sortBy(std::vector<size_t> &layer, const std::vector<std::vector<size_t>> &neighbours);
    void place();
    void pull(const std::vector<size_t> &layer, const std::vector<std::vector<size_t>> &neighbours);
    [[nodiscard]] double weight(size_t node) const { return node < m_real ? nodeWeight : 1; }
    [[nodiscard]] double gap(size_t left, size_t right) const
    {
        const auto half = [this](size_t node) {
            return node < m_real ? 0.5 : bendWidth / 2;
        };
        return half(left) + half(right);
    }
    [[nodiscard]] GraphLayout result() const;

    size_t m_real;
    std::vector<int> m_layer; // by node; bends behind the real ones
    const std::vector<GraphEdge> &m_edges;
    std::vector<std::vector<size_t>> m_below;
    std::vector<std::vector<size_t>> m_above;
    std::vector<std::vector<size_t>> m_bendsOf; // by edge
    std::vector<std::vector<size_t>> m_rows;    // nodes of each layer, from left to right
    std::vector<double> m_place;                // in its row; then x
};

void Layout::findLayers()
{
    std::vector<std::vector<size_t>> after(m_real);
    std::vector<int> open(m_real, 0);
    for (const GraphEdge &edge : m_edges) {
        if (!isDrawn(edge))
            continue;
        after[static_cast<size_t>(edge.from)].push_back(static_cast<size_t>(edge.to));
        ++open[static_cast<size_t>(edge.to)];
    }
    std::vector<size_t> ready;
    for (size_t node = 0; node < m_real; ++node) {
        if (open[node] == 0)
            ready.push_back(node);
    }
    for (size_t next = 0; next < ready.size(); ++next) {
        for (const size_t node : after[ready[next]]) {
            m_layer[node] = std::max(m_layer[node], m_layer[ready[next]] + 1);
            if (--open[node] == 0)
                ready.push_back(node);
        }
    }
}

void Layout::link()
{
    m_bendsOf.resize(m_edges.size());
    size_t bends = 0;
    for (const GraphEdge &edge : m_edges) {
        if (isDrawn(edge))
            bends += bendsBetween(edge);
    }
    for (size_t i = 0; i < m_edges.size(); ++i) {
        if (!isDrawn(m_edges[i]))
            continue;
        const auto to = static_cast<size_t>(m_edges[i].to);
        auto at = static_cast<size_t>(m_edges[i].from);
        for (int layer = m_layer[at] + 1; bends <= mostBends && layer < m_layer[to]; ++layer) {
            const size_t bend = m_layer.size();
            m_layer.push_back(layer);
            m_below.emplace_back();
            m_above.emplace_back();
            m_bendsOf[i].push_back(bend);
            connect(at, bend);
            at = bend;
        }
        connect(at, to);
    }
    m_rows.resize(m_layer.empty() ? 0 : static_cast<size_t>(std::ranges::max(m_layer)) + 1);
    m_place.resize(m_layer.size());
    for (size_t node = 0; node < m_layer.size(); ++node) {
        std::vector<size_t> &row = m_rows[static_cast<size_t>(m_layer[node])];
        m_place[node] = static_cast<double>(row.size());
        row.push_back(node);
    }
}

void Layout::sortBy(std::vector<size_t> &layer, const std::vector<std::vector<size_t>> &neighbours)
{
    std::vector<std::pair<double, size_t>> keys;
    keys.reserve(layer.size());
    for (const size_t node : layer) {
        double sum = 0;
        for (const size_t other : neighbours[node])
            sum += m_place[other] / static_cast<double>(m_rows[static_cast<size_t>(m_layer[other])].size());
        const auto count = static_cast<double>(neighbours[node].size());
        const double own = m_place[node] / static_cast<double>(layer.size());
        keys.emplace_back(count > 0 ? sum / count : own, node);
    }
    std::ranges::stable_sort(keys, {}, &std::pair<double, size_t>::first);
    for (size_t i = 0; i < keys.size(); ++i) {
        layer[i] = keys[i].second;
        m_place[layer[i]] = static_cast<double>(i);
    }
}

void Layout::order()
{
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        for (size_t row = 1; sweep % 2 == 0 && row < m_rows.size(); ++row)
            sortBy(m_rows[row], m_above);
        for (size_t row = m_rows.size(); sweep % 2 == 1 && row > 1; --row)
            sortBy(m_rows[row - 2], m_below);
    }
}

// As near to the middle of their neighbours as the order and the widths let them.
void Layout::pull(const std::vector<size_t> &layer, const std::vector<std::vector<size_t>> &neighbours)
{
    struct Block {
        double sum = 0;
        double count = 0;
        size_t first = 0;
        [[nodiscard]] double mean() const { return sum / count; }
    };
    std::vector<double> offset(layer.size(), 0);
    std::vector<Block> blocks;
    for (size_t i = 0; i < layer.size(); ++i) {
        if (i > 0)
            offset[i] = offset[i - 1] + gap(layer[i - 1], layer[i]);
        double wish = m_place[layer[i]];
        const std::vector<size_t> &near = neighbours[layer[i]];
        if (!near.empty()) {
            wish = 0;
            double weights = 0;
            for (const size_t other : near) {
                wish += weight(other) * m_place[other];
                weights += weight(other);
            }
            wish /= weights;
        }
        const double own = weight(layer[i]);
        blocks.push_back({.sum = own * (wish - offset[i]), .count = own, .first = i});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
            const Block last = blocks.back();
            blocks.pop_back();
            blocks.back().sum += last.sum;
            blocks.back().count += last.count;
        }
    }
    for (size_t block = 0; block < blocks.size(); ++block) {
        const size_t end = block + 1 < blocks.size() ? blocks[block + 1].first : layer.size();
        for (size_t i = blocks[block].first; i < end; ++i)
            m_place[layer[i]] = blocks[block].mean() + offset[i];
    }
}

void Layout::place()
{
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        for (size_t row = 0; sweep % 2 == 0 && row < m_rows.size(); ++row)
            pull(m_rows[row], m_above);
        for (size_t row = m_rows.size(); sweep % 2 == 1 && row > 0; --row)
            pull(m_rows[row - 1], m_below);
    }
}

GraphLayout Layout::result() const
{
    GraphLayout out;
    out.layers = static_cast<int>(m_rows.size());
    if (m_layer.empty())
        return out;
    const double left = std::ranges::min(m_place);
    out.width = std::ranges::max(m_place) - left + 1;
    const auto point = [&](size_t node) {
        return QPointF(m_place[node] - left, m_layer[node]);
    };
    for (size_t node = 0; node < m_real; ++node)
        out.nodes.push_back(point(node));
    for (const std::vector<size_t> &bends : m_bendsOf) {
        QList<QPointF> points;
        for (const size_t bend : bends)
            points.append(point(bend));
        out.bends.push_back(std::move(points));
    }
    return out;
}

} // namespace

GraphLayout layOutGraph(int nodes, const std::vector<GraphEdge> &edges, const std::vector<int> &leastLayer)
{
    return Layout(nodes, edges, leastLayer).run();
}

} // namespace muster
