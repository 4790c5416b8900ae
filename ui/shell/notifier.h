// Notifier: tells a person who looks elsewhere that something waits for them: several at once as one message,
// nothing twice, nothing that neither needs an answer nor was asked for, as results of a schedule are. GUI
// thread.
#pragma once

#include "core/node/api/values.h"

#include <QObject>
#include <QTimer>

namespace muster {

class MainWindow;
class NodeFeed;

class Notifier final : public QObject {
    Q_OBJECT

public:
    Notifier(NodeFeed *feed, MainWindow *window);

signals:
    // Also sent to the tray, where there is one.
    void told(const QString &title, const QString &text);

private:
    void look();
    void take(const std::vector<api::InboxInfo> &items);

    NodeFeed *m_feed;
    MainWindow *m_window;
    QTimer m_soon;
    InboxId m_newestTold;
    bool m_first = true; // what waited before the window opened is in the inbox, not news
};

} // namespace muster
