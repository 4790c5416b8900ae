// A tiny Paseo: the commands, flags, answers and errors of its command line that we use. There is no daemon;
// what its agents do follows from their script and the clock, and is kept in files in $PASEO_HOME:
//
//   script.json      a list of turns, each a list of steps, taken one after the other by all agents together:
//                    {"text": T} {"reasoning": T} {"tool": NAME, "status": S} {"permission": ID, "name": N,
//                    "description": D, "file": F} {"error": T} {"stall": true}; each may have "after": ms
//   agents/ID.json   one agent: its turns with what was answered and when
//   calls.log        one line a call, its arguments as JSON
//   down             the daemon does not run
//   COMMAND.crash | COMMAND.stall | COMMAND.garbage   what that command does instead (once: it is removed)
//   attach.ends      attach ends with the turn, as newer ones do, instead of never
#include "tests/support/fake_paseo_agents.h"

#include <QCoreApplication>
#include <QHash>
#include <QThread>
#include <QUuid>

#include <csignal>
#include <cstdio>
#include <cstdlib>

using namespace Qt::StringLiterals;
using namespace fake_paseo;

namespace {

constexpr unsigned long lookEvery = 10; // ms

void say(const QByteArray &text)
{
    std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stdout);
    std::fflush(stdout);
}

template <typename Json> int answer(const Json &json)
{
    say(QJsonDocument(json).toJson(QJsonDocument::Indented));
    return 0;
}

int refuse(const QString &code, const QString &message)
{
    const QJsonObject error{{u"code"_s, code}, {u"message"_s, message}, {u"details"_s, u"..."_s}};
    std::fputs(QJsonDocument(QJsonObject{{u"error"_s, error}}).toJson().constData(), stderr);
    return 1;
}

// What was typed: the command, its options, and what is left.
struct Call {
    QString command;
    QStringList rest;
    QHash<QString, QString> options;
    [[nodiscard]] QString option(const QString &name) const { return options.value(name); }
};

Call readCall(QStringList arguments)
{
    static const QStringList withValue{u"--provider"_s, u"--cwd"_s,     u"--title"_s,
                                       u"--label"_s,    u"--mode"_s,    u"--filter"_s,
                                       u"--tail"_s,     u"--timeout"_s, u"--message"_s};
    Call call{.command = arguments.takeFirst(), .rest = {}, .options = {}};
    if (call.command == u"permit"_s || call.command == u"provider"_s)
        call.command += u' ' + arguments.takeFirst();
    bool onlyRest = false;
    while (!arguments.isEmpty()) {
        const QString next = arguments.takeFirst();
        if (onlyRest || !next.startsWith(u'-'))
            call.rest += next;
        else if (next == u"--"_s)
            onlyRest = true;
        else if (next.contains(u'='))
            call.options.insert(next.section(u'=', 0, 0), next.section(u'=', 1));
        else
            call.options.insert(next, withValue.contains(next) ? arguments.takeFirst() : QString());
    }
    return call;
}

// --- commands

int run(const Call &call)
{
    if (call.option(u"--provider"_s).isEmpty())
        return refuse(u"MISSING_PROVIDER"_s, u"Provider is required"_s);
    QJsonObject agent{{u"id"_s, QUuid::createUuid().toString(QUuid::WithoutBraces)},
                      {u"provider"_s, call.option(u"--provider"_s)},
                      {u"title"_s, call.option(u"--title"_s)},
                      {u"label"_s, call.option(u"--label"_s)},
                      {u"cwd"_s, call.option(u"--cwd"_s)}};
    beginTurn(agent, call.rest.value(0));
    saveAgent(agent);
    std::fputs("Created workspace wks_1 - project\n", stderr);
    return answer(QJsonObject{{u"agentId"_s, agent.value(u"id"_s)},
                              {u"status"_s, u"running"_s},
                              {u"provider"_s, agent.value(u"provider"_s)},
                              {u"cwd"_s, agent.value(u"cwd"_s)},
                              {u"title"_s, agent.value(u"title"_s)}});
}

int send(QJsonObject agent, const Call &call)
{
    if (lastView(agent).status == u"running"_s)
        changeLastTurn(agent, [](QJsonObject &turn) { turn.insert(u"stopped"_s, now()); });
    agent = loadAgent(agent.value(u"id"_s).toString());
    beginTurn(agent, call.rest.value(1));
    saveAgent(agent);
    return answer(QJsonObject{{u"agentId"_s, agent.value(u"id"_s)},
                              {u"status"_s, u"sent"_s},
                              {u"message"_s, u"Message sent, not waiting for completion"_s}});
}

int wait(const QString &id, const Call &call)
{
    const qint64 seconds = call.option(u"--timeout"_s).toLongLong();
    const qint64 until = seconds > 0 ? now() + seconds * 1000 : std::numeric_limits<qint64>::max();
    const auto over = [&](const QString &status, const QString &message) {
        return answer(QJsonObject{{u"agentId"_s, id}, {u"status"_s, status}, {u"message"_s, message}});
    };
    while (now() < until) {
        const View view = lastView(loadAgent(id));
        if (!view.pending.isEmpty())
            return over(u"permission"_s, u"Agent is waiting for permission: tool"_s);
        if (view.status == u"error"_s)
            return over(u"error"_s, view.error);
        if (view.status != u"running"_s)
            return over(u"idle"_s, u"Agent is idle.\nLast 5 activity items:\n..."_s);
        QThread::msleep(lookEvery);
    }
    return over(u"timeout"_s, u"Agent did not finish"_s);
}

void printItem(const QJsonObject &item)
{
    const auto text = [&](const QString &key) {
        return item.value(key).toString().toUtf8();
    };
    if (item.contains(u"user"_s))
        say("\n[User] " + text(u"user"_s) + '\n');
    else if (item.contains(u"text"_s))
        say(text(u"text"_s));
    else if (item.contains(u"reasoning"_s))
        say("\n[Reasoning] " + text(u"reasoning"_s) + '\n');
    else if (item.contains(u"tool"_s))
        say("\n[Tool: " + text(u"tool"_s) + "] " + text(u"status"_s) + '\n');
    else if (item.contains(u"permission"_s))
        say("\n[Permission Required] " + text(u"name"_s) + "\n  " + text(u"description"_s) + '\n');
    else if (item.contains(u"behavior"_s))
        say("\n[Permission " + text(u"behavior"_s) + "]\n");
}

int attach(const QString &id)
{
    say("Attaching to agent " + id.left(7).toUtf8() + "...\n(Press Ctrl+C to detach)\n\n");
    qsizetype printed = 0;
    while (true) {
        const QJsonObject agent = loadAgent(id);
        const QJsonArray all = timelineOf(agent);
        for (; printed < all.size(); ++printed)
            printItem(all.at(printed).toObject());
        if (lastView(agent).status != u"running"_s && QFile::exists(home() + u"/attach.ends"_s))
            return 0;
        QThread::msleep(lookEvery);
    }
}

int logs(const QJsonObject &agent)
{
    QByteArray out;
    QByteArray said;
    const QJsonArray all = timelineOf(agent);
    const auto flush = [&] {
        if (!said.trimmed().isEmpty())
            out += said.trimmed() + '\n';
        said.clear();
    };
    for (const auto &value : all) {
        const QJsonObject item = value.toObject();
        said += item.value(u"text"_s).toString().toUtf8();
        if (!item.contains(u"user"_s))
            continue;
        flush();
        out += "[User] " + item.value(u"user"_s).toString().trimmed().toUtf8() + '\n';
    }
    flush();
    say(out.isEmpty() ? "No activity to display.\n" : out);
    return 0;
}

int inspect(const QJsonObject &agent)
{
    const View view = lastView(agent);
    QJsonArray pending;
    if (!view.pending.isEmpty())
        pending.append(QJsonObject{{u"id"_s, view.pending.value(u"permission"_s)},
                                   {u"tool"_s, view.pending.value(u"name"_s)}});
    return answer(QJsonObject{{u"Id"_s, agent.value(u"id"_s)},
                              {u"Name"_s, agent.value(u"title"_s)},
                              {u"Provider"_s, agent.value(u"provider"_s)},
                              {u"Model"_s, u"a-model"_s},
                              {u"Status"_s, view.status},
                              {u"Archived"_s, agent.value(u"archived"_s)},
                              {u"LastUsage"_s, QJsonObject{{u"InputTokens"_s, 100},
                                                           {u"OutputTokens"_s, 7},
                                                           {u"CachedTokens"_s, 40},
                                                           {u"CostUsd"_s, 0.0125}}},
                              {u"PendingPermissions"_s, pending}});
}

int listPermissions()
{
    QJsonArray all;
    const QStringList files = QDir(home() + u"/agents"_s).entryList({u"*.json"_s});
    for (const QString &file : files) {
        const QJsonObject agent = loadAgent(file.chopped(5));
        const QJsonObject pending = lastView(agent).pending;
        if (!pending.isEmpty())
            all.append(QJsonObject{{u"id"_s, pending.value(u"permission"_s).toString().left(8)},
                                   {u"agentId"_s, agent.value(u"id"_s)},
                                   {u"agentShortId"_s, agent.value(u"id"_s).toString().left(7)},
                                   {u"name"_s, pending.value(u"name"_s)},
                                   {u"description"_s, pending.value(u"description"_s)}});
    }
    return answer(all);
}

int permit(const QJsonObject &agent, const Call &call, bool allow)
{
    const QJsonObject pending = lastView(agent).pending;
    const QString id = pending.value(u"permission"_s).toString();
    if (pending.isEmpty())
        return refuse(u"NO_PENDING_PERMISSIONS"_s, u"No pending permissions for agent"_s);
    if (!allow && call.rest.size() < 2)
        return refuse(u"MISSING_ARGUMENT"_s, u"Request ID is required unless --all is specified"_s);
    if (call.rest.size() > 1 && !id.startsWith(call.rest.at(1)))
        return refuse(u"PERMISSION_NOT_FOUND"_s, u"Permission request not found"_s);
    if (allow && pending.contains(u"file"_s)) {
        QFile made(agent.value(u"cwd"_s).toString() + u'/' + pending.value(u"file"_s).toString());
        if (made.open(QIODevice::WriteOnly))
            made.write("made\n");
    }
    changeLastTurn(agent, [&](QJsonObject &turn) {
        QJsonObject answers = turn.value(u"answers"_s).toObject();
        answers.insert(id, QJsonObject{{u"behavior"_s, allow ? u"allow"_s : u"deny"_s},
                                       {u"message"_s, call.option(u"--message"_s)},
                                       {u"at"_s, now()}});
        turn.insert(u"answers"_s, answers);
    });
    return answer(QJsonArray{QJsonObject{{u"requestId"_s, id.left(8)},
                                         {u"agentId"_s, agent.value(u"id"_s)},
                                         {u"name"_s, pending.value(u"name"_s)},
                                         {u"result"_s, allow ? u"allowed"_s : u"denied"_s}}});
}

int stop(const QJsonObject &agent)
{
    if (lastView(agent).status == u"running"_s)
        changeLastTurn(agent, [](QJsonObject &turn) { turn.insert(u"stopped"_s, now()); });
    return answer(QJsonObject{{u"stoppedCount"_s, 1}, {u"agentIds"_s, QJsonArray{agent.value(u"id"_s)}}});
}

int archive(QJsonObject agent)
{
    if (lastView(agent).status == u"running"_s)
        return refuse(u"AGENT_RUNNING"_s, u"Agent is currently running"_s);
    agent.insert(u"archived"_s, true);
    saveAgent(agent);
    return answer(QJsonObject{{u"agentId"_s, agent.value(u"id"_s)},
                              {u"status"_s, u"archived"_s},
                              {u"archivedAt"_s, u"2026-08-28T01:37:37.139Z"_s}});
}

int list(const Call &call)
{
    QJsonArray all;
    const QStringList files = QDir(home() + u"/agents"_s).entryList({u"*.json"_s});
    for (const QString &file : files) {
        const QJsonObject agent = loadAgent(file.chopped(5));
        if (agent.value(u"label"_s).toString() == call.option(u"--label"_s))
            all.append(QJsonObject{{u"id"_s, agent.value(u"id"_s)}, {u"status"_s, lastView(agent).status}});
    }
    return answer(all);
}

int listProviders()
{
    return answer(QJsonArray{QJsonObject{{u"provider"_s, u"claude"_s},
                                         {u"label"_s, u"Claude"_s},
                                         {u"status"_s, u"unavailable"_s},
                                         {u"enabled"_s, u"Disabled"_s}},
                             QJsonObject{{u"provider"_s, u"codex"_s},
                                         {u"label"_s, u"Codex"_s},
                                         {u"status"_s, u"available"_s},
                                         {u"enabled"_s, u"Enabled"_s}}});
}

bool isAsked(const QString &command, const QString &what)
{
    return QFile::remove(home() + u'/' + command + u'.' + what);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().sliced(1);
    if (arguments == QStringList{u"--version"_s}) {
        say("0.11.0\n");
        return 0;
    }
    const Call call = readCall(arguments);
    QFile log(home() + u"/calls.log"_s);
    if (log.open(QIODevice::Append))
        log.write(QJsonDocument(QJsonArray::fromStringList(arguments)).toJson(QJsonDocument::Compact) + '\n');
    log.close();
    if (isAsked(call.command, u"crash"_s))
        std::raise(SIGKILL);
    while (QFile::exists(home() + u'/' + call.command + u".stall"_s))
        QThread::msleep(lookEvery);
    if (isAsked(call.command, u"garbage"_s)) {
        say("{\"agentId\": \xff[[[ \n{{{\n");
        return 0;
    }
    if (QFile::exists(home() + u"/down"_s))
        return refuse(u"DAEMON_NOT_RUNNING"_s, u"Cannot connect to daemon at localhost:6767: refused"_s);
    if (call.command == u"run"_s)
        return run(call);
    if (call.command == u"ls"_s)
        return list(call);
    if (call.command == u"provider ls"_s)
        return listProviders();
    if (call.command == u"permit ls"_s)
        return listPermissions();
    const QJsonObject agent = loadAgent(call.rest.value(0));
    if (agent.isEmpty())
        return refuse(u"AGENT_NOT_FOUND"_s, u"Agent not found: "_s + call.rest.value(0));
    if (call.command == u"send"_s)
        return send(agent, call);
    if (call.command == u"wait"_s)
        return wait(call.rest.value(0), call);
    if (call.command == u"attach"_s)
        return attach(call.rest.value(0));
    if (call.command == u"logs"_s)
        return logs(agent);
    if (call.command == u"inspect"_s)
        return inspect(agent);
    if (call.command == u"permit allow"_s || call.command == u"permit deny"_s)
        return permit(agent, call, call.command == u"permit allow"_s);
    if (call.command == u"stop"_s)
        return stop(agent);
    if (call.command == u"archive"_s)
        return archive(agent);
    std::fprintf(stderr, "error: unknown command '%s'\n", qPrintable(call.command));
    return 1;
}
