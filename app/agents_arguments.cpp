// Arguments of the commands about agents: skills, runtimes, permissions, secrets, accounts, debug.
#include "app/command_spec.h"

#include <QDir>

namespace muster::app {

using namespace Qt::StringLiterals;

Result<CommandOptions> buildSkills(const Parsed &parsed)
{
    if (parsed.words.isEmpty() || parsed.words == QStringList{u"list"_s})
        return SkillsOptions{};
    if (parsed.words.size() != 2 || parsed.words.front() != u"show")
        return wrongArguments(commandLineText("Write: skills, or: skills show NAME."));
    return SkillsOptions{.skill = parsed.words.at(1)};
}

void declareRuntimes(QCommandLineParser &parser)
{
    declareFlag(parser, u"again"_s,
                QT_TRANSLATE_NOOP("CommandLine", "Ask the programs for their versions anew."));
}

Result<CommandOptions> buildRuntimes(const Parsed &parsed)
{
    RuntimesOptions runtimes{.runtime = {}, .again = parsed.has(u"again"_s)};
    if (parsed.words.isEmpty() || parsed.words == QStringList{u"list"_s})
        return runtimes;
    if (parsed.words.size() != 2 || parsed.words.front() != u"show")
        return wrongArguments(commandLineText("Write: runtimes, or: runtimes show ID."));
    runtimes.runtime = parsed.words.at(1);
    return runtimes;
}

Result<CommandOptions> buildPermissions(const Parsed &parsed)
{
    if (parsed.words.isEmpty() || parsed.words == QStringList{u"list"_s})
        return PermissionsOptions{};
    bool ok = false;
    const qint64 rule = parsed.words.value(1).toLongLong(&ok);
    if (parsed.words.size() != 2 || parsed.words.front() != u"revoke" || !ok || rule <= 0)
        return wrongArguments(commandLineText("Write: permissions, or: permissions revoke ID."));
    return PermissionsOptions{.revoke = PermissionRuleId{rule}};
}

Result<CommandOptions> buildSecrets(const Parsed &parsed)
{
    using Action = SecretsOptions::Action;
    if (parsed.words.isEmpty() || parsed.words == QStringList{u"list"_s})
        return SecretsOptions{};
    if (parsed.words == QStringList{u"unlock"_s})
        return SecretsOptions{.action = Action::Unlock, .name = {}};
    const bool sets = parsed.words.front() == u"set";
    if (parsed.words.size() == 2 && (sets || parsed.words.front() == u"remove"))
        return SecretsOptions{.action = sets ? Action::Set : Action::Remove, .name = parsed.words.at(1)};
    return wrongArguments(
        commandLineText("Write: secrets, secrets set NAME (its value is read from stdin or asked "
                        "for, never an argument), secrets remove NAME, or secrets unlock (its passphrase as "
                        "well)."));
}

void declareAccounts(QCommandLineParser &parser)
{
    declareValue(
        parser, u"home"_s,
        QT_TRANSLATE_NOOP("CommandLine", "The folder in which the account's program keeps its sign-in."),
        u"dir"_s);
    declareValue(parser, u"key"_s,
                 QT_TRANSLATE_NOOP("CommandLine",
                                   "Keep a key for the account; its value is read from stdin or asked for."),
                 u"name"_s);
}

Result<CommandOptions> buildAccounts(const Parsed &parsed)
{
    using Action = AccountsOptions::Action;
    if (parsed.words.isEmpty() || parsed.words == QStringList{u"list"_s})
        return AccountsOptions{};
    const bool adds = parsed.words.front() == u"add";
    const QString home = parsed.value(u"home"_s);
    const bool odd = !adds && (!home.isEmpty() || parsed.has(u"key"_s));
    if (parsed.words.size() != 3 || (!adds && parsed.words.front() != u"remove") || odd)
        return wrongArguments(
            commandLineText("Write: accounts, accounts add RUNTIME NAME [--home DIR] [--key VARIABLE] (its "
                            "value is read from "
                            "stdin or asked for, never an argument), or accounts remove RUNTIME NAME."));
    return AccountsOptions{.action = adds ? Action::Add : Action::Remove,
                           .runtime = parsed.words.at(1),
                           .name = parsed.words.at(2),
                           .home = home.isEmpty() ? QString() : QDir::current().absoluteFilePath(home),
                           .key = parsed.value(u"key"_s)};
}

void declareDebug(QCommandLineParser &parser)
{
    declareValue(parser, u"runtime"_s,
                 QT_TRANSLATE_NOOP("CommandLine", "The runtime that the transcript is of."), u"id"_s);
}

Result<CommandOptions> buildDebug(const Parsed &parsed)
{
    DecodeOptions decode{.runtime = parsed.value(u"runtime"_s), .file = parsed.words.value(1)};
    if (parsed.words.size() != 2 || parsed.words.front() != u"decode" || decode.runtime.isEmpty())
        return wrongArguments(commandLineText("Write: debug decode --runtime ID FILE."));
    return decode;
}

} // namespace muster::app
