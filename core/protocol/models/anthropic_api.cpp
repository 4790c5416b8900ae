#include "core/protocol/models/anthropic_api.h"

#include "core/protocol/models/model_failure.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxSignature = 1024LL * 1024;

const QJsonObject &cacheUpToHere()
{
    static const QJsonObject mark{{"type"_L1, "ephemeral"_L1}};
    return mark;
}

QJsonObject blockOf(const ModelPart &part)
{
    switch (part.kind) {
    case ModelPartKind::Text:
        if (part.text.trimmed().isEmpty())
            return {}; // refused by the provider
        return {{"type"_L1, "text"_L1}, {"text"_L1, part.text}};
    case ModelPartKind::Thinking:
        return part.raw; // without its signature it would be refused
    case ModelPartKind::ToolCall:
        return {{"type"_L1, "tool_use"_L1},
                {"id"_L1, part.callId},
                {"name"_L1, part.tool},
                {"input"_L1, part.input}};
    case ModelPartKind::ToolResult:
        return {{"type"_L1, "tool_result"_L1},
                {"tool_use_id"_L1, part.callId},
                {"content"_L1, part.text},
                {"is_error"_L1, part.failed}};
    }
    Q_UNREACHABLE_RETURN({});
}

QJsonArray messagesOf(const std::vector<ModelMessage> &messages)
{
    QJsonArray out;
    for (const ModelMessage &message : messages) {
        QJsonArray blocks;
        for (const ModelPart &part : message.parts) {
            if (const QJsonObject block = blockOf(part); !block.isEmpty())
                blocks.append(block);
        }
        if (blocks.isEmpty())
            continue;
        // What was said up to now need not be read anew with the next question.
        if (&message == &messages.back()) {
            QJsonObject last = blocks.last().toObject();
            last.insert("cache_control"_L1, cacheUpToHere());
            blocks.replace(blocks.size() - 1, last);
        }
        out.append(QJsonObject{{"role"_L1, message.role == ModelRole::Model ? "assistant"_L1 : "user"_L1},
                               {"content"_L1, blocks}});
    }
    return out;
}

ModelStop stopOf(const QString &reason)
{
    if (reason == "max_tokens"_L1 || reason == "model_context_window_exceeded"_L1)
        return ModelStop::OutputLimit;
    return reason == "refusal"_L1 ? ModelStop::Refused : ModelStop::Done;
}

class AnthropicDecoder final : public ModelDecoder {
public:
    void take(const QJsonObject &event) override
    {
        const QString type = event.value("type"_L1).toString();
        if (type == "message_start"_L1)
            takeUsage(event.value("message"_L1)["usage"_L1].toObject());
        else if (type == "content_block_start"_L1)
            beginBlock(keyOf(event), event.value("content_block"_L1).toObject());
        else if (type == "content_block_delta"_L1)
            takeDelta(keyOf(event), event.value("delta"_L1).toObject());
        else if (type == "content_block_stop"_L1)
            endBlock(keyOf(event));
        else if (type == "message_delta"_L1)
            takeMessageDelta(event);
        else if (type == "message_stop"_L1)
            answer().stop(stopOf(m_stop), m_stop);
        else if (type == "error"_L1)
            answer().fail(failureIn(event.value("error"_L1)));
    }

private:
    static QString keyOf(const QJsonObject &event)
    {
        return QString::number(event.value("index"_L1).toInteger());
    }

    void beginBlock(const QString &key, const QJsonObject &block)
    {
        const QString type = block.value("type"_L1).toString();
        forgetThought();
        if (type == "tool_use"_L1) {
            answer().beginCall(key, block.value("id"_L1).toString(), block.value("name"_L1).toString());
        } else if (type == "thinking"_L1 || type == "redacted_thinking"_L1) {
            m_thought = block;
            answer().thinking(block.value("thinking"_L1).toString());
        } else if (type == "text"_L1) {
            answer().text(block.value("text"_L1).toString());
        }
    }

    void takeDelta(const QString &key, const QJsonObject &delta)
    {
        const QString type = delta.value("type"_L1).toString();
        if (type == "text_delta"_L1) {
            answer().text(delta.value("text"_L1).toString());
        } else if (type == "input_json_delta"_L1) {
            answer().callInput(key, delta.value("partial_json"_L1).toString());
        } else if (type == "thinking_delta"_L1) {
            const QString piece = delta.value("thinking"_L1).toString();
            answer().thinking(piece);
            m_thoughtText += piece;
        } else if (type == "signature_delta"_L1) {
            if (m_signature.size() < maxSignature)
                m_signature += delta.value("signature"_L1).toString();
        }
    }

    void endBlock(const QString &key)
    {
        if (answer().hasOpenCall(key))
            return answer().endCall(key);
        if (m_thought.isEmpty())
            return;
        if (m_thought.value("type"_L1).toString() == "thinking"_L1) {
            m_thought.insert("thinking"_L1,
                             QString(m_thought.value("thinking"_L1).toString() + m_thoughtText));
            if (!m_signature.isEmpty())
                m_thought.insert("signature"_L1, m_signature);
        }
        answer().thought(m_thought);
        forgetThought();
    }

    void forgetThought()
    {
        m_thought = {};
        m_thoughtText.clear();
        m_signature.clear();
    }

    void takeMessageDelta(const QJsonObject &event)
    {
        takeUsage(event.value("usage"_L1).toObject());
        if (const QString reason = event.value("delta"_L1)["stop_reason"_L1].toString(); !reason.isEmpty())
            m_stop = reason;
    }

    void takeUsage(const QJsonObject &usage)
    {
        const auto number = [&](QLatin1StringView key) {
            return std::max<qint64>(0, usage.value(key).toInteger());
        };
        const qint64 cached = number("cache_read_input_tokens"_L1);
        answer().usage(
            {.input = number("input_tokens"_L1) + cached + number("cache_creation_input_tokens"_L1),
             .output = number("output_tokens"_L1),
             .cached = cached});
    }

    QJsonObject m_thought; // the block that is open, if it is one
    QString m_thoughtText;
    QString m_signature;
    QString m_stop;
};

} // namespace

ModelRequest AnthropicApi::encode(const ModelQuestion &question) const
{
    QJsonArray tools;
    for (const ModelTool &tool : question.tools)
        tools.append(QJsonObject{
            {"name"_L1, tool.name}, {"description"_L1, tool.description}, {"input_schema"_L1, tool.schema}});
    const QJsonObject system{
        {"type"_L1, "text"_L1}, {"text"_L1, question.instructions}, {"cache_control"_L1, cacheUpToHere()}};
    return {.path = u"/v1/messages"_s,
            .headers = {{"anthropic-version", "2023-06-01"}},
            .body = {{"model"_L1, question.model},
                     {"max_tokens"_L1, question.maxOutputTokens},
                     {"stream"_L1, true},
                     {"system"_L1, QJsonArray{system}},
                     {"tools"_L1, tools},
                     {"messages"_L1, messagesOf(question.messages)}}};
}

std::pair<QByteArray, QByteArray> AnthropicApi::keyHeader(const QByteArray &key) const
{
    return {"x-api-key", key};
}

std::unique_ptr<ModelDecoder> AnthropicApi::decoder() const { return std::make_unique<AnthropicDecoder>(); }

} // namespace muster
