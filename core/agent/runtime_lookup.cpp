#include "core/agent/runtime_lookup.h"

#include "core/process/environment_filter.h"
#include "core/process/launch_spec.h"
#include "core/process/program_lookup.h"

#include <QDateTime>
#include <QFileInfo>
#include <QRegularExpression>
#include <QVersionNumber>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// "~/x", "$NAME/x"; empty if the variable is.
QString expanded(const QString &path, const QStringList &environment)
{
    if (path.startsWith("~/"_L1)) {
        const QString home = environmentValue(environment, u"HOME");
        return home.isEmpty() ? QString() : QString(home + path.sliced(1));
    }
    if (!path.startsWith(u'$'))
        return path;
    const qsizetype slash = path.indexOf(u'/');
    const QString value =
        environmentValue(environment, QStringView(path).sliced(1, std::max<qsizetype>(slash, 1) - 1));
    return value.isEmpty() || slash < 0 ? QString() : QString(value + path.sliced(slash));
}

void lookUpSignIn(const SignInRule &rule, const QStringList &environment, const QStringList &keptKeys,
                  RuntimeStatus &status)
{
    if (!rule.needed) {
        status.signIn = SignInState::NotNeeded;
        return;
    }
    const auto isKept = [&](const QString &name) {
        return keptKeys.contains(name);
    };
    const auto isSet = [&](const QString &name) {
        return isKept(name) || !environmentValue(environment, name).isEmpty();
    };
    if (const auto name = std::ranges::find_if(rule.env, isSet); name != rule.env.end()) {
        status.signIn = SignInState::SignedIn;
        status.signedInBy = *name;
        status.keyIsKept = isKept(*name);
        return;
    }
    for (const QString &file : rule.files) {
        const QString path = expanded(file, environment);
        if (path.isEmpty() || !QFileInfo(path).isFile())
            continue;
        status.signIn = SignInState::SignedIn;
        status.signedInBy = path;
        return;
    }
    const bool isKnown = rule.onlyEnv || !rule.files.isEmpty();
    status.signIn = isKnown ? SignInState::NotSignedIn : SignInState::Unknown;
}

QString identityOf(const QString &path)
{
    const QFileInfo file(QFileInfo(path).canonicalFilePath());
    return u"%1 %2 %3"_s.arg(file.filePath()).arg(file.lastModified().toMSecsSinceEpoch()).arg(file.size());
}

} // namespace

FoundProgram lookUpRuntime(const RuntimeRecord &runtime, const QStringList &environment,
                           const QStringList &keptKeys)
{
    FoundProgram found{.status = {.id = runtime.id}, .identity = {}};
    lookUpSignIn(runtime.signIn, environment, keptKeys, found.status);
    const auto isUnset = [&](const QString &name) {
        return environmentValue(environment, name).isEmpty();
    };
    if (const auto name = std::ranges::find_if(runtime.needsEnv, isUnset); name != runtime.needsEnv.end()) {
        found.status.problem = LaunchProblem::NotConfigured;
        found.status.needs = *name;
    }
    if (const auto path = findProgram(programOf(runtime), environment)) {
        found.status.path = *path;
        found.identity = identityOf(*path);
    } else {
        found.status.problem = path.error().where == QLatin1StringView(launch_fault::notExecutable)
                                   ? LaunchProblem::NotExecutable
                                   : LaunchProblem::NotInstalled;
    }
    return found;
}

QString versionIn(const RuntimeRecord &runtime, const QString &printed)
{
    static const QRegularExpression anything(u"(?<![\\w.])v?(\\d+\\.\\d+(?:\\.\\d+)?[-+.\\w]*)"_s);
    const QRegularExpression own(runtime.versionPattern);
    const QRegularExpressionMatch match = (runtime.versionPattern.isEmpty() ? anything : own).match(printed);
    constexpr qsizetype longest = 64;
    return match.hasMatch() ? match.captured(1).left(longest) : QString();
}

bool isOlder(const QString &version, const QString &minimum)
{
    const QVersionNumber has = QVersionNumber::fromString(version);
    const QVersionNumber needs = QVersionNumber::fromString(minimum);
    return !has.isNull() && !needs.isNull() && has < needs;
}

LaunchProblem problemOf(const RuntimeRecord &runtime, const RuntimeStatus &status)
{
    if (status.problem == LaunchProblem::NotInstalled || status.problem == LaunchProblem::NotExecutable)
        return status.problem;
    if (status.versionState == VersionState::Failed)
        return LaunchProblem::SystemRefused;
    if (isOlder(status.version, runtime.minimumVersion))
        return LaunchProblem::WrongVersion;
    if (status.problem == LaunchProblem::NotConfigured)
        return status.problem;
    return status.signIn == SignInState::NotSignedIn ? LaunchProblem::AuthRequired : LaunchProblem::None;
}

} // namespace muster
