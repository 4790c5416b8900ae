// FlowGraphPainter: where the boxes and edges of a flow's graph are, and how they are drawn. In units of the
// scene: without zoom, from its top left corner. GUI thread.
#pragma once

#include "core/events/reasons.h"
#include "core/viewmodel/flow_graph.h"

#include <QRectF>

#include <optional>

class QPainter;
class QPainterPath;

namespace muster {

// How a box looks beside its words.
struct BoxState {
    bool isChosen = false;
    bool hasFocus = false;
    std::optional<StepStatus> status; // of a run
};

class FlowGraphPainter {
public:
    // `zoom`: how large it will be seen; from small ones words are left out.
    FlowGraphPainter(const FlowGraph &graph, double zoom)
        : m_graph(graph)
        , m_zoom(zoom)
    {
    }

    static constexpr double readable = 0.45;

    [[nodiscard]] static QSizeF boxSize();
    [[nodiscard]] QRectF boxOf(int step) const;
    [[nodiscard]] QSizeF sceneSize() const;
    void paintEdge(QPainter *painter, size_t edge, bool isChosen) const;
    void paintBox(QPainter *painter, int step, const BoxState &state) const;

private:
    [[nodiscard]] static QPointF centerOf(QPointF place);
    [[nodiscard]] QPainterPath pathOf(size_t edge) const;
    static void paintWords(QPainter *painter, const api::FlowStepInfo &step, const QRectF &text);

    const FlowGraph &m_graph;
    double m_zoom;
};

} // namespace muster
