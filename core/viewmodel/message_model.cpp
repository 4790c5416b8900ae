#include "core/viewmodel/message_model.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int intervalMs = 50;

bool isRunning(const api::MessageInfo &message)
{
    return message.status == MessageStatus::Pending || message.status == MessageStatus::Streaming;
}

} // namespace

MessageModel::MessageModel(NodeFeed *feed, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
    , m_refresher([this] { ask(); }, this, intervalMs)
    , m_stream(&feed->node())
    , m_thinking(&feed->node(), nullptr, u"thinking"_s)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.everything || changes.conversations.contains(m_conversation))
            m_refresher.request();
    });
    connect(&feed->work(), &WorkWatch::ticked, this, [this] {
        if (const api::MessageInfo *message = m_active ? running() : nullptr)
            emit ticked(static_cast<int>(message - rows().data()));
    });
    for (const TaskStream *stream : {&m_stream, &m_thinking}) {
        connect(stream, &TaskStream::restarted, this, &MessageModel::onStream);
        connect(stream, &TaskStream::appended, this, &MessageModel::onStream);
    }
}

void MessageModel::setActive(bool active)
{
    m_active = active;
    m_refresher.setActive(active);
    followStream();
}

void MessageModel::setConversation(ConversationId conversation)
{
    if (std::exchange(m_conversation, conversation) == conversation)
        return;
    m_loaded = false;
    m_wanted = page;
    m_mayHaveMore = false;
    setRows({}, [](const api::MessageInfo &message) { return message.id; });
    followStream();
    m_refresher.request();
}

const api::MessageInfo *MessageModel::running() const
{
    const auto found = std::ranges::find_if(rows().rbegin(), rows().rend(), isRunning);
    return found == rows().rend() ? nullptr : &*found;
}

const api::WorkInfo *MessageModel::workOf(const api::MessageInfo &message) const
{
    return isRunning(message) ? m_feed->work().of(message.task) : nullptr;
}

bool MessageModel::isWorking() const { return running() != nullptr; }

QString MessageModel::shown(const api::MessageInfo &message, const TaskStream &stream,
                            const QString &stored) const
{
    const bool streams = m_active && isRunning(message) && message.task == stream.task() && !stream.isCut() &&
                         stream.text().size() > stored.size();
    return streams ? stream.text() : stored;
}

void MessageModel::askTool(TaskId task, const QString &tool, QObject *context,
                           std::function<void(Result<api::ToolDetail>)> done)
{
    m_feed->node().query(api::GetToolCall{.task = task, .tool = tool}, context, std::move(done));
}

QVariant MessageModel::data(const QModelIndex &index, int role) const
{
    const api::MessageInfo *message = rowAt(index.row());
    if (!message)
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case TextRole:
        return shown(*message, m_stream, message->text);
    case ThinkingRole:
        return shown(*message, m_thinking, message->thinking);
    case IdRole:
        return message->id.value;
    case RoleRole:
        return message->role;
    case StatusRole:
        return static_cast<int>(message->status);
    default:
        return {};
    }
}

bool MessageModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_mayHaveMore && m_wanted < most;
}

void MessageModel::fetchMore(const QModelIndex &)
{
    m_wanted = std::min(m_wanted + page, most);
    m_mayHaveMore = false; // until the answer says so
    m_refresher.request();
}

void MessageModel::ask()
{
    if (!m_conversation.isValid()) {
        m_refresher.done();
        return;
    }
    const int limit = m_wanted;
    m_feed->node().query(
        api::ListMessages{.conversation = m_conversation, .limit = limit}, this,
        [this, conversation = m_conversation, limit](Result<std::vector<api::MessageInfo>> list) {
        m_refresher.done();
        if (!list || conversation != m_conversation)
            return; // the link's state says what is wrong; its return asks again
        m_mayHaveMore = std::cmp_greater_equal(list->size(), limit);
        take(std::move(*list));
    });
}

void MessageModel::take(std::vector<api::MessageInfo> messages)
{
    m_loaded = true;
    setRows(std::move(messages), [](const api::MessageInfo &message) { return message.id; });
    followStream();
    emit loaded();
}

void MessageModel::followStream()
{
    const api::MessageInfo *message = m_active ? running() : nullptr;
    m_stream.follow(message ? message->task : TaskId());
    m_thinking.follow(message ? message->task : TaskId());
    m_feed->work().setWanted(this, message != nullptr);
}

void MessageModel::onStream()
{
    const api::MessageInfo *message = running();
    if (message && message->task == m_stream.task())
        emit streamed(static_cast<int>(message - rows().data()));
}

} // namespace muster
