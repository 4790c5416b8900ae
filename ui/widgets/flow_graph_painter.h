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
    QString words;                    // of the second line; empty: what kind of step it is
};

class FlowGraphPainter {
public:
    // `zoom`: how large it will be seen; from small ones words are left out.
    FlowGraphPainter(const FlowGraph &graph, double zoom);

    static constexpr double readable = 0.45;

    [[nodiscard]] static QSizeF boxSize();
    [[nodiscard]] QRectF boxOf(int step) const;
    // With what is drawn around the box: the focus, a list's stack, its cap.
    [[nodiscard]] QRectF withSurroundings(int step) const;
    [[nodiscard]] QSizeF sceneSize() const;
    // The line of an edge, from its step's box to the other's; between boxes, never over one.
    [[nodiscard]] QPainterPath pathOf(size_t edge) const;
    // Around a loop or group and its steps, or those alone; null where something else stands between them.
    [[nodiscard]] QRectF frameOf(int container) const;
    void paintFrame(QPainter *painter, const QRectF &frame) const;
    void paintEdge(QPainter *painter, size_t edge, bool isChosen) const;
    void paintBox(QPainter *painter, int step, const BoxState &state) const;

private:
    struct BoxWords {
        QString name;
        QString cap; // at the end of the first line, before what else stands there
        QString second;
        int besideName = 0; // as wide is what else stands there
    };

    [[nodiscard]] QPointF centerOf(QPointF place) const;
    static void paintStack(QPainter *painter, const QRectF &box);
    void paintSign(QPainter *painter, const QString &icon, const QColor &color, QPointF corner,
                   int size) const;
    static void paintWords(QPainter *painter, const BoxWords &words, const QRectF &text);
    [[nodiscard]] QRectF frameAround(const std::vector<int> &members) const;

    const FlowGraph &m_graph;
    double m_zoom;
    QSizeF m_box; // asked for once: there may be thousands
    QSizeF m_step;
    double m_margin;
};

} // namespace muster
