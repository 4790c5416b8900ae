#include "app/model_agent/tools/tool_plan.h"

#include "core/agent/workspace_bounds.h"
#include "core/agent/workspace_files.h"

#include <QFileInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

// "" unless the input lacks what the tool cannot do without, or has it in another form.
QString missingIn(const ModelTool &tool, const QJsonObject &input)
{
    const QJsonObject properties = tool.schema.value("properties"_L1).toObject();
    const QJsonArray required = tool.schema.value("required"_L1).toArray();
    for (auto it = properties.constBegin(); it != properties.constEnd(); ++it) {
        const QJsonValue given = input.value(it.key());
        const QString type = it.value()["type"_L1].toString();
        const bool isNeeded = required.contains(QJsonValue(it.key()));
        if (given.isUndefined() || given.isNull()) {
            if (isNeeded)
                return u"\"%1\" is missing"_s.arg(it.key());
            continue;
        }
        const bool fits = type == "string"_L1    ? given.isString()
                          : type == "integer"_L1 ? given.isDouble()
                                                 : given.isBool();
        if (!fits)
            return u"\"%1\" must be of type %2"_s.arg(it.key(), type);
    }
    return {};
}

QString kindOfTool(const QString &tool)
{
    if (tool == "read_file"_L1 || tool == "list_files"_L1)
        return u"read"_s;
    if (tool == "search"_L1)
        return u"search"_s;
    if (tool == "write_file"_L1 || tool == "edit_file"_L1)
        return u"edit"_s;
    return tool == "run_command"_L1 ? u"execute"_s : u"other"_s;
}

QString titleOf(const ToolPlan &plan)
{
    const QString place = plan.relative.isEmpty() ? u"."_s : plan.relative;
    if (plan.tool == "read_file"_L1)
        return u"Read "_s + place;
    if (plan.tool == "list_files"_L1)
        return u"List "_s + place;
    if (plan.tool == "search"_L1)
        return u"Search for “%1” in %2"_s.arg(plan.input.value("text"_L1).toString().left(80), place);
    if (plan.tool == "write_file"_L1)
        return (plan.edit && plan.edit->existed ? u"Replace "_s : u"Write "_s) + place;
    return plan.tool == "edit_file"_L1 ? QString(u"Change "_s + place) : plan.command;
}

void planPath(const WorkspaceBounds &bounds, ToolPlan &plan)
{
    const QString named = plan.input.value("path"_L1).toString();
    const FoundPath found = bounds.find(named.isEmpty() ? u"."_s : named);
    plan.path = found.absolute;
    plan.relative = found.relative;
    if (found.place == PathPlace::Outside)
        plan.refusal = u"Not allowed: the path is outside of the workspace."_s;
    else if (found.place == PathPlace::Unclear)
        plan.refusal = u"The path cannot be resolved."_s;
    else
        plan.asks = plan.kind == "edit"_L1 || found.place == PathPlace::Sensitive;
}

void planWrite(const WorkspaceBounds &bounds, ToolPlan &plan)
{
    const auto before = WorkspaceFiles(bounds.root()).read(plan.relative);
    if (!before && before.error().code != ErrorCode::NotFound) {
        plan.refusal = u"Cannot be written: "_s + before.error().detail;
        return;
    }
    plan.edit = FileEdit{.existed = before.has_value(),
                         .before = before.value_or(QString()),
                         .after = plan.input.value("content"_L1).toString()};
}

void planEdit(const WorkspaceBounds &bounds, ToolPlan &plan)
{
    const auto before = WorkspaceFiles(bounds.root()).read(plan.relative);
    const QString oldText = plan.input.value("old_text"_L1).toString();
    if (!before)
        plan.refusal = u"Cannot be read: "_s + before.error().detail;
    else if (oldText.isEmpty())
        plan.refusal = u"\"old_text\" is empty; a new file is written with write_file."_s;
    else if (const auto times = before->count(oldText); times != 1)
        plan.refusal = times == 0
                           ? u"\"old_text\" does not occur in the file."_s
                           : u"\"old_text\" occurs %1 times; take more of what is around it."_s.arg(times);
    if (!plan.refusal.isEmpty())
        return;
    QString after = *before;
    after.replace(after.indexOf(oldText), oldText.size(), plan.input.value("new_text"_L1).toString());
    plan.edit = FileEdit{.existed = true, .before = *before, .after = after};
}

void planCommand(ToolPlan &plan, std::chrono::seconds longest)
{
    plan.command = plan.input.value("command"_L1).toString();
    plan.asks = true;
    const auto wished = plan.input.value("timeout_seconds"_L1).toInteger(tool_limits::command.count());
    plan.limit = std::chrono::seconds(std::clamp<qint64>(wished, 1, longest.count()));
    if (plan.command.trimmed().isEmpty() || plan.command.contains(QChar(0)))
        plan.refusal = u"\"command\" is no command line."_s;
}

} // namespace

ToolPlan planTool(const QString &workspace, const ModelPart &call, std::chrono::seconds commandLimit)
{
    ToolPlan plan{
        .tool = call.tool, .title = call.tool.left(80), .kind = kindOfTool(call.tool), .input = call.input};
    const auto known = std::ranges::find(toolList(), call.tool, &ModelTool::name);
    if (known == toolList().end())
        plan.refusal = u"There is no such tool."_s;
    else if (call.failed)
        plan.refusal = u"The input is no JSON object."_s;
    else
        plan.refusal = missingIn(*known, call.input);
    if (!plan.refusal.isEmpty())
        return plan;
    const WorkspaceBounds bounds(workspace);
    if (plan.kind == "execute"_L1)
        planCommand(plan, commandLimit);
    else
        planPath(bounds, plan);
    if (plan.refusal.isEmpty() && plan.tool == "write_file"_L1)
        planWrite(bounds, plan);
    if (plan.refusal.isEmpty() && plan.tool == "edit_file"_L1)
        planEdit(bounds, plan);
    plan.title = titleOf(plan);
    return plan;
}

} // namespace muster::model
