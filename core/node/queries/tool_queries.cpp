// Tool calls of a turn, put together from the events that tell of them; their output from the stream.
#include "core/node/queries/queries.h"
#include "core/store/event_repository.h"
#include "core/store/stream_repository.h"

#include <QJsonDocument>

#include <algorithm>

namespace muster::queries {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostEvents = 1500; // of a turn: its newest
constexpr qsizetype inputUnits = 8 << 10;
constexpr qsizetype diffUnits = 64 << 10;
constexpr qint64 outputUnits = 16 << 10;

Result<std::vector<Event>> toolEvents(Connection &db, TaskId task)
{
    return EventRepository(db).slice(
        {.refs = {.task = task},
         .kinds = {u"session.tool_started"_s, u"session.tool_finished"_s, u"session.permission_requested"_s,
                   u"permission.decided"_s, u"inbox.answered"_s, u"inbox.withdrawn"_s}},
        {.direction = SliceDirection::Older, .limit = mostEvents});
}

void countLines(const QString &diff, api::ToolCall &call)
{
    call.added = 0;
    call.removed = 0;
    const auto lines = QStringView(diff).split(u'\n');
    for (const QStringView line : lines) {
        call.added += line.startsWith(u'+') && !line.startsWith(u"+++") ? 1 : 0;
        call.removed += line.startsWith(u'-') && !line.startsWith(u"---") ? 1 : 0;
    }
}

QString readable(const QJsonObject &input)
{
    const QString command = input.value(u"command").toString();
    if (!command.isEmpty())
        return command;
    return input.isEmpty()
               ? QString()
               : QString::fromUtf8(QJsonDocument(input).toJson(QJsonDocument::Indented)).trimmed();
}

// What the events say of each call, in the order in which they began.
std::vector<api::ToolDetail> gather(const std::vector<Event> &events)
{
    std::vector<api::ToolDetail> calls;
    for (const Event &event : events) {
        const auto said = sessionEventFromJson(event.kind, event.data);
        if (!said) { // an answer; of an agent's requests one is open at a time
            for (api::ToolDetail &detail : calls)
                detail.call.waitsForYou = false;
            continue;
        }
        const QString id = event.data.value(u"tool").toString();
        const auto known = std::ranges::find_last_if(calls, [&](const api::ToolDetail &c) {
            return c.call.id == id;
        }).begin();
        if (const auto *started = std::get_if<ToolStarted>(&*said)) {
            calls.push_back({.call = {.id = id,
                                      .title = started->title,
                                      .kind = started->kind,
                                      .paths = started->paths,
                                      .startedAt = event.atMs,
                                      .textOffset = event.data.value(u"text_offset").toInteger()},
                             .input = readable(started->input)});
        } else if (known == calls.end()) {
            continue;
        } else if (const auto *finished = std::get_if<ToolFinished>(&*said)) {
            known->call.outcome = finished->outcome;
            known->call.endedAt = event.atMs;
            known->call.waitsForYou = false;
        } else if (const auto *asked = std::get_if<PermissionRequested>(&*said)) {
            known->call.waitsForYou = !known->call.outcome;
            if (known->call.title.isEmpty())
                known->call.title = asked->title;
            if (known->input.isEmpty())
                known->input = asked->command;
            if (!asked->diff.isEmpty())
                known->diff = asked->diff;
            countLines(known->diff, known->call);
        }
    }
    return calls;
}

Status addOutput(Connection &db, TaskId task, api::ToolDetail &detail)
{
    auto chunks = StreamRepository(db).tail(
        {.task = task, .channel = StreamChannel::Tool, .messageKey = detail.call.id}, outputUnits + 1);
    if (!chunks)
        return std::unexpected(chunks.error());
    const auto valid = std::ranges::find_last_if(*chunks, &StreamChunk::replaces).begin();
    for (auto chunk = valid == chunks->end() ? chunks->begin() : valid; chunk != chunks->end(); ++chunk)
        detail.output += chunk->text;
    detail.outputCut = detail.output.size() > outputUnits;
    if (detail.outputCut)
        detail.output = detail.output.last(outputUnits);
    return {};
}

} // namespace

Result<std::vector<api::ToolCall>> toolsOf(Connection &db, TaskId task)
{
    return toolEvents(db, task).transform([](const std::vector<Event> &events) {
        std::vector<api::ToolCall> out;
        std::ranges::transform(gather(events), std::back_inserter(out), &api::ToolDetail::call);
        return out;
    });
}

Result<api::ToolDetail> toolCall(Connection &db, const api::GetToolCall &query)
{
    const auto events = toolEvents(db, query.task);
    if (!events)
        return std::unexpected(events.error());
    const std::vector<api::ToolDetail> calls = gather(*events);
    const auto found = std::ranges::find_last_if(calls, [&](const api::ToolDetail &c) {
        return c.call.id == query.tool;
    }).begin();
    if (found == calls.end())
        return fail(ErrorCode::NotFound, query.tool, u"tool"_s);
    api::ToolDetail detail = *found;
    detail.input.truncate(inputUnits);
    detail.diff.truncate(diffUnits);
    if (Status added = addOutput(db, query.task, detail); !added)
        return std::unexpected(added.error());
    return detail;
}

} // namespace muster::queries
