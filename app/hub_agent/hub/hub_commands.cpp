#include "app/hub_agent/hub/hub_commands.h"

#include "core/protocol/paseo/paseo_replies.h"

using namespace Qt::StringLiterals;

namespace muster::hub {

QStringList runArguments(const NewAgent &agent)
{
    QStringList arguments{u"run"_s,       u"-d"_s,      u"--json"_s,  u"--provider"_s,
                          agent.provider, u"--cwd"_s,   agent.folder, u"--title"_s,
                          agent.title,    u"--label"_s, agent.label};
    if (!agent.mode.isEmpty())
        arguments += {u"--mode"_s, agent.mode};
    return arguments + QStringList{u"--"_s, agent.prompt};
}

QStringList sendArguments(const QString &agent, const QString &prompt)
{
    return {u"send"_s, u"--no-wait"_s, u"--json"_s, u"--"_s, agent, prompt};
}

QStringList waitArguments(const QString &agent, int seconds)
{
    QStringList arguments{u"wait"_s, u"--json"_s};
    if (seconds > 0)
        arguments += {u"--timeout"_s, QString::number(seconds)};
    return arguments + QStringList{u"--"_s, agent};
}

QStringList messagesArguments(const QString &agent)
{
    return {u"logs"_s, u"--filter"_s, u"message"_s, u"--tail"_s, u"1000000"_s, u"--"_s, agent};
}

QStringList allowArguments(const QString &agent, const QString &request)
{
    return {u"permit"_s, u"allow"_s, u"--json"_s, u"--"_s, agent, request};
}

QStringList denyArguments(const QString &agent, const QString &request, const QString &message)
{
    QStringList arguments{u"permit"_s, u"deny"_s, u"--json"_s};
    if (!message.isEmpty())
        arguments += u"--message="_s + message;
    return arguments + QStringList{u"--"_s, agent, request};
}

Async<QByteArray> askHub(HubCommand command)
{
    const auto process = std::make_unique<HubProcess>();
    if (command.running)
        command.running(process.get());
    const auto output =
        co_await resultOf(process->start(command.program, command.arguments, command.folder, command.limit));
    if (command.running)
        command.running(nullptr);
    if (!output)
        co_return std::unexpected(output.error());
    if (output->stopped)
        co_return fail(ErrorCode::Cancelled, command.arguments.value(0));
    if (output->exitCode == 0)
        co_return output->out;
    Error error = readPaseoError(output->err);
    if (error.detail.isEmpty())
        error.detail = u"paseo %1 ended with %2"_s.arg(command.arguments.value(0))
                           .arg(output->exitCode < 0 ? u"a signal"_s : QString::number(output->exitCode));
    co_return std::unexpected(error);
}

Async<QString> findAgent(HubCommand command, QString label)
{
    command.arguments = {u"ls"_s, u"--all"_s, u"--global"_s, u"--json"_s, u"--label"_s, label};
    const auto said = co_await askHub(command);
    if (!said)
        co_return std::unexpected(said.error());
    const auto listed = readPaseoList(*said);
    if (!listed)
        co_return std::unexpected(listed.error());
    if (listed->size() > 1)
        co_return fail(ErrorCode::Conflict, label);
    co_return listed->empty() ? QString() : listed->front().id;
}

} // namespace muster::hub
