#include "tests/support/memory_node.h"

#include <QJsonDocument>
#include <QTimer>

#include <ranges>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

using namespace api;

template <typename... Ts> struct Overloaded : Ts... {
    using Ts::operator()...;
};

bool matches(const EventFilter &filter, const Event &event)
{
    if (filter.run.isValid() && filter.run != event.refs.run)
        return false;
    if (filter.conversation.isValid() && filter.conversation != event.refs.conversation)
        return false;
    if (filter.task.isValid() && filter.task != event.refs.task)
        return false;
    const bool kindFits =
        filter.kinds.isEmpty() || std::ranges::any_of(filter.kinds, [&](const QString &prefix) {
        return event.kind.startsWith(prefix);
    });
    return kindFits && (filter.text.isEmpty() || event.kind.contains(filter.text, Qt::CaseInsensitive) ||
                        QString::fromUtf8(QJsonDocument(event.data).toJson(QJsonDocument::Compact))
                            .contains(filter.text));
}

std::vector<Event> eventsFor(const std::vector<Event> &all, const ListEvents &query)
{
    std::vector<Event> found;
    const auto take = [&](const Event &event) {
        if (static_cast<int>(found.size()) < query.limit && matches(query.filter, event))
            found.push_back(event);
    };
    if (query.backwards) {
        for (const Event &event : all | std::views::reverse) {
            if (query.fromSeq == 0 || event.seq < query.fromSeq)
                take(event);
        }
        std::ranges::reverse(found);
    } else {
        for (const Event &event : all) {
            if (event.seq > query.fromSeq)
                take(event);
        }
    }
    return found;
}

template <typename Key, typename Value> Result<QueryReply> found(const QHash<Key, Value> &all, const Key &key)
{
    if (!all.contains(key))
        return fail(ErrorCode::NotFound);
    return all.value(key);
}

std::vector<MessageInfo> messagesFor(const std::vector<MessageInfo> &all, const ListMessages &query)
{
    std::vector<MessageInfo> found;
    for (const MessageInfo &message : all | std::views::reverse) {
        if (query.before.isValid() && message.id >= query.before)
            continue;
        if (static_cast<int>(found.size()) >= query.limit)
            break;
        found.push_back(message);
    }
    std::ranges::reverse(found);
    return found;
}

} // namespace

void MemoryNode::touch(const Event &event)
{
    Event stored = event;
    stored.seq = events.empty() ? 1 : events.back().seq + 1;
    events.push_back(stored);
    notify(EventsNotice{.events = {stored}},
           [&](const Subscription &subscription) { return matches(subscription.filter, stored); });
}

void MemoryNode::touch(const QString &kind, const EventRefs &refs)
{
    touch(Event{
        .seq = 0, .atMs = 1'700'000'000'000, .kind = kind, .refs = refs, .source = u"test"_s, .data = {}});
}

void MemoryNode::stream(const StreamNotice &notice)
{
    notify(notice, [&](const Subscription &s) {
        return s.streams && (!s.filter.run.isValid() || s.filter.run == notice.run) &&
               (!s.filter.conversation.isValid() || s.filter.conversation == notice.conversation) &&
               (!s.filter.task.isValid() || s.filter.task == notice.task);
    });
}

void MemoryNode::sendStatus()
{
    notify(StatusNotice{.status = status}, [](const Subscription &) { return true; });
}

void MemoryNode::setLink(LinkState state)
{
    m_link = state;
    emit linkStateChanged(state);
}

void MemoryNode::submit(const Command &command, QObject *context, CommandCallback done)
{
    submitted.append(command);
    QTimer::singleShot(0, context, [done = std::move(done), refuse = refuseWith, reply = answer] {
        if (refuse)
            done(std::unexpected(*refuse));
        else
            done(reply);
    });
}

int MemoryNode::subscribe(const Subscription &subscription, QObject *context, NoticeHandler handler)
{
    m_subscribers.insert(m_nextId, {subscription, context, std::move(handler)});
    return m_nextId++;
}

void MemoryNode::unsubscribe(int id) { m_subscribers.remove(id); }

int MemoryNode::subscriptionCount() const
{
    return static_cast<int>(
        std::ranges::count_if(m_subscribers, [](const Subscriber &s) { return s.context; }));
}

void MemoryNode::queryAny(const Query &query, QObject *context, std::function<void(Result<QueryReply>)> done)
{
    ++queryCount;
    workQueries += std::holds_alternative<ListWork>(query) ? 1 : 0;
    if (const auto *when = std::get_if<PreviewWhen>(&query))
        previewed += *when;
    if (std::holds_alternative<PreviewWhen>(query) && onPreview)
        onPreview();
    QTimer::singleShot(0, context, [this, query, done = std::move(done)] { done(reply(query)); });
}

std::vector<RunInfo> MemoryNode::find(const ListRuns &query) const
{
    std::vector<RunInfo> found;
    for (const RunInfo &run : runs) {
        if ((query.project.isEmpty() || query.project == run.project) &&
            static_cast<int>(found.size()) < query.limit)
            found.push_back(run);
    }
    return found;
}

std::vector<InboxInfo> MemoryNode::find(const ListInbox &query) const
{
    std::vector<InboxInfo> found;
    for (const InboxInfo &item : inbox) {
        if (!query.openOnly || item.status == InboxStatus::Open)
            found.push_back(item);
    }
    return found;
}

ChangesInfo MemoryNode::find(const GetChanges &query) const
{
    ChangesInfo info;
    for (const WorktreeInfo &tree : worktrees) {
        if (tree.id == query.worktree)
            info.worktree = tree;
    }
    const auto all = changes.value(query.worktree);
    for (const FileChange &one : all) {
        FileChange file = one;
        if (!query.path.isEmpty() && query.path != file.path)
            continue;
        if (query.path.isEmpty())
            file.hunks.clear();
        info.files.push_back(file);
    }
    return info;
}

StreamText MemoryNode::find(const GetStream &query) const
{
    if (query.channel != "text"_L1)
        return {};
    const QString all = streams.value(query.task);
    return {.offset = query.fromOffset,
            .text = all.mid(query.fromOffset),
            .total = all.size(),
            .complete = false};
}

Result<QueryReply> MemoryNode::find(const ShowSchedule &query) const
{
    if (!scheduleDetails.contains(query.schedule))
        return fail(ErrorCode::NotFound, query.schedule.toString(), u"schedules"_s);
    ScheduleDetail detail = scheduleDetails.value(query.schedule);
    const auto limit = static_cast<size_t>(query.limit);
    detail.firings.resize(std::min(detail.firings.size(), limit));
    detail.occurrences.resize(std::min(detail.occurrences.size(), limit));
    return detail;
}

Result<QueryReply> MemoryNode::reply(const Query &query) const
{
    if (m_link != LinkState::Connected)
        return fail(ErrorCode::Unavailable);
    using Reply = Result<QueryReply>;
    return std::visit(
        Overloaded{
            [&](const GetStatus &) -> Reply { return status; },
            [&](const ListProjects &) -> Reply { return projects; },
            [&](const ListFlows &) -> Reply { return flows; },
            [&](const ListRuns &q) -> Reply { return find(q); },
            [&](const GetRun &q) -> Reply { return found(details, q.run); },
            [&](const ListInbox &q) -> Reply { return find(q); },
            [&](const ListEvents &q) -> Reply { return eventsFor(events, q); },
            [&](const ListConversations &) -> Reply { return conversations; },
            [&](const ListMessages &q) -> Reply { return messagesFor(messages.value(q.conversation), q); },
            [&](const ListWorktrees &) -> Reply { return worktrees; },
            [&](const GetChanges &q) -> Reply { return find(q); },
            [&](const GetStream &q) -> Reply { return find(q); },
            [&](const GetToolCall &q) -> Reply { return found(tools, q.tool); },
            [&](const ListRuntimes &) -> Reply { return runtimes; },
            [&](const ListSecrets &) -> Reply { return secrets; },
            [&](const GetKeyStore &) -> Reply { return keyStore; },
            [&](const ListPermissions &) -> Reply { return permissions; },
            [&](const GetRerunChoices &) -> Reply { return rerunChoices; },
            [&](const CheckFlow &) -> Reply { return flowCheck; },
            [&](const Preflight &) -> Reply { return preflight; },
            [&](const ReadFlow &q) -> Reply { return found(flowTexts, q.flow); },
            [&](const ListProfiles &) -> Reply { return profiles; },
            [&](const ListSettings &) -> Reply { return settings; },
            [&](const ListWork &) -> Reply { return work; },
            [&](const ListTasks &) -> Reply { return tasks; },
            [&](const ListQueue &) -> Reply { return queue; },
            [&](const ListSchedules &) -> Reply { return schedules; },
            [&](const ShowSchedule &q) -> Reply { return find(q); },
            [&](const PreviewWhen &) -> Reply { return preview; },
            [&](const ListPools &) -> Reply { return pools; },
            [](const auto &) -> Reply { return fail(ErrorCode::Unsupported); },
        },
        query);
}

void MemoryNode::notify(const Notice &notice, const std::function<bool(const Subscription &)> &wanted)
{
    const QList<Subscriber> subscribers = m_subscribers.values();
    for (const Subscriber &subscriber : subscribers) {
        if (subscriber.context && wanted(subscriber.subscription))
            QTimer::singleShot(0, subscriber.context, [subscriber, notice] { subscriber.handler(notice); });
    }
}

} // namespace muster
