#include "core/viewmodel/conversation_list_model.h"

#include "core/viewmodel/project_context.h"

#include <QCoreApplication>

namespace muster {
namespace {

constexpr int intervalMs = 100;

QString words(const char *text) { return QCoreApplication::translate("ConversationListModel", text); }

} // namespace

QString conversationTitle(const api::ConversationInfo &conversation)
{
    return conversation.title.isEmpty()
               ? words(QT_TRANSLATE_NOOP("ConversationListModel", "New conversation"))
               : conversation.title;
}

ConversationNews newsOf(const api::ConversationInfo &conversation)
{
    using enum ConversationNews;
    if (conversation.waitingForYou > 0)
        return WaitsForYou;
    if (conversation.working)
        return Working;
    if (conversation.queuedMessages > 0)
        return Queued;
    if (conversation.lastAnswer == MessageStatus::Error)
        return Failed;
    if (conversation.lastAnswer == MessageStatus::Interrupted)
        return Interrupted;
    return conversation.unread ? Unread : Idle;
}

QString describe(ConversationNews news)
{
    switch (news) {
    case ConversationNews::WaitsForYou:
        return words(QT_TRANSLATE_NOOP("ConversationListModel", "Waits for you"));
    case ConversationNews::Working:
        return words(QT_TRANSLATE_NOOP("ConversationListModel", "Writing…"));
    case ConversationNews::Queued:
        return words(QT_TRANSLATE_NOOP("ConversationListModel", "Queued"));
    case ConversationNews::Failed:
        return words(QT_TRANSLATE_NOOP("ConversationListModel", "Failed"));
    case ConversationNews::Interrupted:
        return words(QT_TRANSLATE_NOOP("ConversationListModel", "Interrupted"));
    case ConversationNews::Unread:
        return words(QT_TRANSLATE_NOOP("ConversationListModel", "New answer"));
    case ConversationNews::Idle:
        break;
    }
    return {};
}

ConversationListModel::ConversationListModel(NodeFeed *feed, ProjectContext *context, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
    , m_context(context)
    , m_refresher([this] { ask(); }, this, intervalMs)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (!changes.conversations.isEmpty() || changes.everything)
            m_refresher.request();
    });
    connect(context, &ProjectContext::projectChanged, this, [this] {
        m_loaded = false;
        setRows({}, [](const api::ConversationInfo &row) { return row.id; });
        m_refresher.request();
    });
    m_refresher.request();
}

QModelIndex ConversationListModel::indexOf(ConversationId conversation) const
{
    const auto found = std::ranges::find(rows(), conversation, &api::ConversationInfo::id);
    return found == rows().end() ? QModelIndex() : index(static_cast<int>(found - rows().begin()));
}

QVariant ConversationListModel::data(const QModelIndex &index, int role) const
{
    const api::ConversationInfo *row = rowAt(index.row());
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return conversationTitle(*row);
    case Qt::AccessibleTextRole: {
        const QString state = describe(newsOf(*row));
        return state.isEmpty() ? conversationTitle(*row) : QString(conversationTitle(*row) % u", " % state);
    }
    case IdRole:
        return row->id.value;
    case WorkingRole:
        return row->working;
    case QueuedRole:
        return row->queuedMessages;
    case UpdatedAtRole:
        return row->updatedAt;
    default:
        return {};
    }
}

void ConversationListModel::ask()
{
    const QString project = m_context->project().path;
    if (project.isEmpty()) {
        m_refresher.done();
        return;
    }
    m_feed->node().query(api::ListConversations{.project = project}, this,
                         [this, project](Result<std::vector<api::ConversationInfo>> list) {
        m_refresher.done();
        if (!list || project != m_context->project().path)
            return; // the link's state says what is wrong; its return asks again
        m_loaded = true;
        setRows(std::move(*list), [](const api::ConversationInfo &row) { return row.id; });
        emit loaded();
    });
}

} // namespace muster
