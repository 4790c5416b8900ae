// Where the nodes of a layered graph are drawn: each in a layer below all that lead to it (longest path), in
// an order with few crossings (barycentres, some sweeps), as near above and below each other as the order
// lets them (isotonic regression). Edges over several layers take room in those between, so that they can be
// drawn around the nodes there. Pure; a few milliseconds for hundreds of nodes; any thread.
#pragma once

#include <QList>
#include <QPointF>

#include <vector>

namespace muster {

struct GraphEdge {
    int from = 0;
    int to = 0;
};

struct GraphLayout {
    // Of each node: x in widths of a node, y the layer from 0.
    std::vector<QPointF> nodes;
    // Of each edge, the points between its ends, from above to below.
    std::vector<QList<QPointF>> bends;
    double width = 0; // of all, in widths of a node
    int layers = 0;
};

// Edges must not form a cycle; one of a node to itself or to a node that is not there is left out.
// `leastLayer`: by node, at least there; empty: none.
[[nodiscard]] GraphLayout layOutGraph(int nodes, const std::vector<GraphEdge> &edges,
                                      const std::vector<int> &leastLayer = {});

} // namespace muster
