// TrayMenu: the menu of the tray: what runs, each with a way to stop it; what waits for the person, each with
// the way to its answer; all schedules paused for a while; and the ways into the window. It is made anew when
// what it tells of changes, never while it is open. GUI thread.
#pragma once

#include "core/node/api/node_api.h"

#include <QObject>

#include <memory>

class QMenu;

namespace muster {

class ActionRegistry;
class InboxModel;
class NodeFeed;
class SchedulePause;

class TrayMenu final : public QObject {
    Q_OBJECT

public:
    // Shows the registry's actions.
    TrayMenu(NodeFeed *feed, const SchedulePause *pause, ActionRegistry *actions, QObject *parent = nullptr);
    ~TrayMenu() override;
    Q_DISABLE_COPY_MOVE(TrayMenu)

    void setActive(bool active); // else it is not kept up
    [[nodiscard]] QMenu *menu() const { return m_menu.get(); }

signals:
    void answerWanted(muster::InboxId item); // the question is to be read before it is answered
    void failed(const muster::Error &error);

private:
    void update();
    void rebuild();
    [[nodiscard]] QStringList content() const;
    void addRunning();
    void addWaiting();
    void addSchedules();
    void addRegistered(const QString &id, bool bringsWindow);
    void stop(TaskId task);

    NodeFeed *m_feed;
    const SchedulePause *m_pause;
    ActionRegistry *m_actions;
    InboxModel *m_inbox;
    std::unique_ptr<QMenu> m_menu;
    QStringList m_content; // that the menu was made from
    bool m_active = false;
};

} // namespace muster
