#include "core/protocol/models/openai_chat_api.h"

#include "core/protocol/models/json_numbers.h"
#include "core/protocol/models/model_failure.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString jsonText(const QJsonObject &json)
{
    return QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact));
}

QString textOf(const ModelMessage &message)
{
    QStringList texts;
    for (const ModelPart &part : message.parts) {
        if (part.kind == ModelPartKind::Text)
            texts += part.text;
    }
    return texts.join(u'\n');
}

void addPerson(QJsonArray &out, const ModelMessage &message)
{
    for (const ModelPart &part : message.parts) {
        if (part.kind == ModelPartKind::ToolResult)
            out.append(QJsonObject{
                {"role"_L1, "tool"_L1}, {"tool_call_id"_L1, part.callId}, {"content"_L1, part.text}});
    }
    if (const QString text = textOf(message); !text.isEmpty())
        out.append(QJsonObject{{"role"_L1, "user"_L1}, {"content"_L1, text}});
}

void addModel(QJsonArray &out, const ModelMessage &message)
{
    QJsonArray calls;
    for (const ModelPart &part : message.parts) {
        if (part.kind != ModelPartKind::ToolCall)
            continue;
        const QJsonObject function{{"name"_L1, part.tool}, {"arguments"_L1, jsonText(part.input)}};
        calls.append(
            QJsonObject{{"id"_L1, part.callId}, {"type"_L1, "function"_L1}, {"function"_L1, function}});
    }
    const QString text = textOf(message);
    if (text.isEmpty() && calls.isEmpty())
        return;
    QJsonObject json{{"role"_L1, "assistant"_L1}, {"content"_L1, text}};
    if (!calls.isEmpty())
        json.insert("tool_calls"_L1, calls);
    out.append(json);
}

ModelStop stopOf(const QString &reason)
{
    if (reason == "length"_L1)
        return ModelStop::OutputLimit;
    return reason == "content_filter"_L1 ? ModelStop::Refused : ModelStop::Done;
}

class ChatDecoder final : public ModelDecoder {
public:
    void take(const QJsonObject &event) override
    {
        if (const QJsonValue error = event.value("error"_L1); error.isObject() || error.isString())
            return answer().fail(failureIn(error));
        if (const QJsonObject usage = event.value("usage"_L1).toObject(); !usage.isEmpty())
            answer().usage(
                {.input = countOf(usage, "prompt_tokens"_L1),
                 .output = countOf(usage, "completion_tokens"_L1),
                 .cached = countOf(usage.value("prompt_tokens_details"_L1).toObject(), "cached_tokens"_L1)});
        const QJsonObject choice = event.value("choices"_L1).toArray().at(0).toObject();
        takeDelta(choice.value("delta"_L1).toObject());
        if (const QString reason = choice.value("finish_reason"_L1).toString(); !reason.isEmpty())
            m_reason = reason;
    }

    // Usage comes after the reason, so the end is the stream's.
    void streamEnded() override
    {
        if (m_reason.isEmpty())
            return ModelDecoder::streamEnded();
        answer().stop(stopOf(m_reason), m_reason);
    }

private:
    void takeDelta(const QJsonObject &delta)
    {
        for (const QLatin1StringView key : {"reasoning_content"_L1, "reasoning"_L1})
            answer().thinking(delta.value(key).toString());
        answer().text(delta.value("content"_L1).toString());
        answer().text(delta.value("refusal"_L1).toString());
        const QJsonArray calls = delta.value("tool_calls"_L1).toArray();
        for (const auto &call : calls)
            takeCall(call.toObject());
    }

    void takeCall(const QJsonObject &call)
    {
        const QString id = call.value("id"_L1).toString();
        const QJsonObject function = call.value("function"_L1).toObject();
        const QString name = function.value("name"_L1).toString();
        if (call.contains("index"_L1))
            m_call = QString::number(call.value("index"_L1).toInteger());
        else if (!id.isEmpty() || !name.isEmpty())
            m_call = id.isEmpty() ? QString(u'#' + QString::number(++m_unnamed)) : id;
        if (!answer().hasOpenCall(m_call))
            answer().beginCall(m_call, id, name);
        answer().callInput(m_call, function.value("arguments"_L1).toString());
    }

    QString m_reason;
    QString m_call; // key of the one that comes
    int m_unnamed = 0;
};

} // namespace

QJsonArray functionTools(const std::vector<ModelTool> &tools)
{
    QJsonArray out;
    for (const ModelTool &tool : tools) {
        const QJsonObject function{
            {"name"_L1, tool.name}, {"description"_L1, tool.description}, {"parameters"_L1, tool.schema}};
        out.append(QJsonObject{{"type"_L1, "function"_L1}, {"function"_L1, function}});
    }
    return out;
}

ModelRequest OpenAiChatApi::encode(const ModelQuestion &question) const
{
    QJsonArray messages{QJsonObject{{"role"_L1, "system"_L1}, {"content"_L1, question.instructions}}};
    for (const ModelMessage &message : question.messages) {
        if (message.role == ModelRole::Model)
            addModel(messages, message);
        else
            addPerson(messages, message);
    }
    return {.path = u"/chat/completions"_s,
            .headers = {},
            .body = {{"model"_L1, question.model},
                     {"stream"_L1, true},
                     {"stream_options"_L1, QJsonObject{{"include_usage"_L1, true}}},
                     {"tools"_L1, functionTools(question.tools)},
                     {"messages"_L1, messages}}};
}

std::unique_ptr<ModelDecoder> OpenAiChatApi::decoder() const { return std::make_unique<ChatDecoder>(); }

QStringList OpenAiChatApi::modelsIn(const QJsonObject &answer) const
{
    QStringList ids;
    const QJsonArray models = answer.value("data"_L1).toArray();
    for (const auto &model : models)
        ids += model["id"_L1].toString();
    ids.removeAll(QString());
    return ids;
}

} // namespace muster
