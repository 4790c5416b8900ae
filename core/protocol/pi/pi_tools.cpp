#include "core/protocol/pi/pi_tools.h"

#include "core/protocol/unified_diff.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView gatePrefix("permission:");

ToolKind kindOfTool(const QString &name)
{
    static const QHash<QString, ToolKind> kinds{
        {u"bash"_s, ToolKind::Execute}, {u"write"_s, ToolKind::Edit}, {u"edit"_s, ToolKind::Edit},
        {u"read"_s, ToolKind::Read},    {u"ls"_s, ToolKind::Read},    {u"grep"_s, ToolKind::Search},
        {u"find"_s, ToolKind::Search},
    };
    return kinds.value(name, ToolKind::Other);
}

QString diffOf(const QString &tool, const QJsonObject &arguments)
{
    const QString path = arguments.value("path"_L1).toString();
    if (tool == "write"_L1)
        return unifiedDiff(path, {}, arguments.value("content"_L1).toString());
    QString diff;
    QJsonArray edits = arguments.value("edits"_L1).toArray();
    if (edits.isEmpty())
        edits = {arguments};
    for (const auto &edit : std::as_const(edits))
        diff += unifiedDiff(path, edit["oldText"_L1].toString(), edit["newText"_L1].toString());
    return diff;
}

} // namespace

ToolStarted piTool(const QString &toolId, const QString &name, const QJsonObject &arguments)
{
    ToolStarted tool{.toolId = toolId, .title = name, .kind = kindOfTool(name), .input = arguments};
    if (const QString path = arguments.value("path"_L1).toString(); !path.isEmpty()) {
        tool.paths = {path};
        tool.title += u' ' + path;
    }
    if (const QString command = arguments.value("command"_L1).toString(); !command.isEmpty())
        tool.title = command;
    return tool;
}

std::optional<PiGateRequest> readGateTitle(const QString &title)
{
    if (!title.startsWith(gatePrefix))
        return std::nullopt;
    const qsizetype colon = title.indexOf(u':', gatePrefix.size());
    if (colon < 0)
        return std::nullopt;
    return PiGateRequest{.tool = title.sliced(gatePrefix.size(), colon - gatePrefix.size()),
                         .arguments = QJsonDocument::fromJson(title.sliced(colon + 1).toUtf8()).object()};
}

PermissionRequested readGateRequest(const PiGateRequest &request, const QString &toolId)
{
    const ToolStarted tool = piTool(toolId, request.tool, request.arguments);
    PermissionRequested asked{.toolId = toolId, .title = tool.title, .kind = tool.kind, .paths = tool.paths};
    if (tool.kind == ToolKind::Execute)
        asked.command = request.arguments.value("command"_L1).toString();
    if (tool.kind == ToolKind::Edit)
        asked.diff = diffOf(request.tool, request.arguments);
    // Of a tool that we do not know the person sees all of its arguments.
    if (tool.kind == ToolKind::Other)
        asked.title = request.tool + u' ' +
                      QString::fromUtf8(QJsonDocument(request.arguments).toJson(QJsonDocument::Compact));
    asked.options = {{.id = u"Allow"_s, .label = u"Allow"_s, .kind = PermissionOptionKind::AllowOnce},
                     {.id = u"Deny"_s, .label = u"Deny"_s, .kind = PermissionOptionKind::RejectOnce}};
    return asked;
}

QString piText(const QJsonValue &content)
{
    if (content.isString())
        return content.toString();
    QString text;
    const QJsonArray parts = content.toArray();
    for (const auto &part : parts) {
        if (part["type"_L1].toString() == "text"_L1)
            text += part["text"_L1].toString();
    }
    return text;
}

} // namespace muster
