#include "core/protocol/acp/acp_permission.h"

#include "core/protocol/acp/acp_tools.h"
#include "core/protocol/unified_diff.h"

#include <QJsonArray>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxOptions = 32;

std::vector<PermissionOption> optionsOf(const QJsonArray &items)
{
    std::vector<PermissionOption> options;
    for (qsizetype i = 0; i < std::min(items.size(), maxOptions); ++i) {
        const QJsonObject item = items.at(i).toObject();
        // An option of a kind that we do not know cannot be chosen, so it is not offered.
        if (const auto kind = enumFromName<PermissionOptionKind>(item.value("kind"_L1).toString()))
            options.push_back({.id = item.value("optionId"_L1).toString(),
                               .label = item.value("name"_L1).toString(),
                               .kind = *kind});
    }
    return options;
}

QString quoted(const QString &argument)
{
    const auto plain = [](QChar c) {
        return c.isLetterOrNumber() || u"-_./=:,+@%^"_s.contains(c);
    };
    if (!argument.isEmpty() && std::ranges::all_of(argument, plain))
        return argument;
    QString inner = argument;
    return u'\'' + inner.replace(u'\'', u"'\\''"_s) + u'\'';
}

QString diffOf(const QJsonArray &content)
{
    QString diff;
    for (const auto &part : content) {
        const QJsonObject item = part.toObject();
        if (item.value("type"_L1).toString() == "diff"_L1)
            diff += unifiedDiff(item.value("path"_L1).toString(), item.value("oldText"_L1).toString(),
                                item.value("newText"_L1).toString());
    }
    return diff;
}

} // namespace

QString commandOf(const QJsonObject &rawInput)
{
    const QJsonValue command = rawInput.value("command"_L1);
    if (!command.isArray())
        return command.toString();
    QStringList words;
    const QJsonArray items = command.toArray();
    for (const auto &item : items)
        words.append(quoted(item.toString()));
    return words.join(u' ');
}

PermissionRequested readPermission(const QJsonObject &params, const AcpTools &tools)
{
    const QJsonObject call = params.value("toolCall"_L1).toObject();
    const QJsonObject input = call.value("rawInput"_L1).toObject();
    PermissionRequested request;
    request.toolId = call.value("toolCallId"_L1).toString();
    request.title = call.value("title"_L1).toString();
    request.kind = acpToolKind(call.value("kind"_L1).toString());
    request.options = optionsOf(params.value("options"_L1).toArray());
    request.command = commandOf(input);
    request.diff = diffOf(call.value("content"_L1).toArray());
    if (request.diff.isEmpty())
        request.diff = diffOf(tools.diffContent(request.toolId));
    if (request.diff.isEmpty())
        request.diff = input.value("diff"_L1).toString();
    if (const ToolStarted *known = tools.find(request.toolId)) {
        request.paths = known->paths;
        request.kind = known->kind;
        if (request.title.isEmpty())
            request.title = known->title;
        if (request.command.isEmpty() && input.isEmpty())
            request.command = commandOf(known->input);
    }
    return request;
}

QJsonObject permissionAnswer(const PermissionRequested &request, const PermissionAnswer &answer)
{
    const auto offered = [&](PermissionOptionKind kind) {
        return std::ranges::find(request.options, kind, &PermissionOption::kind);
    };
    auto chosen =
        offered(answer.allowed ? PermissionOptionKind::AllowOnce : PermissionOptionKind::RejectOnce);
    if (chosen == request.options.end() && !answer.allowed)
        chosen = offered(PermissionOptionKind::RejectAlways);
    if (chosen == request.options.end())
        return permissionCancelled();
    QJsonObject json{{"outcome"_L1, QJsonObject{{"outcome"_L1, "selected"_L1}, {"optionId"_L1, chosen->id}}}};
    if (!answer.message.isEmpty())
        json.insert("_meta"_L1, QJsonObject{{"message"_L1, answer.message}});
    return json;
}

QJsonObject permissionCancelled() { return {{"outcome"_L1, QJsonObject{{"outcome"_L1, "cancelled"_L1}}}}; }

} // namespace muster
