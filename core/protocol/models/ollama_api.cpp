#include "core/protocol/models/ollama_api.h"

#include "core/protocol/models/json_numbers.h"
#include "core/protocol/models/model_failure.h"
#include "core/protocol/models/openai_chat_api.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

void addMessage(QJsonArray &out, const ModelMessage &message)
{
    QStringList texts;
    QString thoughts;
    QJsonArray calls;
    for (const ModelPart &part : message.parts) {
        if (part.kind == ModelPartKind::Text)
            texts += part.text;
        else if (part.kind == ModelPartKind::Thinking)
            thoughts += part.text;
        else if (part.kind == ModelPartKind::ToolCall)
            calls.append(QJsonObject{
                {"function"_L1, QJsonObject{{"name"_L1, part.tool}, {"arguments"_L1, part.input}}}});
        else
            out.append(
                QJsonObject{{"role"_L1, "tool"_L1}, {"tool_name"_L1, part.tool}, {"content"_L1, part.text}});
    }
    if (texts.isEmpty() && calls.isEmpty())
        return;
    const bool isModel = message.role == ModelRole::Model;
    QJsonObject json{{"role"_L1, isModel ? "assistant"_L1 : "user"_L1}, {"content"_L1, texts.join(u'\n')}};
    if (!calls.isEmpty())
        json.insert("tool_calls"_L1, calls);
    if (!thoughts.isEmpty())
        json.insert("thinking"_L1, thoughts);
    out.append(json);
}

class OllamaDecoder final : public ModelDecoder {
public:
    void take(const QJsonObject &event) override
    {
        if (event.contains("error"_L1))
            return answer().fail(failureIn(event.value("error"_L1)));
        const QJsonObject message = event.value("message"_L1).toObject();
        answer().thinking(message.value("thinking"_L1).toString());
        answer().text(message.value("content"_L1).toString());
        const QJsonArray calls = message.value("tool_calls"_L1).toArray();
        for (const auto &call : calls)
            takeCall(call["function"_L1].toObject());
        if (!event.value("done"_L1).toBool())
            return;
        answer().usage({.input = countOf(event, "prompt_eval_count"_L1),
                        .output = countOf(event, "eval_count"_L1),
                        .cached = 0});
        const QString reason = event.value("done_reason"_L1).toString();
        answer().stop(reason == "length"_L1 ? ModelStop::OutputLimit : ModelStop::Done, reason);
    }

private:
    void takeCall(const QJsonObject &function)
    {
        const QString key = QString::number(++m_calls);
        const QJsonValue given = function.value("arguments"_L1);
        const QString input =
            given.isString()
                ? given.toString()
                : QString::fromUtf8(QJsonDocument(given.toObject()).toJson(QJsonDocument::Compact));
        answer().beginCall(key, {}, function.value("name"_L1).toString());
        answer().endCall(key, input);
    }

    int m_calls = 0;
};

} // namespace

ModelRequest OllamaApi::encode(const ModelQuestion &question) const
{
    QJsonArray messages{QJsonObject{{"role"_L1, "system"_L1}, {"content"_L1, question.instructions}}};
    for (const ModelMessage &message : question.messages)
        addMessage(messages, message);
    return {.path = u"/api/chat"_s,
            .headers = {},
            .body = {{"model"_L1, question.model},
                     {"stream"_L1, true},
                     {"tools"_L1, functionTools(question.tools)},
                     {"messages"_L1, messages}}};
}

std::unique_ptr<ModelDecoder> OllamaApi::decoder() const { return std::make_unique<OllamaDecoder>(); }

QStringList OllamaApi::modelsIn(const QJsonObject &answer) const
{
    QStringList names;
    const QJsonArray models = answer.value("models"_L1).toArray();
    for (const auto &model : models)
        names += model["name"_L1].toString();
    names.removeAll(QString());
    return names;
}

} // namespace muster
