// A tiny Codex app-server for tests of sessions. It knows one thread, "thread-1". A prompt is one word:
//   hello | ask (for a command) | hang (with a command running; what is steered into it ends it, but for
//   "no", which it refuses) | 429 | die | cleaned (how many times was it asked to end what runs in the
//   background)
#include "tests/support/fake_stdio.h"

#include <cstdlib>

using namespace fake;

namespace {

int cleaned = 0;

void tell(const QString &method, QJsonObject params)
{
    params.insert(u"threadId"_s, u"thread-1"_s);
    send({{u"method"_s, method}, {u"params"_s, params}});
}

void answer(const QJsonObject &request, const QJsonObject &result)
{
    send({{u"id"_s, request.value(u"id")}, {u"result"_s, result}});
}

void finish(const QString &status, const QJsonValue &error = QJsonValue::Null)
{
    tell(u"turn/completed"_s,
         {{u"turn"_s, QJsonObject{{u"id"_s, u"turn-1"_s}, {u"status"_s, status}, {u"error"_s, error}}}});
}

void speak(const QString &text)
{
    tell(u"item/agentMessage/delta"_s, {{u"itemId"_s, u"msg_1"_s}, {u"delta"_s, text}});
    const QJsonObject tokens{{u"inputTokens"_s, 10}, {u"outputTokens"_s, 2}, {u"cachedInputTokens"_s, 0}};
    tell(u"thread/tokenUsage/updated"_s,
         {{u"tokenUsage"_s, QJsonObject{{u"total"_s, tokens}, {u"last"_s, tokens}}}});
    finish(u"completed"_s);
}

void command(const QString &event, const QString &status)
{
    tell(event, {{u"item"_s, QJsonObject{{u"type"_s, u"commandExecution"_s},
                                         {u"id"_s, u"call_1"_s},
                                         {u"command"_s, u"touch x"_s},
                                         {u"status"_s, status}}}});
}

void prompted(const QString &word)
{
    if (word == u"ask"_s) {
        command(u"item/started"_s, u"inProgress"_s);
        send({{u"id"_s, 0},
              {u"method"_s, u"item/commandExecution/requestApproval"_s},
              {u"params"_s, QJsonObject{{u"itemId"_s, u"call_1"_s}, {u"command"_s, u"touch x"_s}}}});
    } else if (word == u"hang"_s) {
        command(u"item/started"_s, u"inProgress"_s);
    } else if (word == u"429"_s) {
        const QJsonObject error{
            {u"message"_s, u"limit"_s},
            {u"codexErrorInfo"_s,
             QJsonObject{{u"responseTooManyFailedAttempts"_s, QJsonObject{{u"httpStatusCode"_s, 429}}}}}};
        tell(u"error"_s, {{u"error"_s, error}, {u"willRetry"_s, true}});
        finish(u"failed"_s, error);
    } else if (word == u"die"_s) {
        command(u"item/started"_s, u"inProgress"_s);
        std::_Exit(3);
    } else {
        speak(word == u"cleaned"_s ? QString::number(cleaned) : word);
    }
}

} // namespace

int main()
{
    while (const auto message = receive()) {
        const QString method = message->value(u"method").toString();
        const QJsonObject params = message->value(u"params").toObject();
        const QJsonObject thread{{u"thread"_s, QJsonObject{{u"id"_s, u"thread-1"_s}}}, {u"model"_s, u"m"_s}};
        if (method == u"initialize"_s) {
            answer(*message, {{u"userAgent"_s, u"muster/9.9.9 (test)"_s}});
        } else if (method == u"thread/start"_s &&
                   params.value(u"approvalPolicy").toString() == u"untrusted"_s) {
            answer(*message, thread);
        } else if (method == u"thread/resume"_s) {
            if (params.value(u"threadId").toString() == u"thread-1"_s)
                answer(*message, thread);
            else
                send({{u"id"_s, message->value(u"id")},
                      {u"error"_s, QJsonObject{{u"code"_s, -32600}, {u"message"_s, u"no rollout found"_s}}}});
        } else if (method == u"turn/start"_s) {
            answer(*message, {{u"turn"_s, QJsonObject{{u"id"_s, u"turn-1"_s}}}});
            prompted(params.value(u"input")[0][u"text"].toString());
        } else if (method == u"turn/steer"_s) {
            const QString word = params.value(u"input")[0][u"text"].toString();
            if (word == u"no"_s) {
                send({{u"id"_s, message->value(u"id")},
                      {u"error"_s, QJsonObject{{u"code"_s, -32600}, {u"message"_s, u"no active turn"_s}}}});
                continue;
            }
            answer(*message, {{u"turnId"_s, params.value(u"expectedTurnId")}});
            command(u"item/completed"_s, u"completed"_s);
            speak(u"heard "_s + word);
        } else if (method == u"turn/interrupt"_s) {
            answer(*message, {});
            finish(u"interrupted"_s);
        } else if (method == u"thread/backgroundTerminals/clean"_s) {
            ++cleaned;
            answer(*message, {});
        } else if (message->contains(u"result")) {
            const bool accepted = message->value(u"result")[u"decision"].toString() == u"accept"_s;
            command(u"item/completed"_s, accepted ? u"completed"_s : u"declined"_s);
            speak(accepted ? u"did it"_s : u"did not"_s);
        }
    }
}
