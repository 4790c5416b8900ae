#include "core/protocol/claude/claude_arguments.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QJsonObject namedValues(const QJsonArray &pairs)
{
    QJsonObject values;
    for (const auto &pair : pairs)
        values.insert(pair["name"_L1].toString(), pair["value"_L1].toString());
    return values;
}

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

QJsonObject claudeMcpConfig(const QJsonArray &servers)
{
    QJsonObject named;
    for (const auto &item : servers) {
        const QJsonObject server = item.toObject();
        QJsonObject config;
        if (const QString url = server.value("url"_L1).toString(); !url.isEmpty()) {
            config.insert("type"_L1, server.value("type"_L1).toString("http"_L1));
            config.insert("url"_L1, url);
            config.insert("headers"_L1, namedValues(server.value("headers"_L1).toArray()));
        } else {
            config.insert("type"_L1, "stdio"_L1);
            config.insert("command"_L1, server.value("command"_L1));
            config.insert("args"_L1, server.value("args"_L1).toArray());
            config.insert("env"_L1, namedValues(server.value("env"_L1).toArray()));
        }
        named.insert(server.value("name"_L1).toString(), config);
    }
    return {{"mcpServers"_L1, named}};
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
    if (!request.mcpServers.isEmpty())
        arguments += {u"--mcp-config"_s,
                      QString::fromUtf8(
                          QJsonDocument(claudeMcpConfig(request.mcpServers)).toJson(QJsonDocument::Compact))};
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
