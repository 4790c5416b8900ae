#include "core/protocol/models/gemini_api.h"

#include "core/protocol/models/json_numbers.h"
#include "core/protocol/models/model_failure.h"

#include <QJsonDocument>
#include <QUrl>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QJsonObject partOf(const ModelPart &part)
{
    switch (part.kind) {
    case ModelPartKind::Text:
        return part.text.isEmpty() ? QJsonObject() : QJsonObject{{"text"_L1, part.text}};
    case ModelPartKind::Thinking:
        return {};
    case ModelPartKind::ToolCall:
        if (!part.raw.isEmpty()) // as it came, with its signature
            return part.raw;
        return {{"functionCall"_L1, QJsonObject{{"name"_L1, part.tool}, {"args"_L1, part.input}}}};
    case ModelPartKind::ToolResult:
        return {
            {"functionResponse"_L1,
             QJsonObject{{"name"_L1, part.tool},
                         {"response"_L1, QJsonObject{{part.failed ? "error"_L1 : "output"_L1, part.text}}}}}};
    }
    Q_UNREACHABLE_RETURN({});
}

// Where the provider gave a call an id, its result has to name it; where it did not, nothing may.
QString ownId(const ModelMessage *said, const QString &callId)
{
    if (!said)
        return {};
    const auto call = std::ranges::find_if(said->parts, [&](const ModelPart &part) {
        return part.kind == ModelPartKind::ToolCall && part.callId == callId;
    });
    return call == said->parts.end() ? QString() : call->raw.value("functionCall"_L1)["id"_L1].toString();
}

QJsonArray contentsOf(const std::vector<ModelMessage> &messages)
{
    QJsonArray out;
    const ModelMessage *before = nullptr;
    for (const ModelMessage &message : messages) {
        QJsonArray parts;
        for (const ModelPart &part : message.parts) {
            QJsonObject json = partOf(part);
            if (json.isEmpty())
                continue;
            if (const QString id = ownId(before, part.callId);
                part.kind == ModelPartKind::ToolResult && !id.isEmpty()) {
                QJsonObject response = json.value("functionResponse"_L1).toObject();
                response.insert("id"_L1, id);
                json.insert("functionResponse"_L1, response);
            }
            parts.append(json);
        }
        before = &message;
        if (!parts.isEmpty())
            out.append(QJsonObject{{"role"_L1, message.role == ModelRole::Model ? "model"_L1 : "user"_L1},
                                   {"parts"_L1, parts}});
    }
    return out;
}

bool isRefusal(const QString &reason)
{
    static const QStringList refusals{u"SAFETY"_s,    u"RECITATION"_s,         u"LANGUAGE"_s, u"OTHER"_s,
                                      u"BLOCKLIST"_s, u"PROHIBITED_CONTENT"_s, u"SPII"_s};
    return refusals.contains(reason);
}

class GeminiDecoder final : public ModelDecoder {
public:
    void take(const QJsonObject &event) override
    {
        if (event.value("error"_L1).isObject())
            return answer().fail(failureIn(event.value("error"_L1)));
        takeUsage(event.value("usageMetadata"_L1).toObject());
        if (const QString blocked = event.value("promptFeedback"_L1)["blockReason"_L1].toString();
            !blocked.isEmpty())
            return answer().stop(ModelStop::Refused, blocked);
        const QJsonObject candidate = event.value("candidates"_L1).toArray().at(0).toObject();
        const QJsonArray parts = candidate.value("content"_L1)["parts"_L1].toArray();
        for (const auto &part : parts)
            takePart(part.toObject());
        if (const QString reason = candidate.value("finishReason"_L1).toString(); !reason.isEmpty())
            m_reason = reason;
    }

    void streamEnded() override
    {
        if (m_reason.isEmpty())
            return ModelDecoder::streamEnded();
        if (m_reason == "MALFORMED_FUNCTION_CALL"_L1 || m_reason == "UNEXPECTED_TOOL_CALL"_L1)
            return answer().fail({.problem = ModelProblem::Server, .message = m_reason});
        const bool limit = m_reason == "MAX_TOKENS"_L1;
        answer().stop(limit                 ? ModelStop::OutputLimit
                      : isRefusal(m_reason) ? ModelStop::Refused
                                            : ModelStop::Done,
                      m_reason);
    }

private:
    void takePart(const QJsonObject &part)
    {
        const QJsonObject call = part.value("functionCall"_L1).toObject();
        const QString text = part.value("text"_L1).toString();
        if (!call.isEmpty()) {
            const QString key = QString::number(++m_calls);
            const QJsonObject args = call.value("args"_L1).toObject();
            answer().beginCall(key, call.value("id"_L1).toString(), call.value("name"_L1).toString());
            answer().endCall(key, QString::fromUtf8(QJsonDocument(args).toJson(QJsonDocument::Compact)),
                             part);
        } else if (part.value("thought"_L1).toBool()) {
            answer().thinking(text);
        } else {
            answer().text(text);
        }
    }

    void takeUsage(const QJsonObject &usage)
    {
        answer().usage(
            {.input = countOf(usage, "promptTokenCount"_L1),
             .output = countOf(usage, "candidatesTokenCount"_L1) + countOf(usage, "thoughtsTokenCount"_L1),
             .cached = countOf(usage, "cachedContentTokenCount"_L1)});
    }

    QString m_reason;
    int m_calls = 0;
};

} // namespace

ModelRequest GeminiApi::encode(const ModelQuestion &question) const
{
    QJsonArray functions;
    for (const ModelTool &tool : question.tools)
        functions.append(QJsonObject{
            {"name"_L1, tool.name}, {"description"_L1, tool.description}, {"parameters"_L1, tool.schema}});
    const QString model = QString::fromLatin1(QUrl::toPercentEncoding(question.model));
    return {.path = u"/v1beta/models/%1:streamGenerateContent?alt=sse"_s.arg(model),
            .headers = {},
            .body = {{"systemInstruction"_L1,
                      QJsonObject{{"parts"_L1, QJsonArray{QJsonObject{{"text"_L1, question.instructions}}}}}},
                     {"tools"_L1, QJsonArray{QJsonObject{{"functionDeclarations"_L1, functions}}}},
                     {"contents"_L1, contentsOf(question.messages)}}};
}

std::pair<QByteArray, QByteArray> GeminiApi::keyHeader(const QByteArray &key) const
{
    return {"x-goog-api-key", key};
}

std::unique_ptr<ModelDecoder> GeminiApi::decoder() const { return std::make_unique<GeminiDecoder>(); }

} // namespace muster
