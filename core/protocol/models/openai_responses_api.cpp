#include "core/protocol/models/openai_responses_api.h"

#include "core/protocol/models/json_numbers.h"
#include "core/protocol/models/model_failure.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QJsonObject messageItem(ModelRole role, const QString &text)
{
    const bool isModel = role == ModelRole::Model;
    const QJsonObject content{{"type"_L1, isModel ? "output_text"_L1 : "input_text"_L1}, {"text"_L1, text}};
    return {{"type"_L1, "message"_L1},
            {"role"_L1, isModel ? "assistant"_L1 : "user"_L1},
            {"content"_L1, QJsonArray{content}}};
}

QJsonObject itemOf(ModelRole role, const ModelPart &part)
{
    switch (part.kind) {
    case ModelPartKind::Text:
        return part.text.isEmpty() ? QJsonObject() : messageItem(role, part.text);
    case ModelPartKind::Thinking:
        // Only what is sealed means anything to the provider, which keeps nothing.
        return part.raw.contains("encrypted_content"_L1) ? part.raw : QJsonObject();
    case ModelPartKind::ToolCall:
        return {
            {"type"_L1, "function_call"_L1},
            {"call_id"_L1, part.callId},
            {"name"_L1, part.tool},
            {"arguments"_L1, QString::fromUtf8(QJsonDocument(part.input).toJson(QJsonDocument::Compact))}};
    case ModelPartKind::ToolResult:
        return {
            {"type"_L1, "function_call_output"_L1}, {"call_id"_L1, part.callId}, {"output"_L1, part.text}};
    }
    Q_UNREACHABLE_RETURN({});
}

class ResponsesDecoder final : public ModelDecoder {
public:
    void take(const QJsonObject &event) override
    {
        const QString type = event.value("type"_L1).toString();
        if (type == "response.output_text.delta"_L1 || type == "response.refusal.delta"_L1) {
            m_said = true;
            answer().text(event.value("delta"_L1).toString());
        } else if (type == "response.reasoning_summary_text.delta"_L1 ||
                   type == "response.reasoning_text.delta"_L1) {
            answer().thinking(event.value("delta"_L1).toString());
        } else if (type == "response.function_call_arguments.delta"_L1) {
            answer().callInput(keyOf(event), event.value("delta"_L1).toString());
        } else if (type == "response.output_item.added"_L1) {
            beginItem(keyOf(event), event.value("item"_L1).toObject());
        } else if (type == "response.output_item.done"_L1) {
            endItem(keyOf(event), event.value("item"_L1).toObject());
        } else if (type == "error"_L1) {
            answer().fail(
                failureIn(event.contains("error"_L1) ? event.value("error"_L1) : QJsonValue(event)));
        } else {
            takeEnd(type, event.value("response"_L1).toObject());
        }
    }

private:
    static QString keyOf(const QJsonObject &event)
    {
        return QString::number(event.value("output_index"_L1).toInteger());
    }

    void beginItem(const QString &key, const QJsonObject &item)
    {
        m_said = false;
        if (item.value("type"_L1).toString() == "function_call"_L1)
            answer().beginCall(key, item.value("call_id"_L1).toString(), item.value("name"_L1).toString());
    }

    void endItem(const QString &key, const QJsonObject &item)
    {
        const QString type = item.value("type"_L1).toString();
        if (type == "function_call"_L1) {
            if (!answer().hasOpenCall(key))
                beginItem(key, item);
            answer().endCall(key, item.value("arguments"_L1).toString());
        } else if (type == "reasoning"_L1) {
            QJsonObject sealed = item;
            sealed.remove("status"_L1);
            answer().thought(sealed);
        } else if (type == "message"_L1 && !m_said) {
            const QJsonArray content = item.value("content"_L1).toArray();
            for (const auto &piece : content)
                answer().text(piece["text"_L1].toString());
        }
    }

    void takeEnd(const QString &type, const QJsonObject &response)
    {
        if (const QJsonObject usage = response.value("usage"_L1).toObject(); !usage.isEmpty())
            answer().usage(
                {.input = countOf(usage, "input_tokens"_L1),
                 .output = countOf(usage, "output_tokens"_L1),
                 .cached = countOf(usage.value("input_tokens_details"_L1).toObject(), "cached_tokens"_L1)});
        if (type == "response.completed"_L1)
            answer().stop(ModelStop::Done, u"completed"_s);
        if (type == "response.failed"_L1)
            answer().fail(failureIn(response.value("error"_L1)));
        if (type == "response.incomplete"_L1) {
            const QString why = response.value("incomplete_details"_L1)["reason"_L1].toString();
            answer().stop(why == "content_filter"_L1 ? ModelStop::Refused : ModelStop::OutputLimit, why);
        }
    }

    bool m_said = false; // the message that is open has come in pieces
};

} // namespace

ModelRequest OpenAiResponsesApi::encode(const ModelQuestion &question) const
{
    QJsonArray input;
    for (const ModelMessage &message : question.messages) {
        for (const ModelPart &part : message.parts) {
            if (const QJsonObject item = itemOf(message.role, part); !item.isEmpty())
                input.append(item);
        }
    }
    QJsonArray tools;
    for (const ModelTool &tool : question.tools)
        tools.append(QJsonObject{{"type"_L1, "function"_L1},
                                 {"name"_L1, tool.name},
                                 {"description"_L1, tool.description},
                                 {"parameters"_L1, tool.schema},
                                 {"strict"_L1, false}});
    QJsonObject body{{"model"_L1, question.model}, {"instructions"_L1, question.instructions},
                     {"stream"_L1, true},          {"store"_L1, false},
                     {"tools"_L1, tools},          {"input"_L1, input}};
    if (question.sealedReasoning)
        body.insert("include"_L1, QJsonArray{"reasoning.encrypted_content"_L1});
    return {.path = u"/responses"_s, .headers = {}, .body = body};
}

std::unique_ptr<ModelDecoder> OpenAiResponsesApi::decoder() const
{
    return std::make_unique<ResponsesDecoder>();
}

} // namespace muster
