// FlowGraph: the graph of a flow as a picture's data: nodes with their words, edges with what they mean, and
// where they are. Made from what CheckFlow tells; pure, any thread.
#pragma once

#include "core/node/api/flow_values.h"
#include "core/viewmodel/graph_layout.h"

#include <QHash>

namespace muster {

enum class FlowEdgeKind : std::uint8_t { Need, Branch, Loop, Jump };

struct FlowGraphEdge {
    int from = 0;
    int to = 0;
    FlowEdgeKind kind = FlowEdgeKind::Need;
    QString label; // of a branch
};

struct FlowGraph {
    std::vector<api::FlowStepInfo> steps;
    std::vector<FlowGraphEdge> edges; // as in layout.bends; a jump has none
    QHash<QString, int> indexById;
    GraphLayout layout;

    // How many of it work at a time is said by a group that it belongs to.
    [[nodiscard]] bool isCappedByGroup(int step) const;
};

[[nodiscard]] FlowGraph flowGraphOf(const api::FlowCheckInfo &flow);
// "read: agent for each item, needs inventory": for a screen reader and a tool tip.
[[nodiscard]] QString describe(const FlowGraph &graph, int step);

} // namespace muster
