// Reads a recorded conversation with an agent of the Agent Client Protocol. Its own ids are those that
// AcpAdapter gives.
#pragma once

#include "core/protocol/acp/acp_adapter.h"
#include "tests/core/protocol/protocol_conversation.h"

#include <QFile>

namespace muster::testing {

using Recorder = ContractSink;

// The recorder wrapped the agent's line; its bytes stand in it unchanged.
inline QByteArray recordedLine(const QByteArray &line)
{
    const qsizetype from = line.indexOf("\"msg\":") + 6;
    return line.sliced(from).chopped(1) + '\n';
}

inline std::optional<Step> acpStep(const QJsonObject &message)
{
    const QString method = message.value(u"method").toString();
    if (method == QLatin1StringView("session/new") || method == QLatin1StringView("session/load"))
        return std::nullopt; // the adapter goes on by itself
    if (method == QLatin1StringView("initialize"))
        return Step{.kind = Step::Kind::Open};
    if (method == QLatin1StringView("session/prompt"))
        return Step{.kind = Step::Kind::Prompt,
                    .bytes = message.value(u"params")[u"prompt"][0][u"text"].toString().toUtf8()};
    if (method == QLatin1StringView("session/cancel"))
        return Step{.kind = Step::Kind::Cancel};
    return Step{.kind = message.value(u"result").isNull() ? Step::Kind::GiveFile : Step::Kind::Allow};
}

inline Conversation acpConversation(const QString &path)
{
    Conversation steps;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return steps;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        const QJsonObject entry = QJsonDocument::fromJson(line).object();
        const QString direction = entry.value(u"dir").toString();
        if (direction == QLatin1StringView("<"))
            steps.append({.kind = Step::Kind::Receive, .bytes = recordedLine(line)});
        else if (direction == QLatin1StringView(">") && entry.value(u"msg").isObject()) {
            if (const auto step = acpStep(entry.value(u"msg").toObject()))
                steps.append(*step);
        }
    }
    return steps;
}

} // namespace muster::testing
