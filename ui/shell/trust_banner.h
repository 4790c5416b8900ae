// TrustBanner: says that the open project brings flows of its own that do nothing yet, and lets the person
// trust it. Not modal: everything else works meanwhile, and "Not now" is no answer for good. GUI thread.
#pragma once

#include <QSet>
#include <QToolBar>

class QLabel;

namespace muster {

class FlowListModel;
class NodeFeed;
class ProjectContext;

class TrustBanner final : public QToolBar {
    Q_OBJECT

public:
    TrustBanner(NodeFeed *feed, ProjectContext *context, QWidget *parent = nullptr);

private:
    void update();

    ProjectContext *m_context;
    FlowListModel *m_flows;
    QLabel *m_text;
    QSet<QString> m_putOff; // paths, until the window closes
};

} // namespace muster
