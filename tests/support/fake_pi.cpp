// A tiny Pi in RPC mode, with the gate loaded unless it is started with --no-gate. A prompt is one word:
//   hello | ask (for a tool) | hang (with a tool running; what is steered into it ends it, but for "no",
//   which it refuses) | 429 | die
// It knows the session of `--session-id s-1`; any other id is a new session, as with Pi.
#include "tests/support/fake_stdio.h"

#include <cstdlib>
#include <cstring>

using namespace fake;

namespace {

const QJsonObject toolArgs{{u"command"_s, u"touch x"_s}};

void tool(const QString &event, bool failed)
{
    send({{u"type"_s, event},
          {u"toolCallId"_s, u"call_1"_s},
          {u"toolName"_s, u"bash"_s},
          {u"args"_s, toolArgs},
          {u"isError"_s, failed}});
}

void finish(const QString &text, const QString &stopReason, const QString &error = {})
{
    const QJsonObject usage{
        {u"input"_s, 10}, {u"output"_s, 2}, {u"cost"_s, QJsonObject{{u"total"_s, 0.001}}}};
    QJsonObject message{{u"role"_s, u"assistant"_s},
                        {u"content"_s, text},
                        {u"stopReason"_s, stopReason},
                        {u"usage"_s, usage}};
    if (!error.isEmpty())
        message.insert(u"errorMessage"_s, error);
    send({{u"type"_s, u"message_start"_s}, {u"message"_s, message}});
    if (!text.isEmpty())
        send({{u"type"_s, u"message_update"_s},
              {u"assistantMessageEvent"_s, QJsonObject{{u"type"_s, u"text_delta"_s}, {u"delta"_s, text}}}});
    send({{u"type"_s, u"message_end"_s}, {u"message"_s, message}});
    send({{u"type"_s, u"agent_settled"_s}});
}

void prompted(const QString &word)
{
    send({{u"type"_s, u"agent_start"_s}});
    if (word == u"ask"_s) {
        tool(u"tool_execution_start"_s, false);
        send({{u"type"_s, u"extension_ui_request"_s},
              {u"id"_s, u"u1"_s},
              {u"method"_s, u"select"_s},
              {u"title"_s, u"permission:bash:{\"command\":\"touch x\"}"_s}});
    } else if (word == u"hang"_s) {
        tool(u"tool_execution_start"_s, false);
    } else if (word == u"429"_s) {
        send({{u"type"_s, u"auto_retry_start"_s}, {u"errorMessage"_s, u"429 limit"_s}});
        send({{u"type"_s, u"auto_retry_end"_s}, {u"success"_s, false}, {u"finalError"_s, u"429 limit"_s}});
        finish({}, u"error"_s, u"429 limit"_s);
    } else if (word == u"die"_s) {
        tool(u"tool_execution_start"_s, false);
        std::_Exit(3);
    } else {
        finish(word, u"stop"_s);
    }
}

} // namespace

int main(int argc, char **argv)
{
    bool gate = true;
    QString session = u"s-1"_s;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--no-gate") == 0)
            gate = false;
        if (std::strcmp(argv[i], "--session-id") == 0 && i + 1 < argc)
            session = QString::fromLocal8Bit(argv[i + 1]);
    }
    if (gate)
        send({{u"type"_s, u"extension_ui_request"_s},
              {u"method"_s, u"setStatus"_s},
              {u"statusKey"_s, u"muster-gate"_s}});
    while (const auto message = receive()) {
        const QString type = message->value(u"type").toString();
        QJsonObject response{{u"id"_s, message->value(u"id")},
                             {u"type"_s, u"response"_s},
                             {u"command"_s, type},
                             {u"success"_s, true}};
        if (type == u"get_state"_s)
            response.insert(u"data"_s,
                            QJsonObject{{u"sessionId"_s, session},
                                        {u"messageCount"_s, argc > 2 && session == u"s-1"_s ? 4 : 0}});
        if (type == u"extension_ui_response"_s) {
            const bool allowed = message->value(u"value").toString() == u"Allow"_s;
            tool(u"tool_execution_end"_s, !allowed);
            finish(allowed ? u"did it"_s : u"did not"_s, u"stop"_s);
            continue;
        }
        if (type == u"abort"_s) {
            tool(u"tool_execution_end"_s, true);
            finish({}, u"error"_s, u"This operation was aborted"_s);
        }
        const QString word = message->value(u"message").toString();
        if (type == u"steer"_s && word == u"no"_s) {
            response.insert(u"success"_s, false);
            response.insert(u"error"_s, u"nothing to steer"_s);
        }
        send(response);
        if (type == u"steer"_s && word != u"no"_s) {
            tool(u"tool_execution_end"_s, false);
            finish(u"heard "_s + word, u"stop"_s);
        }
        if (type == u"prompt"_s)
            prompted(message->value(u"message").toString());
    }
}
