// How each provider says the same thing.
#include "tests/support/fake_model_server.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace muster::testing {

using namespace Qt::StringLiterals;

namespace {

QByteArray json(const QJsonObject &object) { return QJsonDocument(object).toJson(QJsonDocument::Compact); }

QByteArray event(const QJsonObject &object) { return "data: " + json(object) + "\n\n"; }

FakeStream anthropicStream(const QString &text, const std::optional<FakeCall> &call)
{
    const QJsonObject usage{{u"input_tokens"_s, fakeInput - fakeCached},
                            {u"cache_read_input_tokens"_s, fakeCached},
                            {u"output_tokens"_s, 1}};
    FakeStream stream;
    stream.beginning =
        event({{u"type"_s, u"message_start"_s}, {u"message"_s, QJsonObject{{u"usage"_s, usage}}}});
    stream.beginning +=
        event({{u"type"_s, u"content_block_start"_s},
               {u"index"_s, 0},
               {u"content_block"_s, QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, u""_s}}}});
    stream.beginning += event({{u"type"_s, u"content_block_delta"_s},
                               {u"index"_s, 0},
                               {u"delta"_s, QJsonObject{{u"type"_s, u"text_delta"_s}, {u"text"_s, text}}}});
    stream.rest = event({{u"type"_s, u"content_block_stop"_s}, {u"index"_s, 0}});
    if (call) {
        stream.rest += event({{u"type"_s, u"content_block_start"_s},
                              {u"index"_s, 1},
                              {u"content_block"_s, QJsonObject{{u"type"_s, u"tool_use"_s},
                                                               {u"id"_s, u"toolu_1"_s},
                                                               {u"name"_s, call->tool},
                                                               {u"input"_s, QJsonObject()}}}});
        const QByteArray input = json(call->input);
        for (const QByteArray &part : {input.first(2), input.sliced(2)})
            stream.rest += event({{u"type"_s, u"content_block_delta"_s},
                                  {u"index"_s, 1},
                                  {u"delta"_s, QJsonObject{{u"type"_s, u"input_json_delta"_s},
                                                           {u"partial_json"_s, QString::fromUtf8(part)}}}});
        stream.rest += event({{u"type"_s, u"content_block_stop"_s}, {u"index"_s, 1}});
    }
    const QString reason = call ? u"tool_use"_s : u"end_turn"_s;
    stream.rest += event({{u"type"_s, u"message_delta"_s},
                          {u"delta"_s, QJsonObject{{u"stop_reason"_s, reason}}},
                          {u"usage"_s, QJsonObject{{u"output_tokens"_s, fakeOutput}}}});
    stream.rest += event({{u"type"_s, u"message_stop"_s}});
    return stream;
}

FakeStream responsesStream(const QString &text, const std::optional<FakeCall> &call)
{
    FakeStream stream;
    stream.beginning = event({{u"type"_s, u"response.created"_s}});
    stream.beginning += event({{u"type"_s, u"response.output_item.added"_s},
                               {u"output_index"_s, 0},
                               {u"item"_s, QJsonObject{{u"type"_s, u"message"_s}, {u"id"_s, u"msg_1"_s}}}});
    stream.beginning += event({{u"type"_s, u"response.output_text.delta"_s},
                               {u"output_index"_s, 0},
                               {u"item_id"_s, u"msg_1"_s},
                               {u"delta"_s, text}});
    if (call) {
        const QString input = QString::fromUtf8(json(call->input));
        QJsonObject item{{u"type"_s, u"function_call"_s},
                         {u"id"_s, u"fc_1"_s},
                         {u"call_id"_s, u"call_1"_s},
                         {u"name"_s, call->tool},
                         {u"arguments"_s, u""_s}};
        stream.rest +=
            event({{u"type"_s, u"response.output_item.added"_s}, {u"output_index"_s, 1}, {u"item"_s, item}});
        stream.rest += event({{u"type"_s, u"response.function_call_arguments.delta"_s},
                              {u"output_index"_s, 1},
                              {u"delta"_s, input}});
        item.insert(u"arguments"_s, input);
        stream.rest +=
            event({{u"type"_s, u"response.output_item.done"_s}, {u"output_index"_s, 1}, {u"item"_s, item}});
    }
    const QJsonObject usage{{u"input_tokens"_s, fakeInput},
                            {u"input_tokens_details"_s, QJsonObject{{u"cached_tokens"_s, fakeCached}}},
                            {u"output_tokens"_s, fakeOutput}};
    stream.rest +=
        event({{u"type"_s, u"response.completed"_s}, {u"response"_s, QJsonObject{{u"usage"_s, usage}}}});
    return stream;
}

FakeStream chatStream(const QString &text, const std::optional<FakeCall> &call)
{
    const auto chunk = [](const QJsonObject &delta, const QJsonValue &reason) {
        return event(
            {{u"object"_s, u"chat.completion.chunk"_s},
             {u"choices"_s,
              QJsonArray{QJsonObject{{u"index"_s, 0}, {u"delta"_s, delta}, {u"finish_reason"_s, reason}}}}});
    };
    FakeStream stream;
    stream.beginning = chunk({{u"role"_s, u"assistant"_s}, {u"content"_s, text}}, {});
    if (call) {
        const QJsonObject function{{u"name"_s, call->tool},
                                   {u"arguments"_s, QString::fromUtf8(json(call->input))}};
        stream.rest += chunk({{u"tool_calls"_s, QJsonArray{QJsonObject{{u"index"_s, 0},
                                                                       {u"id"_s, u"call_1"_s},
                                                                       {u"type"_s, u"function"_s},
                                                                       {u"function"_s, function}}}}},
                             {});
    }
    stream.rest += chunk({}, call ? u"tool_calls"_s : u"stop"_s);
    stream.rest +=
        event({{u"choices"_s, QJsonArray()},
               {u"usage"_s,
                QJsonObject{{u"prompt_tokens"_s, fakeInput},
                            {u"completion_tokens"_s, fakeOutput},
                            {u"prompt_tokens_details"_s, QJsonObject{{u"cached_tokens"_s, fakeCached}}}}}});
    stream.rest += "data: [DONE]\n\n";
    return stream;
}

FakeStream geminiStream(const QString &text, const std::optional<FakeCall> &call)
{
    const auto piece = [](const QJsonObject &part, const QJsonValue &reason) {
        QJsonObject candidate{
            {u"content"_s, QJsonObject{{u"role"_s, u"model"_s}, {u"parts"_s, QJsonArray{part}}}}};
        if (reason.isString())
            candidate.insert(u"finishReason"_s, reason);
        return event({{u"candidates"_s, QJsonArray{candidate}},
                      {u"usageMetadata"_s, QJsonObject{{u"promptTokenCount"_s, fakeInput},
                                                       {u"cachedContentTokenCount"_s, fakeCached},
                                                       {u"candidatesTokenCount"_s, fakeOutput - 20},
                                                       {u"thoughtsTokenCount"_s, 20}}}});
    };
    FakeStream stream;
    stream.beginning = piece({{u"text"_s, text}}, {});
    if (call)
        stream.rest +=
            piece({{u"functionCall"_s, QJsonObject{{u"name"_s, call->tool}, {u"args"_s, call->input}}},
                   {u"thoughtSignature"_s, u"c2lnbmVk"_s}},
                  {});
    stream.rest += piece({{u"text"_s, u""_s}}, u"STOP"_s);
    return stream;
}

FakeStream ollamaStream(const QString &text, const std::optional<FakeCall> &call)
{
    const auto line = [](const QJsonObject &message, QJsonObject rest) {
        rest.insert(u"message"_s, message);
        return json(rest) + '\n';
    };
    FakeStream stream;
    stream.beginning = line({{u"role"_s, u"assistant"_s}, {u"content"_s, text}}, {{u"done"_s, false}});
    if (call) {
        const QJsonObject function{{u"name"_s, call->tool}, {u"arguments"_s, call->input}};
        stream.rest += line({{u"role"_s, u"assistant"_s},
                             {u"content"_s, u""_s},
                             {u"tool_calls"_s, QJsonArray{QJsonObject{{u"function"_s, function}}}}},
                            {{u"done"_s, false}});
    }
    stream.rest +=
        line({{u"role"_s, u"assistant"_s}, {u"content"_s, u""_s}}, {{u"done"_s, true},
                                                                    {u"done_reason"_s, u"stop"_s},
                                                                    {u"prompt_eval_count"_s, fakeInput},
                                                                    {u"eval_count"_s, fakeOutput}});
    return stream;
}

} // namespace

FakeStream fakeStream(ModelApiKind kind, const QString &text, const std::optional<FakeCall> &call)
{
    switch (kind) {
    case ModelApiKind::Anthropic:
        return anthropicStream(text, call);
    case ModelApiKind::Responses:
        return responsesStream(text, call);
    case ModelApiKind::Chat:
        return chatStream(text, call);
    case ModelApiKind::Gemini:
        return geminiStream(text, call);
    case ModelApiKind::Ollama:
        return ollamaStream(text, call);
    }
    Q_UNREACHABLE_RETURN({});
}

} // namespace muster::testing
