// Reads a recorded conversation with an agent that speaks stream-JSON: with both directions (.io.jsonl), or
// only what the agent wrote to one prompt (.jsonl). Where the host of the recording did without the
// handshake, its answer is put in.
#pragma once

#include "core/protocol/claude/claude_adapter.h"
#include "tests/core/protocol/protocol_conversation.h"
#include "tests/core/protocol/recorded_lines.h"

namespace muster::testing {

inline StreamJsonQuirks qwenQuirks()
{
    return {.flags = {u"--approval-mode"_s, u"default"_s},
            .agentName = u"Qwen Code"_s,
            .mode = {},
            .usage = UsageMeaning::SessionCumulative,
            .needsInitialize = true,
            .reportsCost = false,
            .answersByIndex = true};
}

inline MakeProtocol claudeMaker(const StreamJsonQuirks &quirks = {})
{
    return [quirks](ProtocolSink &sink) {
        return std::make_unique<ClaudeAdapter>(sink, quirks, LineFramer::defaultMaxLine, u"new-session"_s);
    };
}

inline QByteArray initializeAnswer()
{
    return R"({"type":"control_response","response":{"subtype":"success","request_id":"req_1","response":)"
           R"({"claude_code_version":"2.1.329","current_permission_mode":"default"}}})"
           "\n";
}

inline std::optional<Step> claudeStep(const QJsonObject &message)
{
    const QString type = message.value(u"type").toString();
    if (type == QLatin1StringView("user"))
        return Step{.kind = Step::Kind::Prompt,
                    .bytes = message.value(u"message")[u"content"][0][u"text"].toString().toUtf8()};
    if (message.value(u"request")[u"subtype"].toString() == QLatin1StringView("interrupt"))
        return Step{.kind = Step::Kind::Cancel};
    if (type != QLatin1StringView("control_response"))
        return std::nullopt; // what the adapter does by itself, or never does
    const QJsonObject answer = message.value(u"response")[u"response"].toObject();
    const QJsonObject answers = answer.value(u"updatedInput")[u"answers"].toObject();
    if (!answers.isEmpty())
        return Step{.kind = Step::Kind::Answer, .bytes = answers.constBegin().value().toString().toUtf8()};
    const bool allowed = answer.value(u"behavior").toString() == QLatin1StringView("allow");
    return Step{.kind = allowed ? Step::Kind::Allow : Step::Kind::Deny,
                .bytes = answer.value(u"message").toString().toUtf8()};
}

// Only what the agent wrote to one prompt.
inline Conversation claudeOneShot(const QString &path)
{
    Conversation steps{{.kind = Step::Kind::Open},
                       {.kind = Step::Kind::Receive, .bytes = initializeAnswer()},
                       {.kind = Step::Kind::Prompt, .bytes = "go"}};
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (!line.isEmpty())
            steps.append({.kind = Step::Kind::Receive, .bytes = line + '\n'});
    }
    return steps;
}

inline bool hasHandshake(const QList<RecordedLine> &lines)
{
    return std::ranges::any_of(lines, [](const RecordedLine &line) {
        return line.message.value(u"request")[u"subtype"].toString() == QLatin1StringView("initialize");
    });
}

inline Conversation claudeConversation(const QString &path)
{
    if (!path.endsWith(u".io.jsonl"_s))
        return claudeOneShot(path);
    Conversation steps;
    const QList<RecordedLine> lines = recordedLines(path);
    const bool shakesHands = hasHandshake(lines);
    for (const RecordedLine &line : lines) {
        if (line.direction == QLatin1StringView("meta")) {
            const QStringList argv = line.message.value(u"argv").toVariant().toStringList();
            const qsizetype resume = argv.indexOf(u"--resume"_s);
            steps.append({.kind = Step::Kind::Open,
                          .bytes = resume < 0 ? QByteArray() : argv.value(resume + 1).toUtf8()});
            if (!shakesHands)
                steps.append({.kind = Step::Kind::Receive, .bytes = initializeAnswer()});
        } else if (line.direction == QLatin1StringView("<")) {
            steps.append({.kind = Step::Kind::Receive, .bytes = line.bytes});
        } else if (line.direction == QLatin1StringView(">")) {
            if (const auto step = claudeStep(line.message))
                steps.append(*step);
        }
    }
    return steps;
}

} // namespace muster::testing
