#include "ui/shell/notifier.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/inbox_model.h"
#include "core/viewmodel/node_feed.h"
#include "ui/shell/main_window.h"
#include "ui/shell/tray.h"

#include <QApplication>

namespace muster {
namespace {

constexpr int groupMs = 1000; // what comes within it is told at once

// It stands in the inbox only because its schedule was told to say so.
bool wasAskedFor(const api::InboxInfo &item) { return item.kind == InboxKind::Result; }

} // namespace

Notifier::Notifier(NodeFeed *feed, MainWindow *window)
    : QObject(window)
    , m_feed(feed)
    , m_window(window)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(groupMs);
    connect(&m_soon, &QTimer::timeout, this, &Notifier::look);
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if ((changes.inbox || changes.everything) && !m_soon.isActive())
            m_soon.start();
    });
    look();
}

void Notifier::look()
{
    m_feed->node().query(api::ListInbox{}, this, [this](const Result<std::vector<api::InboxInfo>> &items) {
        if (items)
            take(*items);
    });
}

void Notifier::take(const std::vector<api::InboxInfo> &items)
{
    const InboxId before = m_newestTold;
    const api::InboxInfo *newest = nullptr;
    int fresh = 0;
    for (const api::InboxInfo &item : items) {
        if (item.id <= before || !(isUrgent(item) || wasAskedFor(item)))
            continue;
        ++fresh;
        if (!newest || item.id > newest->id)
            newest = &item;
    }
    if (newest)
        m_newestTold = newest->id;
    if (std::exchange(m_first, false) || !newest || m_window->isActiveWindow())
        return;
    const QString title = fresh == 1 ? describeTitle(*newest) : tr("%n things wait for you", nullptr, fresh);
    QApplication::alert(m_window);
    if (m_window->tray())
        m_window->tray()->notify(title, newest->who);
    emit told(title, newest->who);
}

} // namespace muster
