// Arguments of the commands about agents: runtimes, permissions, secrets, debug.
#include "app/command_spec.h"

namespace muster::app {

using namespace Qt::StringLiterals;

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
    const bool sets = parsed.words.front() == u"set";
    if (parsed.words.size() == 2 && (sets || parsed.words.front() == u"remove"))
        return SecretsOptions{.action = sets ? Action::Set : Action::Remove, .name = parsed.words.at(1)};
    return wrongArguments(
        commandLineText("Write: secrets, secrets set NAME (its value is read from stdin or asked "
                        "for, never an argument), or secrets remove NAME."));
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
