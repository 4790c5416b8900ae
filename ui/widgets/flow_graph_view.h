// FlowGraphView: the graph of a flow, layered from above to below: a box for each step with its kind, edges
// for what it needs, branches with their labels, jumps and loops each in a line style of their own. With the
// statuses of a run its signs, words and colours are on the boxes. Pan by dragging or scrolling, zoom with
// Ctrl and the wheel or + − 0; arrow keys go along the edges. Only what is in sight is painted. GUI thread.
#pragma once

#include "core/events/reasons.h"
#include "core/viewmodel/flow_graph.h"

#include <QAbstractScrollArea>
#include <QHash>

#include <functional>

namespace muster {

class FlowGraphPainter;

class FlowGraphView final : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit FlowGraphView(QWidget *parent = nullptr);

    // The step that was chosen stays so, if it is still there.
    void setGraph(const FlowGraph &graph);
    [[nodiscard]] const FlowGraph &graph() const { return m_graph; }
    // Of a run, by step; empty: there is none.
    void setStatuses(const QHash<QString, StepStatus> &statuses);
    [[nodiscard]] const QHash<QString, StepStatus> &statuses() const { return m_statuses; }
    // What a step of the run does right now: "2 of 5 done". Asked for what is in sight, each time.
    void setWords(std::function<QString(const QString &step)> words) { m_words = std::move(words); }
    // Words or statuses are others now.
    void refresh();
    // It is not that of what is beside it: quieter.
    void setOutdated(bool outdated);

    // Empty: none. Does not tell of it by stepChosen().
    void choose(const QString &step);
    [[nodiscard]] QString chosen() const;
    // In the viewport, for tests and tool tips.
    [[nodiscard]] QRect rectOf(const QString &step) const;
    void zoom(double factor);
    void zoomIn();
    void zoomOut();
    // All in sight, not larger than life; so it stays, whatever the size, until it is zoomed or moved.
    void fit();

signals:
    void stepChosen(const QString &step);
    void stepActivated(const QString &step); // Enter or a double click

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    [[nodiscard]] FlowGraphPainter drawing() const;
    [[nodiscard]] QPointF offset() const; // of the scene in the viewport
    [[nodiscard]] int stepAt(QPoint position) const;
    [[nodiscard]] int next(int key) const;
    [[nodiscard]] std::vector<int> besideChosen(bool right) const;
    [[nodiscard]] std::vector<int> alongEdges(bool down) const;
    void setChosen(int step, bool tell);
    void reveal(int step);
    void updateBars();
    void showAll();
    void paintEdges(QPainter *painter, const QRectF &seen) const;
    void tellChosen();
    [[nodiscard]] QString wordsOf(int step) const;

    FlowGraph m_graph;
    QList<QRectF> m_frames; // around loops and groups
    QHash<QString, StepStatus> m_statuses;
    int m_chosen = -1;
    double m_zoom = 1;
    bool m_outdated = false;
    bool m_fitted = true;
    std::function<QString(const QString &)> m_words;
    QPoint m_dragFrom;
    QPoint m_barsFrom;
    bool m_dragging = false;
};

} // namespace muster
