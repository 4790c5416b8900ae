// Tray: the swarm's state in the desktop's tray: one picture per state, the number of things that wait for
// the person, what runs as its tooltip, and a menu (TrayMenu). Made only where the desktop has a tray; the
// window never depends on it. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QIcon>
#include <QObject>
#include <QTimer>

class QSystemTrayIcon;

namespace muster {

class NodeFeed;
class SchedulePause;
class TrayMenu;

class Tray final : public QObject {
    Q_OBJECT

public:
    // nullptr when the desktop has no tray. Shows that menu, which is its owner's.
    static Tray *createIfAvailable(NodeFeed *feed, const SchedulePause *pause, TrayMenu *menu,
                                   QObject *parent);
    ~Tray() override;
    Q_DISABLE_COPY_MOVE(Tray)

    void notify(const QString &title, const QString &text);

signals:
    void activated();
    void messageClicked();

private:
    Tray(NodeFeed *feed, const SchedulePause *pause, TrayMenu *menu, QObject *parent);
    void show();

    NodeFeed *m_feed;
    const SchedulePause *m_pause;
    QSystemTrayIcon *m_icon;
    QTimer m_ages; // of what runs; stands still while nothing does
    std::optional<std::tuple<api::SwarmLoad, int, bool>> m_shown;
};

// The tray's picture: the sign for the state with the count over it (9 at most, then 9+; 0: none). A failure,
// that nothing can be stored, is a red mark instead. It stands on light and on dark panels.
[[nodiscard]] QPixmap trayPicture(api::SwarmLoad load, int count, bool failure, int size);
[[nodiscard]] QIcon trayIcon(api::SwarmLoad load, int count, bool failure);
// What the swarm does, up to three that run, why nothing new begins, and until when all schedules are paused.
[[nodiscard]] QString trayToolTip(const api::NodeStatus &status, qint64 pausedUntilMs, qint64 nowMs);

} // namespace muster
