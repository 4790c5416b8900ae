#include "core/chat/turn_end.h"
#include "core/node/queries/queries.h"
#include "core/node/work/inbox_desk.h"
#include "core/store/conversation_repository.h"
#include "core/store/event_repository.h"
#include "core/store/inbox_repository.h"
#include "core/store/stream_repository.h"
#include "core/store/task_repository.h"

#include <QHash>

#include <algorithm>

namespace muster::queries {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostOpen = 1000; // inbox items that are counted

QStringList textList(const QJsonValue &value)
{
    QStringList out;
    const QJsonArray array = value.toArray();
    for (const QJsonValueConstRef item : array)
        out += item.toString();
    return out;
}

EventFilter storeFilter(const api::EventFilter &filter)
{
    EventFilter out{.refs = {.run = filter.run,
                             .task = filter.task,
                             .session = filter.session,
                             .conversation = filter.conversation},
                    .text = filter.text};
    for (const QString &kind : filter.kinds)
        out.kinds += kind.contains(u'.') ? kind : QString(kind + u'.');
    return out;
}

api::ConversationInfo conversationInfo(const ConversationRow &row, const std::vector<MessageRow> &last,
                                       const std::vector<InboxRow> &open)
{
    const auto count = [&](auto... statuses) {
        return static_cast<int>(std::ranges::count_if(
            last, [&](const MessageRow &m) { return ((m.status == statuses) || ...); }));
    };
    api::ConversationInfo info{
        .id = row.id,
        .project = row.project,
        .title = row.title,
        .runtime = row.runtime,
        .working = count(MessageStatus::Pending, MessageStatus::Streaming) > 0,
        .queuedMessages = count(MessageStatus::Queued),
        .waitingForYou = static_cast<int>(std::ranges::count_if(
            open, [&](const InboxRow &item) { return item.refs.conversation == row.id; })),
        .updatedAt = row.updatedMs};
    for (const MessageRow &message : last) {
        if (message.role != MessageRole::Assistant)
            continue;
        info.lastAnswer = message.status;
        info.unread |= message.endedMs.has_value() && message.id.value > row.readTo;
    }
    return info;
}

// An answer that waits for a limit is under way, and nobody works on it.
Status addRest(Connection &db, api::ConversationInfo &info, const std::vector<MessageRow> &last)
{
    if (!info.working)
        return {};
    for (const MessageRow &message : last) {
        if (message.role != MessageRole::Assistant || !message.task.isValid() ||
            isSettledMessage(message.status))
            continue;
        const auto task = TaskRepository(db).find(message.task);
        if (!task)
            return std::unexpected(task.error());
        info.notBefore = std::max(info.notBefore, restOf(*task));
    }
    info.working = info.notBefore == 0;
    return {};
}

api::MessageInfo messageInfo(const MessageRow &row)
{
    return {.id = row.id,
            .conversation = row.conversation,
            .role = row.role == MessageRole::Person ? u"user"_s : enumName(row.role),
            .status = row.status,
            .text = row.text,
            .thinking = row.thinking,
            .reason = row.reason,
            .detail = row.detail,
            .attachments = textList(row.attachments),
            .task = row.task,
            .createdAt = row.createdMs,
            .endedAt = row.endedMs.value_or(0)};
}

// An item of another version may lack it.
template <typename E> [[nodiscard]] E named(const QJsonValue &value)
{
    return enumFromName<E>(value.toString()).value_or(E{});
}

QString answerOf(const InboxRow &row)
{
    return row.kind == InboxKind::Question && saysYes(row) ? row.message : row.answer;
}

} // namespace

api::InboxInfo toApi(const InboxRow &row)
{
    api::InboxInfo info{.id = row.id,
                        .kind = row.kind,
                        .status = row.status,
                        .title = row.title,
                        .body = row.body.value(u"show").toString(),
                        .command = row.body.value(u"command").toString(),
                        .diff = row.body.value(u"diff").toString(),
                        .paths = textList(row.body.value(u"paths")),
                        .risk = named<PermissionRisk>(row.body.value(u"risk")),
                        .riskDetail = row.body.value(u"risk_detail").toString(),
                        .place = named<WorkPlace>(row.body.value(u"place")),
                        .folder = row.body.value(u"folder").toString(),
                        .purpose = row.body.value(u"purpose").toString(),
                        .who = row.body.value(u"who").toString(),
                        .refs = row.refs,
                        .choices = textList(row.body.value(u"choices")),
                        .details = textList(row.body.value(u"details")),
                        .several = row.body.value(u"several").toBool(),
                        .createdAt = row.createdMs,
                        .expiresAt = row.expiresMs.value_or(0),
                        .answeredAt = row.answeredMs.value_or(0),
                        .answer = answerOf(row),
                        .answeredBy = row.answeredBy,
                        .schedule = ScheduleId{row.body.value(u"schedule").toInteger()}};
    if (info.paths.isEmpty())
        info.paths = textList(row.body.value(u"may_write"));
    info.later = row.status == InboxStatus::Open && row.body.value(u"later").toBool();
    info.refs.inbox = row.id;
    return info;
}

namespace {

// Each with the name and the path of its project.
Result<std::vector<api::InboxInfo>> withProjects(Connection &db, const std::vector<InboxRow> &rows)
{
    ProjectRepository projects(db);
    QHash<ProjectId, ProjectRow> known;
    std::vector<api::InboxInfo> out;
    for (const InboxRow &row : rows) {
        api::InboxInfo &info = out.emplace_back(toApi(row));
        if (!row.refs.project.isValid())
            continue;
        auto project = known.find(row.refs.project);
        if (project == known.end()) {
            const auto found = projects.find(row.refs.project);
            if (!found)
                return std::unexpected(found.error());
            project = known.insert(row.refs.project, *found);
        }
        info.project = project->path;
        info.projectName = project->name;
    }
    return out;
}

} // namespace

Result<std::vector<api::InboxInfo>> inbox(Connection &db, const api::ListInbox &query)
{
    if (query.item.isValid()) {
        return InboxRepository(db).find(query.item).and_then([&](const InboxRow &row) {
            return withProjects(db, {row});
        });
    }
    InboxFilter filter{.within = query.run, .limit = std::clamp(query.limit, 1, 5000)};
    if (!query.project.isEmpty()) {
        const auto project = ProjectRepository(db).findByPath(query.project);
        if (!project)
            return std::unexpected(project.error());
        if (!*project)
            return std::vector<api::InboxInfo>();
        filter.project = (*project)->id;
    }
    if (query.openOnly)
        filter.status = InboxStatus::Open;
    return InboxRepository(db)
        .list(filter)
        .and_then([&](const std::vector<InboxRow> &rows) {
        return withProjects(db, rows);
    }).transform([](std::vector<api::InboxInfo> out) {
        // Oldest urgent first; among the answered the newest first, as they came.
        std::ranges::stable_partition(out,
                                      [](const api::InboxInfo &i) { return i.status == InboxStatus::Open; });
        const auto open =
            std::ranges::find_if(out, [](const api::InboxInfo &i) { return i.status != InboxStatus::Open; });
        std::reverse(out.begin(), open);
        return out;
    });
}

Result<std::vector<Event>> events(Connection &db, const api::ListEvents &query)
{
    const EventSlice slice{.seq = query.fromSeq,
                           .direction = query.backwards ? SliceDirection::Older : SliceDirection::Newer,
                           .limit = std::clamp(query.limit, 1, 5000)};
    return EventRepository(db).slice(storeFilter(query.filter), slice);
}

Result<std::vector<api::ConversationInfo>> conversations(Connection &db, const api::ListConversations &query)
{
    ConversationRepository repository(db);
    ProjectId project;
    if (!query.project.isEmpty()) {
        const auto found = ProjectRepository(db).findByPath(query.project);
        if (!found)
            return std::unexpected(found.error());
        if (!*found)
            return std::vector<api::ConversationInfo>();
        project = (*found)->id;
    }
    const auto rows = repository.list(project, std::clamp(query.limit, 1, 1000));
    if (!rows)
        return std::unexpected(rows.error());
    const auto open = InboxRepository(db).list({.status = InboxStatus::Open, .limit = mostOpen});
    if (!open)
        return std::unexpected(open.error());
    std::vector<api::ConversationInfo> out;
    for (const ConversationRow &row : *rows) {
        const auto last = repository.messages(row.id, {}, 20);
        if (!last)
            return std::unexpected(last.error());
        api::ConversationInfo &info = out.emplace_back(conversationInfo(row, *last, *open));
        if (Status added = addRest(db, info, *last); !added)
            return std::unexpected(added.error());
    }
    return out;
}

Result<std::vector<api::MessageInfo>> messages(Connection &db, const api::ListMessages &query)
{
    const auto rows = ConversationRepository(db).messages(query.conversation, query.before,
                                                          std::clamp(query.limit, 1, 1000));
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<api::MessageInfo> out;
    out.reserve(rows->size());
    for (const MessageRow &row : *rows) {
        api::MessageInfo &info = out.emplace_back(messageInfo(row));
        if (row.role != MessageRole::Assistant || !row.task.isValid())
            continue;
        auto tools = toolsOf(db, row.task);
        if (!tools)
            return std::unexpected(tools.error());
        info.tools = std::move(*tools);
        if (Status added = addWork(db, info); !added)
            return std::unexpected(added.error());
    }
    return out;
}

Result<std::vector<WorktreeRow>> worktreeRows(Connection &db, const api::ListWorktrees &query)
{
    ProjectId project;
    if (!query.project.isEmpty()) {
        const auto found = ProjectRepository(db).findByPath(query.project);
        if (!found)
            return std::unexpected(found.error());
        if (!*found)
            return std::vector<WorktreeRow>();
        project = (*found)->id;
    }
    WorktreeRepository repository(db);
    auto rows = query.activeOnly ? repository.active(project) : repository.list(project);
    if (rows)
        std::ranges::sort(*rows, std::ranges::greater(),
                          &WorktreeRow::id); // newest first, whichever are asked for
    return rows;
}

Result<api::StreamText> stream(Connection &db, const api::GetStream &query)
{
    const auto channel = enumFromName<StreamChannel>(query.channel);
    if (!channel)
        return fail(ErrorCode::InvalidArgument, query.channel, u"channel"_s);
    const auto chunks = StreamRepository(db).read({.task = query.task, .channel = channel, .limit = 100'000});
    if (!chunks)
        return std::unexpected(chunks.error());
    api::StreamText out;
    for (const StreamChunk &chunk : *chunks)
        out.text += chunk.text;
    out.total = out.text.size();
    out.offset = std::clamp(query.fromOffset, qint64{0}, out.total);
    out.text.remove(0, out.offset);
    return out;
}

} // namespace muster::queries
