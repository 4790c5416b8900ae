#include "core/viewmodel/event_cause.h"

#include "core/viewmodel/describe_event.h"

using namespace Qt::StringLiterals;

namespace muster {
namespace {

bool any(const Event &) { return true; }

std::function<bool(const Event &)> sameText(const Event &event, QLatin1StringView key)
{
    return [key, wanted = event.data.value(key).toString()](const Event &candidate) {
        return candidate.data.value(key).toString() == wanted;
    };
}

std::function<bool(const Event &)> sameStep(const Event &event)
{
    return [name = stepNameOf(event)](const Event &candidate) {
        return stepNameOf(candidate) == name;
    };
}

CauseRule inSession(const Event &event, const QStringList &kinds,
                    std::function<bool(const Event &)> fits = any)
{
    return {.among = {.session = event.refs.session, .kinds = kinds}, .isCause = std::move(fits)};
}

CauseRule inTask(const Event &event, const QStringList &kinds)
{
    return {.among = {.task = event.refs.task, .kinds = kinds}, .isCause = any};
}

CauseRule inRun(const Event &event, const QStringList &kinds, std::function<bool(const Event &)> fits = any)
{
    return {.among = {.run = event.refs.run, .kinds = kinds}, .isCause = std::move(fits)};
}

std::optional<CauseRule> ofSession(const Event &event)
{
    const QString &kind = event.kind;
    if (kind == "session.started"_L1)
        return event.refs.task.isValid() ? std::optional(inTask(event, {u"task.claimed"_s})) : std::nullopt;
    if (!event.refs.session.isValid())
        return std::nullopt;
    if (kind == "session.tool_finished"_L1 || kind == "session.tool_output"_L1 ||
        (kind == "session.permission_requested"_L1 && !event.data.value("tool"_L1).toString().isEmpty()))
        return inSession(event, {u"session.tool_started"_s}, sameText(event, "tool"_L1));
    if (kind == "session.turn_started"_L1)
        return inSession(event, {u"session.started"_s});
    if (kind == "session.ended"_L1)
        return inSession(event, {u"session.turn_finished"_s, u"session.warning"_s, u"session.silent"_s});
    return inSession(event, {u"session.turn_started"_s});
}

std::optional<CauseRule> ofTask(const Event &event)
{
    if (event.kind == "task.finished"_L1)
        return inTask(event, {u"session.ended"_s, u"session.turn_finished"_s, u"task.claimed"_s});
    if (event.kind == "task.waiting"_L1)
        return inTask(event,
                      {u"inbox.opened"_s, u"session.permission_requested"_s, u"session.question_asked"_s});
    if (event.kind == "task.continued"_L1)
        return inTask(event, {u"inbox.answered"_s, u"inbox.withdrawn"_s});
    if (event.kind != "task.queued"_L1)
        return inTask(event, {u"task.queued"_s});
    if (event.refs.run.isValid())
        return inRun(event, {u"step.queued"_s, u"step.prepared"_s}, sameStep(event));
    return std::nullopt;
}

std::optional<CauseRule> ofInbox(const Event &event)
{
    if (event.kind == "inbox.opened"_L1) {
        if (event.refs.session.isValid())
            return inSession(event, {u"session.permission_requested"_s, u"session.question_asked"_s});
        if (event.refs.run.isValid())
            return inRun(event, {u"step.approval_requested"_s, u"step.finished"_s});
        return std::nullopt;
    }
    return CauseRule{.among = {.run = event.refs.run, .task = event.refs.task, .kinds = {u"inbox.opened"_s}},
                     .isCause = [inbox = event.refs.inbox](const Event &candidate) {
        return candidate.refs.inbox == inbox;
    }};
}

std::optional<CauseRule> ofRun(const Event &event)
{
    if (event.kind == "run.started"_L1 || event.kind == "run.resumed"_L1)
        return inRun(event, {u"run.created"_s});
    if (event.kind == "run.cancel_requested"_L1)
        return inRun(event, {u"run.cancel_asked"_s});
    if (event.kind == "run.pause_requested"_L1)
        return inRun(event, {u"run.pause_asked"_s});
    if (event.kind == "run.continue_requested"_L1)
        return inRun(event, {u"run.continue_asked"_s});
    if (event.kind != "run.finished"_L1)
        return std::nullopt;
    const QString fault = event.data.value("step"_L1).toString();
    return inRun(event, {u"step.settled"_s}, [fault](const Event &candidate) {
        return fault.isEmpty() || candidate.data.value("step"_L1).toString() == fault;
    });
}

std::optional<CauseRule> ofStep(const Event &event)
{
    const QString &kind = event.kind;
    if (kind == "step.round_judged"_L1)
        return inRun(event, {u"step.round"_s}, sameText(event, "step"_L1));
    static const QSet<QString> beginnings{u"step.condition"_s, u"step.expanded"_s,  u"step.prepared"_s,
                                          u"step.branch"_s,    u"step.evaluated"_s, u"step.delayed"_s,
                                          u"step.round"_s};
    if (beginnings.contains(kind))
        return inRun(event, {u"step.settled"_s, u"run.started"_s});
    if (kind == "step.approval_answered"_L1)
        return inRun(event, {u"step.approval_requested"_s}, sameText(event, "key"_L1));
    if (kind == "step.settled"_L1 && !event.data.value("at_fault"_L1).toString().isEmpty()) {
        return inRun(event, {u"step.settled"_s},
                     [fault = event.data.value("at_fault"_L1).toString()](const Event &candidate) {
            return candidate.data.value("step"_L1).toString() == fault;
        });
    }
    if (kind == "step.finished"_L1 && event.refs.task.isValid())
        return inTask(event, {u"task.finished"_s});
    return inRun(event, {u"step."_s}, sameStep(event));
}

} // namespace

std::optional<CauseRule> causeRuleOf(const Event &event)
{
    const QStringView topic = QStringView(event.kind).left(event.kind.indexOf(u'.'));
    if (topic == "session"_L1)
        return ofSession(event);
    if (topic == "question"_L1)
        return inSession(event, {u"session.question_asked"_s}, sameText(event, "request"_L1));
    if (topic == "permission"_L1 && event.refs.session.isValid())
        return inSession(event, {u"session.permission_requested"_s}, sameText(event, "request"_L1));
    if (topic == "task"_L1 && event.refs.task.isValid())
        return ofTask(event);
    if (topic == "inbox"_L1)
        return ofInbox(event);
    if (!event.refs.run.isValid())
        return std::nullopt;
    if (topic == "run"_L1)
        return ofRun(event);
    if (topic == "step"_L1)
        return ofStep(event);
    if (topic == "worktree"_L1 && event.kind != "worktree.made"_L1)
        return inRun(event, {u"worktree.made"_s, u"worktree.committed"_s});
    return std::nullopt;
}

} // namespace muster
