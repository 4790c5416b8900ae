#include "core/protocol/paseo/paseo_replies.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype keptWords = 4096;
constexpr qsizetype mostItems = 1024;
constexpr int mostTries = 64; // at lines that could begin what was asked for

// What else a command prints, warnings of Node.js for example, comes before it on lines of its own.
Result<QJsonDocument> documentIn(const QByteArray &text)
{
    qsizetype at = 0;
    int tries = 0;
    while (at < text.size() && tries < mostTries) {
        const qsizetype newline = text.indexOf('\n', at);
        if (text.at(at) == '{' || text.at(at) == '[') {
            ++tries;
            QJsonParseError problem;
            auto document = QJsonDocument::fromJson(text.sliced(at), &problem);
            if (problem.error == QJsonParseError::NoError)
                return document;
        }
        at = newline < 0 ? text.size() : newline + 1;
    }
    return fail(ErrorCode::Protocol, QString::fromUtf8(text.left(256)).trimmed(), u"not JSON"_s);
}

Result<QJsonObject> objectIn(const QByteArray &text)
{
    const auto document = documentIn(text);
    if (!document)
        return std::unexpected(document.error());
    if (!document->isObject())
        return fail(ErrorCode::Protocol, QString::fromUtf8(text.left(256)), u"no object"_s);
    return document->object();
}

template <typename T, typename Read> Result<std::vector<T>> listIn(const QByteArray &text, Read read)
{
    const auto document = documentIn(text);
    if (!document)
        return std::unexpected(document.error());
    if (!document->isArray())
        return fail(ErrorCode::Protocol, QString::fromUtf8(text.left(256)), u"no list"_s);
    std::vector<T> out;
    const QJsonArray items = document->array();
    for (qsizetype i = 0; i < std::min(items.size(), mostItems); ++i) {
        if (T item = read(items.at(i).toObject()); !item.id.isEmpty())
            out.push_back(std::move(item));
    }
    return out;
}

qint64 countIn(const QJsonObject &json, QLatin1StringView key)
{
    return std::max<qint64>(0, json.value(key).toInteger());
}

} // namespace

Result<PaseoAgent> readPaseoAgent(const QByteArray &json)
{
    const auto said = objectIn(json);
    if (!said)
        return std::unexpected(said.error());
    PaseoAgent agent{.id = said->value("Id"_L1).toString(),
                     .status = said->value("Status"_L1).toString(),
                     .model = said->value("Model"_L1).toString(),
                     .archived = said->value("Archived"_L1).toBool(),
                     .usage = {},
                     .permissions = {}};
    if (agent.id.isEmpty() || agent.status.isEmpty())
        return fail(ErrorCode::Protocol, QString::fromUtf8(json.left(256)), u"no agent"_s);
    if (const QJsonObject usage = said->value("LastUsage"_L1).toObject(); !usage.isEmpty()) {
        const double cost = usage.value("CostUsd"_L1).toDouble();
        agent.usage = PaseoUsage{.input = countIn(usage, "InputTokens"_L1),
                                 .output = countIn(usage, "OutputTokens"_L1),
                                 .cached = countIn(usage, "CachedTokens"_L1),
                                 .costUsd = std::isfinite(cost) && cost > 0 ? cost : 0};
    }
    const QJsonArray pending = said->value("PendingPermissions"_L1).toArray();
    for (qsizetype i = 0; i < std::min(pending.size(), mostItems); ++i) {
        const QJsonObject item = pending.at(i).toObject();
        if (const QString id = item.value("id"_L1).toString(); !id.isEmpty())
            agent.permissions.push_back(
                {.id = id, .agentId = agent.id, .tool = item.value("tool"_L1).toString(), .description = {}});
    }
    return agent;
}

Result<PaseoProgress> readPaseoProgress(const QByteArray &json)
{
    const auto said = objectIn(json);
    if (!said)
        return std::unexpected(said.error());
    PaseoProgress progress{.agentId = said->value("agentId"_L1).toString(),
                           .status = said->value("status"_L1).toString(),
                           .message = said->value("message"_L1).toString()};
    if (progress.agentId.isEmpty() || progress.status.isEmpty())
        return fail(ErrorCode::Protocol, QString::fromUtf8(json.left(256)), u"no progress"_s);
    return progress;
}

Result<std::vector<PaseoPermission>> readPaseoPermissions(const QByteArray &json)
{
    return listIn<PaseoPermission>(json, [](const QJsonObject &item) {
        return PaseoPermission{.id = item.value("id"_L1).toString(),
                               .agentId = item.value("agentId"_L1).toString(),
                               .tool = item.value("name"_L1).toString(),
                               .description = item.value("description"_L1).toString()};
    });
}

Result<std::vector<PaseoProvider>> readPaseoProviders(const QByteArray &json)
{
    return listIn<PaseoProvider>(json, [](const QJsonObject &item) {
        const QJsonValue enabled = item.value("enabled"_L1); // true, or "Enabled" of older ones
        const bool on = enabled.isUndefined() || enabled.toBool() || enabled.toString() == "Enabled"_L1;
        return PaseoProvider{.id = item.value("provider"_L1).toString(),
                             .label = item.value("label"_L1).toString(),
                             .usable = on && item.value("status"_L1).toString() == "available"_L1};
    });
}

Result<std::vector<PaseoListed>> readPaseoList(const QByteArray &json)
{
    return listIn<PaseoListed>(json, [](const QJsonObject &item) {
        return PaseoListed{.id = item.value("id"_L1).toString(),
                           .status = item.value("status"_L1).toString()};
    });
}

Error readPaseoError(const QByteArray &stderrText)
{
    const QString words = QString::fromUtf8(stderrText).trimmed().right(keptWords);
    const auto said = objectIn(stderrText);
    const QJsonObject error = said ? said->value("error"_L1).toObject() : QJsonObject();
    const QString code = error.value("code"_L1).toString();
    const QString message = error.value("message"_L1).toString(words).left(keptWords);
    // attach and logs have words only.
    if (code == "DAEMON_NOT_RUNNING"_L1 || message.contains("Cannot connect to daemon"_L1))
        return {.code = ErrorCode::Unavailable, .detail = message, .where = code};
    const bool isGone = code == "AGENT_NOT_FOUND"_L1 || code == "NO_PENDING_PERMISSIONS"_L1 ||
                        code == "PERMISSION_NOT_FOUND"_L1 ||
                        message.contains("Agent not found"_L1, Qt::CaseInsensitive) ||
                        message.contains("No agent found"_L1, Qt::CaseInsensitive);
    return {.code = isGone ? ErrorCode::NotFound : ErrorCode::Internal, .detail = message, .where = code};
}

} // namespace muster
