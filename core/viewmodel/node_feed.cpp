#include "core/viewmodel/node_feed.h"

#include "core/viewmodel/refresher.h"

using namespace Qt::StringLiterals;

namespace muster {

NodeFeed::NodeFeed(api::NodeApi *node, QObject *parent)
    : QObject(parent)
    , m_node(node)
    , m_work(node)
{
    m_frame.setSingleShot(true);
    m_frame.setInterval(frameMs);
    connect(&m_frame, &QTimer::timeout, this, &NodeFeed::flush);
    connect(m_node, &api::NodeApi::linkStateChanged, this, &NodeFeed::onLink);
    m_node->subscribe({}, this, [this](const api::Notice &notice) { onNotice(notice); });
    askStatus();
}

void NodeFeed::onNotice(const api::Notice &notice)
{
    if (const auto *events = std::get_if<api::EventsNotice>(&notice)) {
        for (const Event &event : events->events)
            collect(event);
        if (!m_frame.isActive())
            m_frame.start();
    } else if (const auto *status = std::get_if<api::StatusNotice>(&notice)) {
        m_status = status->status;
        emit statusChanged();
    }
}

void NodeFeed::collect(const Event &event)
{
    const QStringView topic = QStringView(event.kind).left(event.kind.indexOf(u'.'));
    if (event.refs.run.isValid())
        m_pending.runs.insert(event.refs.run);
    if (event.refs.conversation.isValid())
        m_pending.conversations.insert(event.refs.conversation);
    m_pending.inbox |= event.refs.inbox.isValid() || topic == "inbox"_L1 || topic == "permission"_L1;
    m_pending.worktrees |= topic == "worktree"_L1 || topic == "workspace"_L1 || topic == "step"_L1 ||
                           topic == "run"_L1 || event.kind == "session.file_changed"_L1;
    m_pending.accounts |= topic == "account"_L1;
    m_pending.schedules |= topic == "schedule"_L1 || event.source.startsWith("schedule:"_L1);
    m_pending.projects |= topic == "project"_L1 || topic == "flow"_L1;
}

void NodeFeed::onLink(api::LinkState state)
{
    emit linkChanged(state);
    if (state != api::LinkState::Connected)
        return;
    askStatus();
    m_pending.everything = true;
    if (!m_frame.isActive())
        m_frame.start();
}

void NodeFeed::askStatus()
{
    m_node->query(api::GetStatus{}, this, [this](const Result<api::NodeStatus> &status) {
        if (!status)
            return; // the link's state says what is wrong
        m_status = *status;
        emit statusChanged();
    });
}

void NodeFeed::flush()
{
    const FeedChanges changes = std::exchange(m_pending, {});
    emit changed(changes);
}

} // namespace muster
