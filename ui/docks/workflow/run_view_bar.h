// RunViewBar: how the steps of a run are shown, as a list or as a graph, and what the graph is looked at
// with. GUI thread.
#pragma once

#include <QWidget>

class QButtonGroup;
class QToolButton;

namespace muster {

class RunViewBar final : public QWidget {
    Q_OBJECT

public:
    enum View { List, Graph };

    explicit RunViewBar(QWidget *parent = nullptr);

    // Tells of it by chosen() if it was the other one.
    void choose(View view);
    [[nodiscard]] View view() const;

signals:
    void chosen(muster::RunViewBar::View view);
    void zoomInWanted();
    void zoomOutWanted();
    void fitWanted();

private:
    QToolButton *addView(View view, const QString &icon, const QString &text, const QString &help);
    QToolButton *addTool(const QString &icon, const QString &name, const QString &help);
    void onToggled(int view, bool on);

    QButtonGroup *m_views;
    QList<QToolButton *> m_tools; // of the graph
};

} // namespace muster
