// A tiny agent that speaks the Agent Client Protocol and misbehaves on demand, for tests of sessions.
//
// Flags:  --silent  --crash-at-start  --exit-at-start N  --garbage-at-start  --auth-required  --old-protocol
//         --no-load  --ignore-cancel  --complete-on-cancel  --ignore-term  --ignore-eof  --stderr TEXT
//         --first-id TEXT  --http (says that it takes MCP servers over HTTP)
// A prompt is a list of commands, separated by ';':
//   say TEXT | think TEXT | id MESSAGE TEXT | sleep MS | hang | tool ID KIND | done ID | plan TEXT
//   ask KIND PATH-OR-COMMAND | read PATH | write PATH TEXT | stop REASON | error CODE MESSAGE
//   crash | exit N | garbage | badutf8 | longline MIB | flood COUNT | unknown | child | env NAME
//   leave PROGRAM ARGS (started, its output said until "ready"; it and all it starts hold our stdout open)
//   servers (names of the MCP servers it was given) | mcp SERVER TOOL JSON (what that server's tool answers)
//   environment FILE (written there) | leak NAME (the variable, in every way) | leakerror NAME
#include <QByteArray>
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <mutex>
#include <thread>

using namespace Qt::StringLiterals;

namespace {

void writeAll(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), static_cast<size_t>(bytes.size()));
        if (written <= 0)
            std::_Exit(1);
        bytes = bytes.sliced(written);
    }
}

void send(QJsonObject message)
{
    message.insert(u"jsonrpc"_s, u"2.0"_s);
    writeAll(QByteArray(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n'));
}

class Inbox {
public:
    void put(const QJsonObject &message)
    {
        const std::lock_guard lock(m_mutex);
        if (message.value(u"method"_s).toString() == u"session/cancel"_s)
            m_cancelled = true;
        else
            m_messages.push_back(message);
        m_changed.notify_all();
    }
    QJsonObject take()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return !m_messages.empty(); });
        const QJsonObject message = m_messages.front();
        m_messages.pop_front();
        return message;
    }
    // True if a cancel came within the time.
    bool waitForCancel(std::chrono::milliseconds time)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, time, [&] { return m_cancelled; });
    }
    void clearCancel()
    {
        const std::lock_guard lock(m_mutex);
        m_cancelled = false;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<QJsonObject> m_messages;
    bool m_cancelled = false;
};

Inbox inbox;
QStringList flags;
QJsonValue nextId = 0;
QJsonArray mcpServers; // as session/new gave them

bool has(const QString &flag) { return flags.contains(flag); }

QString cancelledReason() { return has(u"--complete-on-cancel"_s) ? u"end_turn"_s : u"cancelled"_s; }

QString valueOf(const QString &flag)
{
    const qsizetype at = flags.indexOf(flag);
    return at < 0 ? QString() : flags.value(at + 1);
}

void update(QJsonObject update)
{
    send({{u"method"_s, u"session/update"_s},
          {u"params"_s, QJsonObject{{u"sessionId"_s, u"fake-1"_s}, {u"update"_s, update}}}});
}

void chunk(const QString &kind, const QString &text, const QString &messageId = {})
{
    QJsonObject json{{u"sessionUpdate"_s, kind},
                     {u"content"_s, QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, text}}}};
    if (!messageId.isEmpty())
        json.insert(u"messageId"_s, messageId);
    update(json);
}

QJsonObject request(const QString &method, QJsonObject params)
{
    const QJsonValue id = nextId;
    nextId =
        nextId.isString() ? QJsonValue(QString(nextId.toString() + u'x')) : QJsonValue(nextId.toInt() + 1);
    params.insert(u"sessionId"_s, u"fake-1"_s);
    send({{u"id"_s, id}, {u"method"_s, method}, {u"params"_s, params}});
    for (;;) {
        const QJsonObject answer = inbox.take();
        if (answer.value(u"id"_s) == id && !answer.contains(u"method"_s))
            return answer;
    }
}

QJsonObject call(const QString &id, const QString &kind, const QString &status, const QString &subject)
{
    QJsonObject json{{u"toolCallId"_s, id},
                     {u"title"_s, QString(kind + u' ' + subject)},
                     {u"kind"_s, kind},
                     {u"status"_s, status}};
    if (kind == u"execute"_s)
        json.insert(u"rawInput"_s, QJsonObject{{u"command"_s, subject}});
    else if (!subject.isEmpty())
        json.insert(u"locations"_s, QJsonArray{QJsonObject{{u"path"_s, subject}}});
    return json;
}

// Asks; then the tool runs, fails, or the turn was cancelled.
void ask(const QString &kind, const QString &subject)
{
    static int count = 0;
    const QString id = u"ask"_s + QString::number(++count);
    const QJsonArray options{
        QJsonObject{{u"optionId"_s, u"yes"_s}, {u"name"_s, u"Yes"_s}, {u"kind"_s, u"allow_once"_s}},
        QJsonObject{{u"optionId"_s, u"no"_s}, {u"name"_s, u"No"_s}, {u"kind"_s, u"reject_once"_s}}};
    const QJsonObject outcome =
        request(u"session/request_permission"_s,
                {{u"toolCall"_s, call(id, kind, u"pending"_s, subject)}, {u"options"_s, options}})
            .value(u"result"_s)[u"outcome"_s]
            .toObject();
    const bool allowed = outcome.value(u"optionId"_s).toString() == u"yes"_s;
    chunk(u"agent_message_chunk"_s, allowed ? u"allowed"_s : outcome.value(u"outcome"_s).toString());
    update({{u"sessionUpdate"_s, u"tool_call_update"_s},
            {u"toolCallId"_s, id},
            {u"status"_s, allowed ? u"completed"_s : u"failed"_s}});
}

void file(const QString &method, const QJsonObject &params)
{
    const QJsonObject answer = request(method, params);
    chunk(u"agent_message_chunk"_s, answer.contains(u"error"_s)
                                        ? u"error "_s + answer.value(u"error"_s)[u"message"_s].toString()
                                        : answer.value(u"result"_s)[u"content"_s].toString(u"ok"_s));
}

void flood(int count)
{
    const QString line(300, u'x');
    for (int i = 0; i < count; ++i)
        chunk(u"agent_message_chunk"_s, line);
}

void longLine(int mebibytes)
{
    const QByteArray block(1024 * 1024, 'x');
    for (int i = 0; i < mebibytes; ++i)
        writeAll(block);
    writeAll("\n");
}

void startChild()
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::setsid();
        ::execl("/bin/sleep", "sleep", "1000", nullptr);
        std::_Exit(127);
    }
    chunk(u"agent_message_chunk"_s, QString::number(pid));
}

void leave(const QStringList &command)
{
    std::vector<QByteArray> words;
    for (const QString &word : command)
        words.push_back(word.toLocal8Bit());
    std::vector<char *> arguments;
    std::ranges::transform(words, std::back_inserter(arguments), [](QByteArray &w) { return w.data(); });
    arguments.push_back(nullptr);
    int ends[2];
    if (::pipe(ends) != 0)
        return;
    const pid_t pid = ::fork();
    if (pid == 0) {
        const int held = ::dup(STDOUT_FILENO);
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        if (held > 0)
            ::execv(arguments.front(), arguments.data());
        std::_Exit(127);
    }
    ::close(ends[1]);
    QByteArray said = "pid " + QByteArray::number(pid) + '\n';
    char buffer[512];
    for (ssize_t got = 0; !said.endsWith("ready\n") && (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        said.append(buffer, got);
    ::close(ends[0]);
    chunk(u"agent_message_chunk"_s, QString::fromLatin1(said));
}

void writeEnvironment(const QString &path)
{
    FILE *out = std::fopen(qPrintable(path), "w");
    for (char **line = environ; out && *line; ++line)
        std::fprintf(out, "%s\n", *line);
    if (out)
        std::fclose(out);
}

// Whole and in pieces of one character, as text, thinking, tool, output of a tool, plan and on stderr.
void leak(const QString &value)
{
    const auto spell = [](const QString &kind, const QString &text) {
        for (const QChar c : text)
            chunk(kind, c, u"spelled "_s + kind);
    };
    std::fputs(qPrintable(value + u'\n'), stderr);
    for (const QString &kind : {u"agent_message_chunk"_s, u"agent_thought_chunk"_s}) {
        chunk(kind, u"<"_s + value + u">"_s, u"whole "_s + kind);
        spell(kind, u"<"_s + value + u">"_s);
    }
    QJsonObject tool = call(u"leak"_s, u"execute"_s, u"in_progress"_s, u"echo "_s + value);
    tool.insert(u"sessionUpdate"_s, u"tool_call"_s);
    update(tool);
    const QJsonObject text{{u"type"_s, u"text"_s}, {u"text"_s, value}};
    update({{u"sessionUpdate"_s, u"tool_call_update"_s},
            {u"toolCallId"_s, u"leak"_s},
            {u"status"_s, u"completed"_s},
            {u"content"_s, QJsonArray{QJsonObject{{u"type"_s, u"content"_s}, {u"content"_s, text}}}}});
    update({{u"sessionUpdate"_s, u"plan"_s},
            {u"entries"_s, QJsonArray{QJsonObject{{u"content"_s, value}, {u"status"_s, u"pending"_s}}}}});
}

QJsonObject serverNamed(const QString &name)
{
    for (const auto &server : std::as_const(mcpServers)) {
        if (server[u"name"].toString() == name)
            return server.toObject();
    }
    return {};
}

// Starts the server, says hello, calls the tool and ends it.
QString callServer(const QString &name, const QString &tool, const QString &arguments)
{
    const QJsonObject server = serverNamed(name);
    if (server.isEmpty())
        return u"no such server"_s;
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QJsonArray given = server.value(u"env"_s).toArray();
    for (const auto &pair : given)
        environment.insert(pair[u"name"].toString(), pair[u"value"].toString());
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QStringList words;
    const QJsonArray args = server.value(u"args"_s).toArray();
    for (const auto &word : args)
        words += word.toString();
    process.start(server.value(u"command"_s).toString(), words);
    const QJsonObject hello{{u"protocolVersion"_s, u"2025-06-18"_s}, {u"capabilities"_s, QJsonObject()}};
    const QJsonObject call{{u"name"_s, tool},
                           {u"arguments"_s, QJsonDocument::fromJson(arguments.toUtf8()).object()}};
    const auto line = [](int id, const QString &method, const QJsonObject &params) {
        const QJsonObject message{
            {u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"method"_s, method}, {u"params"_s, params}};
        return QByteArray(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
    };
    process.write(line(1, u"initialize"_s, hello));
    process.write(line(2, u"tools/call"_s, call));
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000))
        return process.errorString();
    const QByteArray last = process.readAllStandardOutput().trimmed().split('\n').last();
    return QJsonDocument::fromJson(last)[u"result"][u"content"][0][u"text"].toString(QString::fromUtf8(last));
}

// What one command says the turn's answer is; empty: go on.
QJsonObject run(const QString &command)
{
    const QString name = command.section(u' ', 0, 0);
    const QString first = command.section(u' ', 1, 1);
    const QString rest = command.section(u' ', 1);
    const QString tail = command.section(u' ', 2);
    if (name == u"say"_s)
        chunk(u"agent_message_chunk"_s, rest);
    else if (name == u"think"_s)
        chunk(u"agent_thought_chunk"_s, rest);
    else if (name == u"id"_s)
        chunk(u"agent_message_chunk"_s, tail, first);
    else if (name == u"tool"_s) {
        QJsonObject started = call(first, tail, u"in_progress"_s, {});
        started.insert(u"sessionUpdate"_s, u"tool_call"_s);
        update(started);
    } else if (name == u"plan"_s)
        update({{u"sessionUpdate"_s, u"plan"_s},
                {u"entries"_s, QJsonArray{QJsonObject{{u"content"_s, rest}, {u"status"_s, u"pending"_s}}}}});
    else if (name == u"ask"_s)
        ask(first, tail);
    else if (name == u"read"_s)
        file(u"fs/read_text_file"_s, {{u"path"_s, rest}});
    else if (name == u"write"_s)
        file(u"fs/write_text_file"_s, {{u"path"_s, first}, {u"content"_s, tail}});
    else if (name == u"stop"_s)
        return {{u"result"_s, QJsonObject{{u"stopReason"_s, rest}}}};
    else if (name == u"error"_s)
        return {{u"error"_s, QJsonObject{{u"code"_s, first.toInt()}, {u"message"_s, tail}}}};
    else if (name == u"crash"_s)
        std::abort();
    else if (name == u"exit"_s)
        std::_Exit(rest.toInt());
    else if (name == u"garbage"_s)
        writeAll("Loading model...\n{\"jsonrpc\":\"2.0\",\"meth\n[]\n");
    else if (name == u"badutf8"_s)
        writeAll("\xff\xfe not json\n");
    else if (name == u"longline"_s)
        longLine(rest.toInt());
    else if (name == u"flood"_s)
        flood(rest.toInt());
    else if (name == u"unknown"_s)
        update({{u"sessionUpdate"_s, u"hologram_update"_s}, {u"x"_s, 1}});
    else if (name == u"child"_s)
        startChild();
    else if (name == u"leave"_s)
        leave(command.split(u' ').sliced(1));
    else if (name == u"servers"_s) {
        for (const auto &server : std::as_const(mcpServers))
            chunk(u"agent_message_chunk"_s, u"["_s + server[u"name"].toString() + u"]"_s);
    } else if (name == u"mcp"_s)
        chunk(u"agent_message_chunk"_s,
              callServer(first, command.section(u' ', 2, 2), command.section(u' ', 3)));
    else if (name == u"environment"_s)
        writeEnvironment(rest);
    else if (name == u"leak"_s)
        leak(qEnvironmentVariable(qPrintable(rest)));
    else if (name == u"leakerror"_s)
        return {{u"error"_s, QJsonObject{{u"code"_s, -32603},
                                         {u"message"_s,
                                          QString(u"bad key "_s + qEnvironmentVariable(qPrintable(rest)))}}}};
    else if (name == u"env"_s)
        chunk(u"agent_message_chunk"_s, rest + u'=' + qEnvironmentVariable(qPrintable(rest)));
    return {};
}

bool isWait(const QString &command) { return command == u"hang"_s || command.startsWith(u"sleep "_s); }

void prompt(const QJsonObject &message)
{
    inbox.clearCancel();
    const QString text = message.value(u"params"_s)[u"prompt"_s][0][u"text"_s].toString();
    QJsonObject answer;
    const QStringList commands = text.split(u';', Qt::SkipEmptyParts);
    for (const QString &raw : commands) {
        const QString command = raw.trimmed();
        if (isWait(command)) {
            const int ms = command == u"hang"_s ? 3600 * 1000 : command.section(u' ', 1).toInt();
            if (has(u"--ignore-cancel"_s))
                std::this_thread::sleep_for(std::chrono::milliseconds(ms));
            else if (inbox.waitForCancel(std::chrono::milliseconds(ms)))
                answer = {{u"result"_s, QJsonObject{{u"stopReason"_s, cancelledReason()}}}};
        } else if (command.startsWith(u"done "_s)) {
            update({{u"sessionUpdate"_s, u"tool_call_update"_s},
                    {u"toolCallId"_s, command.section(u' ', 1)},
                    {u"status"_s, u"completed"_s}});
        } else {
            answer = run(command);
        }
        if (!answer.isEmpty())
            break;
    }
    if (answer.isEmpty() && inbox.waitForCancel(std::chrono::milliseconds(0)) && !has(u"--ignore-cancel"_s))
        answer = {{u"result"_s, QJsonObject{{u"stopReason"_s, cancelledReason()}}}};
    if (answer.isEmpty())
        answer = {{u"result"_s, QJsonObject{{u"stopReason"_s, u"end_turn"_s},
                                            {u"usage"_s, QJsonObject{{u"inputTokens"_s, 10},
                                                                     {u"outputTokens"_s, 5},
                                                                     {u"totalTokens"_s, 15}}}}}};
    answer.insert(u"id"_s, message.value(u"id"_s));
    send(answer);
}

QJsonObject initializeResult()
{
    return {{u"protocolVersion"_s, has(u"--old-protocol"_s) ? 0 : 1},
            {u"agentInfo"_s, QJsonObject{{u"name"_s, u"fake"_s}, {u"version"_s, u"1.2"_s}}},
            {u"agentCapabilities"_s,
             QJsonObject{{u"loadSession"_s, !has(u"--no-load"_s)},
                         {u"mcpCapabilities"_s, QJsonObject{{u"http"_s, has(u"--http"_s)}}}}}};
}

QJsonObject handle(const QJsonObject &message)
{
    const QString method = message.value(u"method"_s).toString();
    if (method == u"initialize"_s)
        return {{u"result"_s, initializeResult()}};
    if (has(u"--auth-required"_s))
        return {{u"error"_s, QJsonObject{{u"code"_s, -32000}, {u"message"_s, u"Authentication required"_s}}}};
    if (method == u"session/load"_s) {
        chunk(u"user_message_chunk"_s, u"what was asked"_s);
        chunk(u"agent_message_chunk"_s, u"what was answered"_s);
        return {{u"result"_s, QJsonObject()}};
    }
    mcpServers = message.value(u"params"_s)[u"mcpServers"].toArray();
    if (method == u"session/new"_s)
        return {{u"result"_s, QJsonObject{{u"sessionId"_s, u"fake-1"_s}}}};
    return {{u"error"_s, QJsonObject{{u"code"_s, -32601}, {u"message"_s, u"Method not found"_s}}}};
}

void serve()
{
    for (;;) {
        const QJsonObject message = inbox.take();
        if (message.value(u"method"_s).toString() == u"session/prompt"_s) {
            prompt(message);
        } else if (message.contains(u"method"_s)) {
            QJsonObject answer = handle(message);
            answer.insert(u"id"_s, message.value(u"id"_s));
            send(answer);
        }
    }
}

void misbehaveAtStart()
{
    if (has(u"--stderr"_s))
        std::fputs(qPrintable(valueOf(u"--stderr"_s) + u'\n'), stderr);
    if (has(u"--crash-at-start"_s))
        std::abort();
    if (has(u"--exit-at-start"_s))
        std::_Exit(valueOf(u"--exit-at-start"_s).toInt());
    if (has(u"--garbage-at-start"_s))
        writeAll("Welcome to the agent!\n");
    if (has(u"--ignore-term"_s))
        std::signal(SIGTERM, SIG_IGN);
    if (has(u"--first-id"_s))
        nextId = valueOf(u"--first-id"_s);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv); // for its own children
    for (int i = 1; i < argc; ++i)
        flags.append(QString::fromLocal8Bit(argv[i]));
    misbehaveAtStart();
    std::thread([] {
        std::string line;
        while (std::getline(std::cin, line)) {
            if (!has(u"--silent"_s))
                inbox.put(QJsonDocument::fromJson(QByteArray::fromStdString(line)).object());
        }
        if (!has(u"--ignore-eof"_s))
            std::_Exit(0);
    }).detach();
    serve();
}
