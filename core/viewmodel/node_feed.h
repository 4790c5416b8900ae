// NodeFeed: the window's one subscription to what changes, sorted by what it is about and told at most once a
// frame, so that a burst of a thousand events refreshes each model once. Also holds the node's last status
// and the state of the link. GUI thread (the thread of the NodeApi).
#pragma once

#include "core/node/api/node_api.h"
#include "core/viewmodel/work_watch.h"

#include <QObject>
#include <QSet>
#include <QTimer>

namespace muster {

struct FeedChanges {
    QSet<RunId> runs;
    QSet<ConversationId> conversations;
    bool inbox = false;
    bool worktrees = false;
    bool accounts = false;   // of runtimes
    bool projects = false;   // also flows and trust
    bool schedules = false;  // also the work that they started
    bool everything = false; // the link came back: whatever is shown may be old
};

class NodeFeed final : public QObject {
    Q_OBJECT

public:
    explicit NodeFeed(api::NodeApi *node, QObject *parent = nullptr);

    [[nodiscard]] api::NodeApi &node() const { return *m_node; }
    [[nodiscard]] const api::NodeStatus &status() const { return m_status; }
    // Shared by all that show work, so that it is asked for once.
    [[nodiscard]] WorkWatch &work() { return m_work; }
    [[nodiscard]] api::LinkState link() const { return m_node->linkState(); }

signals:
    void changed(const muster::FeedChanges &changes);
    void statusChanged();
    void linkChanged(muster::api::LinkState state);

private:
    void onNotice(const api::Notice &notice);
    void collect(const Event &event);
    void onLink(api::LinkState state);
    void askStatus();
    void flush();

    api::NodeApi *m_node;
    api::NodeStatus m_status;
    WorkWatch m_work;
    FeedChanges m_pending;
    QTimer m_frame;
};

} // namespace muster
