#include "core/viewmodel/describe_event.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct DescribeEvent {
    Q_DECLARE_TR_FUNCTIONS(DescribeEvent)
};

struct KindText {
    const char *kind;
    const char *name;
    const char *icon;
};

constexpr std::array kindTexts{
    KindText{"run.created", QT_TRANSLATE_NOOP("DescribeEvent", "Run created"), "flow"},
    KindText{"run.started", QT_TRANSLATE_NOOP("DescribeEvent", "Run started"), "start"},
    KindText{"run.resumed", QT_TRANSLATE_NOOP("DescribeEvent", "Run resumed"), "continue"},
    KindText{"run.cancel_asked", QT_TRANSLATE_NOOP("DescribeEvent", "Cancel asked"), "stop"},
    KindText{"run.cancel_requested", QT_TRANSLATE_NOOP("DescribeEvent", "Cancelling"), "stop"},
    KindText{"run.pause_asked", QT_TRANSLATE_NOOP("DescribeEvent", "Pause asked"), "pause"},
    KindText{"run.pause_requested", QT_TRANSLATE_NOOP("DescribeEvent", "Pausing"), "pause"},
    KindText{"run.continue_asked", QT_TRANSLATE_NOOP("DescribeEvent", "Going on asked"), "continue"},
    KindText{"run.continue_requested", QT_TRANSLATE_NOOP("DescribeEvent", "Goes on"), "continue"},
    KindText{"run.near_budget", QT_TRANSLATE_NOOP("DescribeEvent", "Near its budget"), "gauge"},
    KindText{"run.budget_crossed", QT_TRANSLATE_NOOP("DescribeEvent", "Budget spent"), "gauge"},
    KindText{"run.finished", QT_TRANSLATE_NOOP("DescribeEvent", "Run finished"), "flow"},
    KindText{"step.kept", QT_TRANSLATE_NOOP("DescribeEvent", "Step kept"), "status-completed"},
    KindText{"step.condition", QT_TRANSLATE_NOOP("DescribeEvent", "Condition"), "question"},
    KindText{"step.expanded", QT_TRANSLATE_NOOP("DescribeEvent", "Step expanded"), "more"},
    KindText{"step.join_timed_out", QT_TRANSLATE_NOOP("DescribeEvent", "Time for all is up"),
             "status-timed-out"},
    KindText{"step.prepared", QT_TRANSLATE_NOOP("DescribeEvent", "Step prepared"), "status-pending"},
    KindText{"step.evaluation_failed", QT_TRANSLATE_NOOP("DescribeEvent", "Expression failed"), "warning"},
    KindText{"step.branch", QT_TRANSLATE_NOOP("DescribeEvent", "Branch taken"), "branch"},
    KindText{"step.evaluated", QT_TRANSLATE_NOOP("DescribeEvent", "Script evaluated"), "check"},
    KindText{"step.delayed", QT_TRANSLATE_NOOP("DescribeEvent", "Delay begins"), "later"},
    KindText{"step.round", QT_TRANSLATE_NOOP("DescribeEvent", "Round begins"), "retry"},
    KindText{"step.round_judged", QT_TRANSLATE_NOOP("DescribeEvent", "Round judged"), "question"},
    KindText{"merge.gate", QT_TRANSLATE_NOOP("DescribeEvent", "Gate"), "check"},
    KindText{"step.queued", QT_TRANSLATE_NOOP("DescribeEvent", "Step queued"), "status-queued"},
    KindText{"step.started", QT_TRANSLATE_NOOP("DescribeEvent", "Step started"), "status-running"},
    KindText{"step.waiting", QT_TRANSLATE_NOOP("DescribeEvent", "Step waits"), "status-waiting"},
    KindText{"step.continued", QT_TRANSLATE_NOOP("DescribeEvent", "Step goes on"), "continue"},
    KindText{"step.stopping", QT_TRANSLATE_NOOP("DescribeEvent", "Stopping step"), "stop"},
    KindText{"step.finished", QT_TRANSLATE_NOOP("DescribeEvent", "Attempt ended"), "check"},
    KindText{"step.retry", QT_TRANSLATE_NOOP("DescribeEvent", "Retry planned"), "retry"},
    KindText{"step.approval_requested", QT_TRANSLATE_NOOP("DescribeEvent", "Approval asked"), "approval"},
    KindText{"step.approval_answered", QT_TRANSLATE_NOOP("DescribeEvent", "Approval answered"), "approval"},
    KindText{"step.settled", QT_TRANSLATE_NOOP("DescribeEvent", "Step settled"), "status-completed"},
    KindText{"session.started", QT_TRANSLATE_NOOP("DescribeEvent", "Agent started"), "agent"},
    KindText{"session.turn_started", QT_TRANSLATE_NOOP("DescribeEvent", "Turn started"), "agent"},
    KindText{"session.text", QT_TRANSLATE_NOOP("DescribeEvent", "Text"), "chat"},
    KindText{"session.thinking", QT_TRANSLATE_NOOP("DescribeEvent", "Thinking"), "chat"},
    KindText{"session.tool_started", QT_TRANSLATE_NOOP("DescribeEvent", "Tool started"), "tool"},
    KindText{"session.tool_output", QT_TRANSLATE_NOOP("DescribeEvent", "Tool output"), "tool"},
    KindText{"session.tool_finished", QT_TRANSLATE_NOOP("DescribeEvent", "Tool finished"), "tool"},
    KindText{"session.file_changed", QT_TRANSLATE_NOOP("DescribeEvent", "File changed"), "file-modified"},
    KindText{"session.plan_updated", QT_TRANSLATE_NOOP("DescribeEvent", "Plan"), "check"},
    KindText{"session.permission_requested", QT_TRANSLATE_NOOP("DescribeEvent", "Permission asked"),
             "permission"},
    KindText{"session.question_asked", QT_TRANSLATE_NOOP("DescribeEvent", "Question"), "question"},
    KindText{"session.usage", QT_TRANSLATE_NOOP("DescribeEvent", "Usage"), "gauge"},
    KindText{"session.rate_limited", QT_TRANSLATE_NOOP("DescribeEvent", "Rate limited"), "later"},
    KindText{"session.warning", QT_TRANSLATE_NOOP("DescribeEvent", "Warning"), "warning"},
    KindText{"session.silent", QT_TRANSLATE_NOOP("DescribeEvent", "Silent"), "later"},
    KindText{"session.near_limit", QT_TRANSLATE_NOOP("DescribeEvent", "Near a limit"), "gauge"},
    KindText{"session.paused", QT_TRANSLATE_NOOP("DescribeEvent", "Paused"), "warning"},
    KindText{"session.output_repair", QT_TRANSLATE_NOOP("DescribeEvent", "Asked again"), "retry"},
    KindText{"session.turn_finished", QT_TRANSLATE_NOOP("DescribeEvent", "Turn finished"), "agent"},
    KindText{"session.ended", QT_TRANSLATE_NOOP("DescribeEvent", "Agent ended"), "agent"},
    KindText{"task.context", QT_TRANSLATE_NOOP("DescribeEvent", "Context given"), "file"},
    KindText{"task.queued", QT_TRANSLATE_NOOP("DescribeEvent", "Task queued"), "status-queued"},
    KindText{"task.claimed", QT_TRANSLATE_NOOP("DescribeEvent", "Task taken"), "start"},
    KindText{"task.waiting", QT_TRANSLATE_NOOP("DescribeEvent", "Task waits"), "status-waiting"},
    KindText{"task.continued", QT_TRANSLATE_NOOP("DescribeEvent", "Task goes on"), "continue"},
    KindText{"task.put_off", QT_TRANSLATE_NOOP("DescribeEvent", "Task waits for a limit"), "later"},
    KindText{"task.given_back", QT_TRANSLATE_NOOP("DescribeEvent", "Task queued again"), "retry"},
    KindText{"task.forced", QT_TRANSLATE_NOOP("DescribeEvent", "Task begun over the cap"), "approval"},
    KindText{"task.priority", QT_TRANSLATE_NOOP("DescribeEvent", "Task's priority changed"), "info"},
    KindText{"task.taken_over", QT_TRANSLATE_NOOP("DescribeEvent", "Task taken over"), "retry"},
    KindText{"task.fell_back", QT_TRANSLATE_NOOP("DescribeEvent", "Another runtime"), "warning"},
    KindText{"task.account_refused", QT_TRANSLATE_NOOP("DescribeEvent", "Another account"), "warning"},
    KindText{"task.finished", QT_TRANSLATE_NOOP("DescribeEvent", "Task ended"), "check"},
    KindText{"chat.created", QT_TRANSLATE_NOOP("DescribeEvent", "Conversation begun"), "chat"},
    KindText{"chat.message", QT_TRANSLATE_NOOP("DescribeEvent", "Message sent"), "person"},
    KindText{"chat.message_edited", QT_TRANSLATE_NOOP("DescribeEvent", "Message edited"), "person"},
    KindText{"chat.message_removed", QT_TRANSLATE_NOOP("DescribeEvent", "Message removed"), "person"},
    KindText{"chat.steered", QT_TRANSLATE_NOOP("DescribeEvent", "Message taken into the answer"), "person"},
    KindText{"chat.turn_started", QT_TRANSLATE_NOOP("DescribeEvent", "Answer begun"), "agent"},
    KindText{"chat.turn_settled", QT_TRANSLATE_NOOP("DescribeEvent", "Answer ended"), "agent"},
    KindText{"chat.read", QT_TRANSLATE_NOOP("DescribeEvent", "Conversation read"), "chat"},
    KindText{"inbox.opened", QT_TRANSLATE_NOOP("DescribeEvent", "Waits for you"), "inbox"},
    KindText{"inbox.answered", QT_TRANSLATE_NOOP("DescribeEvent", "Answered"), "inbox"},
    KindText{"inbox.later", QT_TRANSLATE_NOOP("DescribeEvent", "Put off"), "later"},
    KindText{"inbox.withdrawn", QT_TRANSLATE_NOOP("DescribeEvent", "Withdrawn"), "inbox"},
    KindText{"permission.decided", QT_TRANSLATE_NOOP("DescribeEvent", "Permission decided"), "permission"},
    KindText{"question.declined", QT_TRANSLATE_NOOP("DescribeEvent", "Question not answered"), "question"},
    KindText{"secret.kept", QT_TRANSLATE_NOOP("DescribeEvent", "Key kept"), "permission"},
    KindText{"secret.removed", QT_TRANSLATE_NOOP("DescribeEvent", "Key removed"), "permission"},
    KindText{"secret.file_made", QT_TRANSLATE_NOOP("DescribeEvent", "Encrypted file of keys made"), "key"},
    KindText{"secret.file_unlocked", QT_TRANSLATE_NOOP("DescribeEvent", "Encrypted file of keys opened"),
             "key"},
    KindText{"account.added", QT_TRANSLATE_NOOP("DescribeEvent", "Account added"), "key"},
    KindText{"account.removed", QT_TRANSLATE_NOOP("DescribeEvent", "Account removed"), "key"},
    KindText{"permission.kept", QT_TRANSLATE_NOOP("DescribeEvent", "Rule kept"), "permission"},
    KindText{"permission.revoked", QT_TRANSLATE_NOOP("DescribeEvent", "Rule taken back"), "permission"},
    KindText{"worktree.made", QT_TRANSLATE_NOOP("DescribeEvent", "Worktree made"), "branch"},
    KindText{"worktree.committed", QT_TRANSLATE_NOOP("DescribeEvent", "Committed"), "branch"},
    KindText{"worktree.salvaged", QT_TRANSLATE_NOOP("DescribeEvent", "Set aside"), "branch"},
    KindText{"worktree.merged", QT_TRANSLATE_NOOP("DescribeEvent", "Merged"), "merge"},
    KindText{"worktree.dropped", QT_TRANSLATE_NOOP("DescribeEvent", "Dropped"), "drop"},
    KindText{"project.added", QT_TRANSLATE_NOOP("DescribeEvent", "Project added"), "project"},
    KindText{"project.trusted", QT_TRANSLATE_NOOP("DescribeEvent", "Project trusted"), "permission"},
    KindText{"project.flow_written", QT_TRANSLATE_NOOP("DescribeEvent", "Flow file saved"), "flow"},
    KindText{"project.distrusted", QT_TRANSLATE_NOOP("DescribeEvent", "Trust taken back"), "permission"},
    KindText{"schedule.saved", QT_TRANSLATE_NOOP("DescribeEvent", "Schedule saved"), "check"},
    KindText{"schedule.removed", QT_TRANSLATE_NOOP("DescribeEvent", "Schedule removed"), "drop"},
    KindText{"schedule.paused", QT_TRANSLATE_NOOP("DescribeEvent", "Schedule paused"), "pause"},
    KindText{"schedule.resumed", QT_TRANSLATE_NOOP("DescribeEvent", "Schedule goes on"), "continue"},
    KindText{"schedule.run_now", QT_TRANSLATE_NOOP("DescribeEvent", "Run now asked"), "start"},
    KindText{"schedule.fired", QT_TRANSLATE_NOOP("DescribeEvent", "Schedule fired"), "start"},
    KindText{"schedule.started", QT_TRANSLATE_NOOP("DescribeEvent", "Firing began"), "start"},
    KindText{"schedule.ended", QT_TRANSLATE_NOOP("DescribeEvent", "Firing ended"), "check"},
    KindText{"schedule.missed", QT_TRANSLATE_NOOP("DescribeEvent", "Times missed"), "warning"},
    KindText{"schedule.skipped", QT_TRANSLATE_NOOP("DescribeEvent", "Times skipped"), "status-skipped"},
    KindText{"schedule.delayed", QT_TRANSLATE_NOOP("DescribeEvent", "Times wait"), "later"},
    KindText{"schedule.moved", QT_TRANSLATE_NOOP("DescribeEvent", "Next time found"), "later"},
    KindText{"schedule.files", QT_TRANSLATE_NOOP("DescribeEvent", "Files of schedules checked"), "check"},
    KindText{"schedule.put_back", QT_TRANSLATE_NOOP("DescribeEvent", "Put back for a chat"), "later"},
    KindText{"schedule.expired", QT_TRANSLATE_NOOP("DescribeEvent", "Schedule is over"), "check"},
    KindText{"schedule.unreadable", QT_TRANSLATE_NOOP("DescribeEvent", "Schedule cannot be read"), "warning"},
    KindText{"schedule.clock_set_back", QT_TRANSLATE_NOOP("DescribeEvent", "Clock was set back"), "warning"},
    KindText{"node.pool", QT_TRANSLATE_NOOP("DescribeEvent", "Pool changed"), "info"},
    KindText{"node.setting", QT_TRANSLATE_NOOP("DescribeEvent", "Setting changed"), "info"},
    KindText{"agent.asked", QT_TRANSLATE_NOOP("DescribeEvent", "Agent looked at"), "agent"},
    KindText{"agent.start_failed", QT_TRANSLATE_NOOP("DescribeEvent", "Flow not started"), "warning"},
    KindText{"node.refused_agent", QT_TRANSLATE_NOOP("DescribeEvent", "Agent refused"), "warning"},
};

const KindText *textOf(const QString &kind)
{
    static const QHash<QString, const KindText *> byKind = [] {
        QHash<QString, const KindText *> table;
        for (const KindText &text : kindTexts)
            table.insert(QLatin1StringView(text.kind), &text);
        return table;
    }();
    return byKind.value(kind);
}

QString iconOfTopic(QStringView topic)
{
    static constexpr std::array<std::pair<QLatin1StringView, QLatin1StringView>, 12> icons{{
        {"agent"_L1, "agent"_L1},
        {"run"_L1, "flow"_L1},
        {"step"_L1, "flow"_L1},
        {"session"_L1, "agent"_L1},
        {"task"_L1, "agent"_L1},
        {"inbox"_L1, "inbox"_L1},
        {"permission"_L1, "permission"_L1},
        {"question"_L1, "question"_L1},
        {"worktree"_L1, "branch"_L1},
        {"project"_L1, "project"_L1},
        {"chat"_L1, "chat"_L1},
        {"schedule"_L1, "later"_L1},
    }};
    const auto *const found =
        std::ranges::find_if(icons, [&](const auto &pair) { return topic == pair.first; });
    return found == icons.end() ? u"info"_s : QString(found->second);
}

} // namespace

QString describeEventKind(const QString &kind)
{
    const KindText *text = textOf(kind);
    return text ? DescribeEvent::tr(text->name) : kind;
}

QString iconForEvent(const QString &kind)
{
    if (const KindText *text = textOf(kind))
        return QLatin1StringView(text->icon);
    return iconOfTopic(QStringView(kind).left(kind.indexOf(u'.')));
}

QString describeSource(const QString &source)
{
    if (source == "person"_L1)
        return DescribeEvent::tr("you");
    if (source == "flow"_L1)
        return DescribeEvent::tr("the flow");
    if (source == "schedule"_L1)
        return DescribeEvent::tr("a schedule");
    if (source.startsWith("schedule:"_L1))
        return DescribeEvent::tr("schedule %1").arg(source.sliced(9).section(u' ', 0, 0));
    if (source == "node"_L1)
        return DescribeEvent::tr("Muster");
    if (source.startsWith("agent:"_L1))
        return DescribeEvent::tr("agent session %1").arg(source.sliced(6));
    return source;
}

QList<EventGroup> eventGroups()
{
    return {
        {u"runs"_s, DescribeEvent::tr("Runs and steps"), u"flow"_s, {u"run."_s, u"step."_s}},
        {u"agents"_s, DescribeEvent::tr("Agents and tools"), u"agent"_s, {u"session."_s, u"agent."_s}},
        {u"schedules"_s, DescribeEvent::tr("Schedules"), u"later"_s, {u"schedule."_s}},
        {u"tasks"_s, DescribeEvent::tr("Tasks"), u"status-queued"_s, {u"task."_s}},
        {u"people"_s,
         DescribeEvent::tr("Questions and permissions"),
         u"permission"_s,
         {u"inbox."_s, u"permission."_s, u"session.permission_requested"_s, u"session.question_asked"_s,
          u"step.approval_requested"_s, u"step.approval_answered"_s}},
        {u"changes"_s,
         DescribeEvent::tr("Files and worktrees"),
         u"changes"_s,
         {u"worktree."_s, u"session.file_changed"_s}},
        {u"chat"_s, DescribeEvent::tr("Chat"), u"chat"_s, {u"chat."_s}},
        {u"problems"_s,
         DescribeEvent::tr("Warnings"),
         u"warning"_s,
         {u"session.warning"_s, u"session.rate_limited"_s, u"session.silent"_s, u"session.near_limit"_s,
          u"run.near_budget"_s, u"run.budget_crossed"_s, u"session.paused"_s, u"session.output_repair"_s,
          u"step.evaluation_failed"_s, u"step.retry"_s, u"task.put_off"_s, u"task.account_refused"_s,
          u"task.taken_over"_s, u"worktree.salvaged"_s, u"agent.start_failed"_s, u"node.refused_agent"_s,
          u"schedule.missed"_s, u"schedule.unreadable"_s}},
        {u"node"_s, DescribeEvent::tr("This machine"), u"gauge"_s, {u"node."_s, u"project."_s}},
    };
}

} // namespace muster
