#include "core/node/work/agent_origin.h"

#include "core/node/work/task_data.h"
#include "core/store/session_repository.h"
#include "core/store/task_repository.h"

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

Result<AgentOrigin> originOf(Connection &db, const Caller &caller)
{
    AgentOrigin origin{.by = u"agent:"_s + caller.name, .client = caller.name};
    if (caller.marker.isEmpty())
        return origin;
    const auto open = SessionRepository(db).open();
    if (!open)
        return std::unexpected(open.error());
    const auto session = std::ranges::find(*open, caller.marker, &SessionRow::marker);
    if (session == open->end())
        return origin; // a shell step's, or it has ended meanwhile
    origin.by = u"agent:"_s + session->id.toString();
    origin.profile = session->profile;
    origin.refs = {.project = session->project,
                   .task = session->task,
                   .session = session->id,
                   .conversation = session->conversation};
    TaskRepository tasks(db);
    const auto task = tasks.find(session->task);
    const auto spec = tasks.spec(session->task);
    if (!task || !spec)
        return origin;
    origin.refs.run = task->run;
    if (const auto data = fromJsonObject<TaskData>(spec->data)) {
        origin.title = data->title;
        origin.unattended = data->unattended;
    }
    return origin;
}

QJsonObject toJsonObjectOf(const AgentOrigin &origin)
{
    QJsonObject json{{u"client"_s, origin.client}};
    const auto add = [&json](const QString &key, auto id) {
        if (id.isValid())
            json.insert(key, id.value);
    };
    add(u"run"_s, origin.refs.run);
    add(u"task"_s, origin.refs.task);
    add(u"session"_s, origin.refs.session);
    add(u"conversation"_s, origin.refs.conversation);
    return json;
}

} // namespace muster
