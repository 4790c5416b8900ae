// Reads a recorded conversation with an agent of the Agent Client Protocol. Its own ids are those that
// AcpAdapter gives.
#pragma once

#include "core/protocol/acp/acp_adapter.h"
#include "tests/core/protocol/protocol_conversation.h"
#include "tests/core/protocol/recorded_lines.h"

namespace muster::testing {

using Recorder = ContractSink;

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
    for (const RecordedLine &line : recordedLines(path)) {
        if (line.direction == QLatin1StringView("<")) {
            steps.append({.kind = Step::Kind::Receive, .bytes = line.bytes});
        } else if (line.direction == QLatin1StringView(">") && !line.message.isEmpty()) {
            if (const auto step = acpStep(line.message))
                steps.append(*step);
        }
    }
    return steps;
}

} // namespace muster::testing
