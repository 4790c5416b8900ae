// StatusStrip: the window's lower edge: swarm load, what waits for the person, and the link to the node, each
// as a sign with words. A click on the swarm or the inbox opens its dock. GUI thread.
#pragma once

#include "core/node/api/node_api.h"

#include <QStatusBar>

class QLabel;
class QToolButton;

namespace muster {

class RecoloredIconLabel;

class StatusStrip final : public QStatusBar {
    Q_OBJECT

public:
    explicit StatusStrip(QWidget *parent = nullptr);

    void setStatus(const api::NodeStatus &status);
    void setLink(api::LinkState state);

signals:
    void swarmClicked();
    void inboxClicked();

private:
    void showCounts();

    api::NodeStatus m_status;
    bool m_connected = false;
    int m_waiting = 0; // for the person
    QToolButton *m_swarm;
    QToolButton *m_inbox;
    QLabel *m_paused;
    QToolButton *m_notes;
    RecoloredIconLabel *m_linkIcon;
    QLabel *m_link;
};

} // namespace muster
