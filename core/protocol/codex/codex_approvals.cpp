#include "core/protocol/codex/codex_approvals.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString compact(const QJsonObject &json)
{
    return QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact));
}

QString actionOf(CodexDecision decision)
{
    switch (decision) {
    case CodexDecision::Accept:
        return u"accept"_s;
    case CodexDecision::Decline:
        return u"decline"_s;
    case CodexDecision::Cancel:
        break;
    }
    return u"cancel"_s;
}

} // namespace

PermissionRequested readApproval(CodexApproval kind, const QJsonObject &params, const ToolStarted *item,
                                 const QString &diff)
{
    PermissionRequested request;
    request.toolId = params.value("itemId"_L1).toString();
    request.options = {{.id = u"accept"_s, .label = u"Accept"_s, .kind = PermissionOptionKind::AllowOnce},
                       {.id = u"decline"_s, .label = u"Decline"_s, .kind = PermissionOptionKind::RejectOnce}};
    if (item) {
        request.title = item->title;
        request.kind = item->kind;
        request.paths = item->paths;
    }
    const QString reason = params.value("reason"_L1).toString();
    switch (kind) {
    case CodexApproval::Command:
        request.kind = ToolKind::Execute;
        request.command = params.value("command"_L1).toString();
        if (request.command.isEmpty() && item)
            request.command = item->input.value("command"_L1).toString();
        if (const QJsonObject network = params.value("networkApprovalContext"_L1).toObject();
            !network.isEmpty()) {
            request.kind = ToolKind::Fetch;
            request.title = compact(network);
        }
        if (request.title.isEmpty())
            request.title = request.command;
        break;
    case CodexApproval::FileChange:
        request.kind = item ? item->kind : ToolKind::Edit;
        request.diff = diff;
        if (const QString root = params.value("grantRoot"_L1).toString(); !root.isEmpty())
            request.paths.append(root);
        break;
    case CodexApproval::Permissions:
        request.kind = ToolKind::Other;
        request.title = compact(params.value("permissions"_L1).toObject());
        break;
    case CodexApproval::McpTool:
        request.title =
            params.value("serverName"_L1).toString() + u": " + params.value("message"_L1).toString();
        break;
    }
    if (!reason.isEmpty())
        request.title += (request.title.isEmpty() ? u""_s : u" — "_s) + reason;
    return request;
}

QJsonObject approvalAnswer(CodexApproval kind, const QJsonObject &params, CodexDecision decision)
{
    const bool accepted = decision == CodexDecision::Accept;
    switch (kind) {
    case CodexApproval::Permissions:
        return {{"permissions"_L1, accepted ? params.value("permissions"_L1).toObject() : QJsonObject()},
                {"scope"_L1, "turn"_L1}};
    case CodexApproval::McpTool:
        return {{"action"_L1, actionOf(decision)},
                {"content"_L1, accepted ? QJsonValue(QJsonObject()) : QJsonValue(QJsonValue::Null)}};
    case CodexApproval::Command:
    case CodexApproval::FileChange:
        break;
    }
    return {{"decision"_L1, actionOf(decision)}};
}

} // namespace muster
