// Tray: the swarm's state in the desktop's tray: one picture per state, the number of things that wait for
// the person, and a menu. Made only where the desktop has a tray; the window never depends on it. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QObject>

#include <memory>

class QMenu;
class QSystemTrayIcon;

namespace muster {

class ActionRegistry;

class Tray final : public QObject {
    Q_OBJECT

public:
    // nullptr when the desktop has no tray. The menu shows the registry's actions.
    static Tray *createIfAvailable(ActionRegistry *actions, QObject *parent);
    ~Tray() override;
    Q_DISABLE_COPY_MOVE(Tray)

    void setStatus(const api::NodeStatus &status);
    void setDisconnected();
    void notify(const QString &title, const QString &text);

    // What a pointer or a screen reader gets; also shown in the status bar.
    [[nodiscard]] static QString summary(const api::NodeStatus &status);

signals:
    void activated();
    void messageClicked();

private:
    Tray(ActionRegistry *actions, QObject *parent);

    std::unique_ptr<QMenu> m_menu;
    QSystemTrayIcon *m_icon;
};

// The tray's picture: the sign for the state with the count over it (9 at most, then 9+). 0: no count.
[[nodiscard]] QPixmap trayPicture(api::SwarmLoad load, int count, int size);

} // namespace muster
