// A tiny agent that speaks Claude Code's stream-JSON, for tests of sessions. It says its arguments to whoever
// asks. A prompt is a list of commands, separated by ';':
//   say TEXT | bash COMMAND | ask TEXT | hang | args | retry | limit RESETS_AT | fail STATUS | crash |
//   unknown | whoami (its account and whether it was resumed) | quota (a limit, if its account is at one) |
//   warn USED RESETS_AT
// Its account is the folder CLAUDE_CONFIG_DIR: a file "limited" there holds the second of the reset, 0 for an
// unknown one; a file "signed-out" there makes it refuse to begin.
// Flags: --refuse-initialize  --unknown-session
#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>

using namespace Qt::StringLiterals;

namespace {

QStringList arguments;
int messages = 0;
double cost = 0;

void send(const QJsonObject &message)
{
    const QByteArray line = QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stdout);
    std::fflush(stdout);
}

// At the end of its input it leaves, as the real one does.
QJsonObject receive()
{
    std::string line;
    if (!std::getline(std::cin, line))
        std::_Exit(0);
    return QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
}

void answerControl(const QJsonObject &request, const QString &subtype, const QJsonObject &response)
{
    QJsonObject body{{u"subtype"_s, subtype}, {u"request_id"_s, request.value(u"request_id"_s)}};
    body.insert(subtype == u"error"_s ? u"error"_s : u"response"_s,
                subtype == u"error"_s ? QJsonValue(u"no"_s) : QJsonValue(response));
    send({{u"type"_s, u"control_response"_s}, {u"response"_s, body}});
}

void result(const QJsonObject &more)
{
    cost += 0.01;
    QJsonObject line{{u"type"_s, u"result"_s},
                     {u"subtype"_s, u"success"_s},
                     {u"is_error"_s, false},
                     {u"total_cost_usd"_s, cost},
                     {u"usage"_s, QJsonObject{{u"input_tokens"_s, 10}, {u"output_tokens"_s, 5}}}};
    for (auto it = more.constBegin(); it != more.constEnd(); ++it)
        line.insert(it.key(), it.value());
    send(line);
}

void assistant(const QJsonObject &block)
{
    send({{u"type"_s, u"assistant"_s},
          {u"message"_s,
           QJsonObject{{u"id"_s, u"m%1"_s.arg(++messages)}, {u"content"_s, QJsonArray{block}}}}});
}

void say(const QString &text) { assistant({{u"type"_s, u"text"_s}, {u"text"_s, text}}); }

// The host's next word; nothing if it was the interrupt, which is answered and ends the turn.
std::optional<QJsonObject> waitForHost()
{
    QJsonObject message = receive();
    if (message.value(u"request"_s)[u"subtype"_s].toString() != u"interrupt"_s)
        return message;
    answerControl(message, u"success"_s, {});
    result({{u"subtype"_s, u"error_during_execution"_s},
            {u"is_error"_s, true},
            {u"terminal_reason"_s, u"aborted_streaming"_s}});
    return std::nullopt;
}

// False: the turn is over.
bool callTool(const QString &name, const QJsonObject &input)
{
    const QString id = u"t%1"_s.arg(++messages);
    assistant({{u"type"_s, u"tool_use"_s}, {u"id"_s, id}, {u"name"_s, name}, {u"input"_s, input}});
    send({{u"type"_s, u"control_request"_s},
          {u"request_id"_s, 0},
          {u"request"_s, QJsonObject{{u"subtype"_s, u"can_use_tool"_s},
                                     {u"tool_name"_s, name},
                                     {u"tool_use_id"_s, id},
                                     {u"input"_s, input}}}});
    const auto answer = waitForHost();
    if (!answer)
        return false;
    const QJsonObject said = answer->value(u"response"_s)[u"response"_s].toObject();
    const bool allowed = said.value(u"behavior"_s).toString() == u"allow"_s;
    const QByteArray shown =
        QJsonDocument(said.value(u"updatedInput"_s).toObject()).toJson(QJsonDocument::Compact);
    send(
        {{u"type"_s, u"user"_s},
         {u"message"_s,
          QJsonObject{{u"content"_s, QJsonArray{QJsonObject{
                                         {u"type"_s, u"tool_result"_s},
                                         {u"tool_use_id"_s, id},
                                         {u"is_error"_s, !allowed},
                                         {u"content"_s, allowed ? QString::fromUtf8(shown)
                                                                : said.value(u"message"_s).toString()}}}}}}});
    return true;
}

// A question with two choices, of which both may be taken.
QJsonObject choiceOf(const QString &question)
{
    const QJsonArray options{QJsonObject{{u"label"_s, u"Red"_s}}, QJsonObject{{u"label"_s, u"Blue"_s}}};
    return {{u"question"_s, question}, {u"multiSelect"_s, true}, {u"options"_s, options}};
}

QString home() { return qEnvironmentVariable("CLAUDE_CONFIG_DIR"); }

void limit(qint64 resetsAt)
{
    QJsonObject info{{u"status"_s, u"rejected"_s}};
    if (resetsAt > 0)
        info.insert(u"resetsAt"_s, resetsAt);
    send({{u"type"_s, u"rate_limit_event"_s}, {u"rate_limit_info"_s, info}});
}

void fail(int status)
{
    result({{u"is_error"_s, true}, {u"api_error_status"_s, status}, {u"result"_s, u"API Error"_s}});
}

// False: the turn is over.
bool quota()
{
    QFile file(home() + u"/limited"_s);
    if (!file.open(QIODevice::ReadOnly))
        return true;
    limit(file.readAll().trimmed().toLongLong());
    fail(429);
    return false;
}

// False: the turn is over.
bool run(const QString &command)
{
    const QString word = command.section(u' ', 0, 0);
    const QString rest = command.section(u' ', 1);
    if (word == u"say"_s)
        say(rest);
    else if (word == u"args"_s)
        say(arguments.join(u' '));
    else if (word == u"bash"_s)
        return callTool(u"Bash"_s, {{u"command"_s, rest}});
    else if (word == u"ask"_s)
        return callTool(u"AskUserQuestion"_s,
                        {{u"questions"_s, QJsonArray{QJsonObject{{u"question"_s, rest}}}}});
    else if (word == u"choose"_s)
        return callTool(u"AskUserQuestion"_s, {{u"questions"_s, QJsonArray{choiceOf(rest)}}});
    else if (word == u"hang"_s)
        return waitForHost().has_value();
    else if (word == u"retry"_s)
        send({{u"type"_s, u"system"_s}, {u"subtype"_s, u"api_retry"_s}, {u"error_status"_s, 429}});
    else if (word == u"limit"_s)
        limit(rest.toLongLong());
    else if (word == u"whoami"_s)
        say(u"I am %1, %2"_s.arg(QDir(home()).dirName(),
                                 arguments.contains(u"--resume"_s) ? u"resumed"_s : u"new"_s));
    else if (word == u"quota"_s)
        return quota();
    else if (word == u"warn"_s)
        send({{u"type"_s, u"rate_limit_event"_s},
              {u"rate_limit_info"_s, QJsonObject{{u"status"_s, u"allowed_warning"_s},
                                                 {u"utilization"_s, rest.section(u' ', 0, 0).toDouble()},
                                                 {u"resetsAt"_s, rest.section(u' ', 1, 1).toLongLong()}}}});
    else if (word == u"unknown"_s)
        send({{u"type"_s, u"news"_s}});
    else if (word == u"crash"_s)
        std::abort();
    else if (word == u"fail"_s)
        fail(rest.toInt());
    return word != u"fail"_s;
}

void prompt(const QString &text)
{
    send({{u"type"_s, u"system"_s}, {u"subtype"_s, u"init"_s}, {u"permissionMode"_s, u"default"_s}});
    const QStringList commands = text.split(u';');
    for (const QString &command : commands) {
        if (!run(command.trimmed()))
            return;
    }
    result({});
}

} // namespace

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    if (QFile::exists(home() + u"/signed-out"_s)) {
        std::fputs("Not logged in, please run /login\n", stderr);
        return 1;
    }
    if (arguments.contains(u"--unknown-session"_s)) {
        result({{u"subtype"_s, u"error_during_execution"_s},
                {u"is_error"_s, true},
                {u"errors"_s, QJsonArray{u"No conversation found"_s}}});
        return 1;
    }
    for (;;) {
        const QJsonObject message = receive();
        const QString type = message.value(u"type"_s).toString();
        if (type == u"user"_s)
            prompt(message.value(u"message"_s)[u"content"_s][0][u"text"_s].toString());
        else if (type == u"control_request"_s)
            answerControl(message, arguments.contains(u"--refuse-initialize"_s) ? u"error"_s : u"success"_s,
                          {{u"claude_code_version"_s, u"9.9"_s}});
    }
}
