#include "core/protocol/claude/claude_tools.h"

#include <QJsonArray>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxOpen = 1024;
constexpr qsizetype maxFinished = 16384;
constexpr qsizetype maxTitle = 200;
constexpr qsizetype maxPlan = 1024;

QString firstOf(const QJsonObject &input, std::initializer_list<QLatin1StringView> keys)
{
    for (const QLatin1StringView key : keys) {
        if (const QString value = input.value(key).toString(); !value.isEmpty())
            return value;
    }
    return {};
}

} // namespace

ToolKind claudeToolKind(const QString &name)
{
    static const QHash<QString, ToolKind> kinds{
        {u"Read"_s, ToolKind::Read},          {u"NotebookRead"_s, ToolKind::Read},
        {u"read_file"_s, ToolKind::Read},     {u"read_many_files"_s, ToolKind::Read},
        {u"zoom_image"_s, ToolKind::Read},    {u"Write"_s, ToolKind::Edit},
        {u"Edit"_s, ToolKind::Edit},          {u"MultiEdit"_s, ToolKind::Edit},
        {u"NotebookEdit"_s, ToolKind::Edit},  {u"write_file"_s, ToolKind::Edit},
        {u"edit"_s, ToolKind::Edit},          {u"replace"_s, ToolKind::Edit},
        {u"notebook_edit"_s, ToolKind::Edit}, {u"Bash"_s, ToolKind::Execute},
        {u"BashOutput"_s, ToolKind::Execute}, {u"KillShell"_s, ToolKind::Execute},
        {u"Monitor"_s, ToolKind::Execute},    {u"run_shell_command"_s, ToolKind::Execute},
        {u"monitor"_s, ToolKind::Execute},    {u"Grep"_s, ToolKind::Search},
        {u"Glob"_s, ToolKind::Search},        {u"LS"_s, ToolKind::Search},
        {u"grep_search"_s, ToolKind::Search}, {u"search_file_content"_s, ToolKind::Search},
        {u"glob"_s, ToolKind::Search},        {u"list_directory"_s, ToolKind::Search},
        {u"WebFetch"_s, ToolKind::Fetch},     {u"WebSearch"_s, ToolKind::Fetch},
        {u"web_fetch"_s, ToolKind::Fetch},    {u"web_search"_s, ToolKind::Fetch},
        {u"TodoWrite"_s, ToolKind::Think},    {u"todo_write"_s, ToolKind::Think},
        {u"ExitPlanMode"_s, ToolKind::Think}, {u"exit_plan_mode"_s, ToolKind::Think},
    };
    return kinds.value(name, ToolKind::Other);
}

QStringList claudeToolPaths(const QJsonObject &input)
{
    const QString path = firstOf(input, {"file_path"_L1, "notebook_path"_L1, "absolute_path"_L1, "path"_L1});
    return path.isEmpty() ? QStringList() : QStringList{path};
}

QString claudeToolTitle(const QString &name, const QJsonObject &input)
{
    const QString what = firstOf(input, {"command"_L1, "file_path"_L1, "notebook_path"_L1, "absolute_path"_L1,
                                         "pattern"_L1, "path"_L1, "url"_L1, "query"_L1, "description"_L1});
    const QString title = claudeToolKind(name) == ToolKind::Execute && !what.isEmpty()
                              ? what
                              : QString(what.isEmpty() ? name : name + u' ' + what);
    return title.section(u'\n', 0, 0).left(maxTitle);
}

std::optional<PlanUpdated> claudePlan(const QString &name, const QJsonObject &input)
{
    if (name != "TodoWrite"_L1 && name != "todo_write"_L1)
        return std::nullopt;
    PlanUpdated plan;
    const QJsonArray todos = input.value("todos"_L1).toArray();
    for (qsizetype i = 0; i < std::min(todos.size(), maxPlan); ++i)
        plan.entries.push_back(
            {.text = todos.at(i)["content"_L1].toString(), .status = todos.at(i)["status"_L1].toString()});
    return plan;
}

ClaudeTools::Events ClaudeTools::started(const QString &toolId, const QString &name, const QJsonObject &input)
{
    Events events;
    if (toolId.isEmpty() || m_open.contains(toolId) || m_finished.contains(toolId) ||
        m_open.size() >= maxOpen)
        return events;
    const Call call{.info = {.toolId = toolId,
                             .title = claudeToolTitle(name, input),
                             .kind = claudeToolKind(name),
                             .paths = claudeToolPaths(input),
                             .input = input}};
    m_open.insert(toolId, call);
    m_order.append(toolId);
    events.emplace_back(call.info);
    if (const auto plan = claudePlan(name, input))
        events.emplace_back(*plan);
    return events;
}

ClaudeTools::Events ClaudeTools::said(const QString &toolId, const QString &text) const
{
    if (text.isEmpty() || !m_open.contains(toolId))
        return {};
    return {ToolOutput{.toolId = toolId, .text = text, .replaces = false}};
}

ClaudeTools::Events ClaudeTools::finished(const ClaudeToolResult &result)
{
    const auto found = m_open.constFind(result.toolId);
    if (found == m_open.cend())
        return {};
    Events events = said(result.toolId, result.output);
    ToolOutcome outcome = result.failed ? ToolOutcome::Failed : ToolOutcome::Ok;
    if (result.failed && result.cancelled)
        outcome = ToolOutcome::Cancelled;
    else if (result.rejected || (result.failed && found->declined))
        outcome = ToolOutcome::Declined;
    finish(result.toolId, outcome, result.changedPath, events);
    return events;
}

void ClaudeTools::finish(const QString &toolId, ToolOutcome outcome, const QString &changedPath,
                         Events &events)
{
    const Call call = m_open.take(toolId);
    m_order.removeOne(toolId);
    if (m_finished.size() >= maxFinished)
        m_finished.clear();
    m_finished.insert(toolId);
    events.emplace_back(ToolFinished{.toolId = toolId, .outcome = outcome});
    const QString path = changedPath.isEmpty() ? call.info.paths.value(0) : changedPath;
    if (outcome == ToolOutcome::Ok && call.info.kind == ToolKind::Edit && !path.isEmpty())
        events.emplace_back(FileChanged{path});
}

void ClaudeTools::declined(const QString &toolId)
{
    if (const auto found = m_open.find(toolId); found != m_open.end())
        found->declined = true;
}

ClaudeTools::Events ClaudeTools::closeAll(TurnOutcome outcome)
{
    Events events;
    const QStringList ids = m_order;
    // What never got a result was not seen to succeed, so it changed no file that we know of.
    for (const QString &id : ids) {
        const ToolOutcome unfinished =
            outcome == TurnOutcome::Completed ? ToolOutcome::Failed : ToolOutcome::Cancelled;
        finish(id, m_open.value(id).declined ? ToolOutcome::Declined : unfinished, {}, events);
    }
    return events;
}

} // namespace muster
