#include "core/protocol/claude/claude_arguments.h"

#include <QJsonDocument>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr auto mcpFileName = "mcp.json"_L1;

QJsonObject textBlock(const QString &text) { return {{"type"_L1, "text"_L1}, {"text"_L1, text}}; }

QJsonObject blockOf(const QJsonObject &attachment)
{
    const QString type = attachment.value("type"_L1).toString();
    if (type == "image"_L1)
        return {{"type"_L1, "image"_L1},
                {"source"_L1, QJsonObject{{"type"_L1, "base64"_L1},
                                          {"media_type"_L1, attachment.value("mimeType"_L1)},
                                          {"data"_L1, attachment.value("data"_L1)}}}};
    if (type == "resource"_L1)
        return textBlock(attachment.value("resource"_L1)["text"_L1].toString());
    if (type == "resource_link"_L1)
        return textBlock(attachment.value("uri"_L1).toString());
    return textBlock(attachment.value("text"_L1).toString());
}

} // namespace

std::vector<PrivateFile> claudeFiles(const StreamJsonQuirks &quirks, const OpenRequest &request)
{
    if (request.mcpServers.empty() || request.privateFolder.isEmpty())
        return {};
    const QJsonObject config = mcpFile(request.mcpServers, quirks.allowFlag.isEmpty());
    return {{.name = QString(mcpFileName), .content = QJsonDocument(config).toJson(QJsonDocument::Compact)}};
}

QStringList claudeArguments(const StreamJsonQuirks &quirks, const OpenRequest &request,
                            const QString &newSessionId)
{
    QStringList arguments{u"--input-format"_s, u"stream-json"_s, u"--output-format"_s, u"stream-json"_s,
                          u"--include-partial-messages"_s};
    arguments += quirks.flags;
    if (request.resumeId.isEmpty())
        arguments += {u"--session-id"_s, newSessionId};
    else
        arguments += {u"--resume"_s, request.resumeId};
    if (!request.model.isEmpty())
        arguments += {u"--model"_s, request.model};
    if (!claudeFiles(quirks, request).empty()) {
        arguments += {u"--mcp-config"_s, request.privateFolder + u'/' + mcpFileName};
        const auto own = std::ranges::find(request.mcpServers, true, &McpEntry::ours);
        if (own != request.mcpServers.end() && !quirks.allowFlag.isEmpty())
            arguments += {quirks.allowFlag, u"mcp__"_s + own->name};
    }
    return arguments;
}

QJsonObject claudeUserMessage(const Prompt &prompt)
{
    QJsonArray content{textBlock(prompt.text)};
    for (const auto &attachment : prompt.attachments)
        content.append(blockOf(attachment.toObject()));
    return {{"type"_L1, "user"_L1},
            {"message"_L1, QJsonObject{{"role"_L1, "user"_L1}, {"content"_L1, content}}}};
}

} // namespace muster
