#include "core/viewmodel/conversation_list_model.h"

#include "core/viewmodel/describe_work.h"
#include "core/viewmodel/project_context.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace muster {
namespace {

constexpr int intervalMs = 100;

// A time of today, else its date.
QString shortTime(qint64 ms, qint64 nowMs)
{
    const QDate day = QDateTime::fromMSecsSinceEpoch(ms).date();
    return day == QDateTime::fromMSecsSinceEpoch(nowMs).date()
               ? clockTime(ms, nowMs)
               : QLocale().toString(day, QLocale::ShortFormat);
}

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
    if (conversation.notBefore > 0)
        return Rests;
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

QString describeNews(const api::ConversationInfo &conversation, qint64 nowMs, bool whole)
{
    switch (newsOf(conversation)) {
    case ConversationNews::WaitsForYou:
        return words(QT_TRANSLATE_NOOP("ConversationListModel", "Waits for you"));
    case ConversationNews::Working:
        return words(QT_TRANSLATE_NOOP("ConversationListModel", "Writing…"));
    case ConversationNews::Rests:
        if (!whole)
            return words(QT_TRANSLATE_NOOP("ConversationListModel", "Limit until %1"))
                .arg(shortTime(conversation.notBefore, nowMs));
        return words(QT_TRANSLATE_NOOP("ConversationListModel", "Waits for its provider’s limit until %1"))
            .arg(clockTime(conversation.notBefore, nowMs));
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

namespace {

QString whole(const api::ConversationInfo &row)
{
    const QString state = describeNews(row, QDateTime::currentMSecsSinceEpoch(), true);
    return state.isEmpty() ? conversationTitle(row) : QString(conversationTitle(row) % u", " % state);
}

} // namespace

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
    case Qt::AccessibleTextRole:
        return whole(*row);
    case Qt::ToolTipRole: // what the row has no room for
        return row->notBefore > 0 ? QVariant(u"<p>" % whole(*row).toHtmlEscaped() % u"</p>") : QVariant();
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
