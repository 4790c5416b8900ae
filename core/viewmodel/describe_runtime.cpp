#include "core/viewmodel/describe_runtime.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct DescribeRuntime {
    Q_DECLARE_TR_FUNCTIONS(DescribeRuntime)
};

struct CodeText {
    const char *code;
    const char *text;
};

constexpr std::array stateTexts{
    CodeText{"ready", QT_TRANSLATE_NOOP("DescribeRuntime", "Ready")},
    CodeText{"not_installed", QT_TRANSLATE_NOOP("DescribeRuntime", "Not installed")},
    CodeText{"not_executable", QT_TRANSLATE_NOOP("DescribeRuntime", "Is there, but may not be run")},
    CodeText{"wrong_version", QT_TRANSLATE_NOOP("DescribeRuntime", "Too old")},
    CodeText{"not_configured", QT_TRANSLATE_NOOP("DescribeRuntime", "Not set up")},
    CodeText{"working_dir", QT_TRANSLATE_NOOP("DescribeRuntime", "Its working folder is not there")},
    CodeText{"system_refused", QT_TRANSLATE_NOOP("DescribeRuntime", "The system cannot start it")},
    CodeText{"crashed_before_first_message",
             QT_TRANSLATE_NOOP("DescribeRuntime", "Ended before it said anything")},
    CodeText{"handshake_timeout", QT_TRANSLATE_NOOP("DescribeRuntime", "Did not answer in time")},
    CodeText{"auth_required", QT_TRANSLATE_NOOP("DescribeRuntime", "Not signed in")},
    CodeText{"bad_key", QT_TRANSLATE_NOOP("DescribeRuntime", "Its key was refused")},
    CodeText{"model_unavailable", QT_TRANSLATE_NOOP("DescribeRuntime", "The model is not available")},
    CodeText{"network", QT_TRANSLATE_NOOP("DescribeRuntime", "The provider cannot be reached")},
    CodeText{"handshake_refused", QT_TRANSLATE_NOOP("DescribeRuntime", "Refused to begin")},
    CodeText{"protocol_error", QT_TRANSLATE_NOOP("DescribeRuntime", "Its messages could not be understood")},
    CodeText{"rate_limited", QT_TRANSLATE_NOOP("DescribeRuntime", "Rate limited by its provider")},
    CodeText{
        "price_unknown",
        QT_TRANSLATE_NOOP("DescribeRuntime", "Nobody knows what it costs, and a budget in dollars is set")},
};

constexpr std::array abilityTexts{
    CodeText{"streams_text", QT_TRANSLATE_NOOP("DescribeRuntime", "streams its text")},
    CodeText{"reports_tools", QT_TRANSLATE_NOOP("DescribeRuntime", "tells of its tools")},
    CodeText{"asks_permission", QT_TRANSLATE_NOOP("DescribeRuntime", "asks for permission")},
    CodeText{"can_cancel", QT_TRANSLATE_NOOP("DescribeRuntime", "can be cancelled")},
    CodeText{"can_resume", QT_TRANSLATE_NOOP("DescribeRuntime", "can be resumed")},
    CodeText{"can_steer", QT_TRANSLATE_NOOP("DescribeRuntime", "can be steered")},
    CodeText{"reports_cost", QT_TRANSLATE_NOOP("DescribeRuntime", "tells its cost")},
    CodeText{"limits_turns", QT_TRANSLATE_NOOP("DescribeRuntime", "limits its turns")},
    CodeText{"limits_cost", QT_TRANSLATE_NOOP("DescribeRuntime", "limits its cost")},
    CodeText{"takes_mcp", QT_TRANSLATE_NOOP("DescribeRuntime", "takes MCP servers")},
    CodeText{"picks_model", QT_TRANSLATE_NOOP("DescribeRuntime", "lets you pick the model")},
    CodeText{"works_offline", QT_TRANSLATE_NOOP("DescribeRuntime", "works without network")},
};

constexpr std::array accountReasons{
    CodeText{"only", QT_TRANSLATE_NOOP("DescribeRuntime", "there is no other")},
    CodeText{"goes_on", QT_TRANSLATE_NOOP("DescribeRuntime", "it goes on with its session")},
    CodeText{"others_rest", QT_TRANSLATE_NOOP("DescribeRuntime", "the others rest")},
    CodeText{"most_left", QT_TRANSLATE_NOOP("DescribeRuntime", "most of its limit is left")},
    CodeText{"limited_least", QT_TRANSLATE_NOOP("DescribeRuntime", "it met its limit longest ago, or never")},
    CodeText{"used_least", QT_TRANSLATE_NOOP("DescribeRuntime", "it was used longest ago, or never")},
    CodeText{"in_order", QT_TRANSLATE_NOOP("DescribeRuntime", "it is the first in order")},
    CodeText{"all_rest", QT_TRANSLATE_NOOP("DescribeRuntime", "all of them rest")},
};

template <size_t N> QString textOf(const std::array<CodeText, N> &table, const QString &code)
{
    for (const CodeText &entry : table) {
        if (code == QLatin1StringView(entry.code))
            return DescribeRuntime::tr(entry.text);
    }
    return code;
}

QString installAdvice(const api::RuntimeInfo &runtime)
{
    if (runtime.npm.isEmpty() && runtime.file.isEmpty())
        return DescribeRuntime::tr("It comes with Muster and is missing. Build or install Muster again.");
    if (runtime.npm.isEmpty())
        return DescribeRuntime::tr("“%1” is not in PATH. Install it, or mend the command in %2.")
            .arg(runtime.detail, runtime.file);
    return DescribeRuntime::tr("Install it with: npm install -g %1").arg(runtime.npm);
}

QString signInAdvice(const api::RuntimeInfo &runtime)
{
    QString words = runtime.signInCommand.isEmpty()
                        ? DescribeRuntime::tr(
                              "Sign in with its own program, or set its key in the environment of the node.")
                        : DescribeRuntime::tr("To sign in, run this in a terminal: %1")
                              .arg(runtime.signInCommand.join(u' '));
    if (runtime.keys.isEmpty())
        return words;
    return DescribeRuntime::tr("%1. Or keep a key of it: muster secrets set %2")
        .arg(words.endsWith(u'.') ? words.chopped(1) : words, runtime.keys.front());
}

// A price is told as it is listed, down to the tenth of a cent.
QString priceText(qint64 microUsd)
{
    const int digits = microUsd % 10'000 == 0 ? 2 : 3;
    return u'$' + QLocale().toString(static_cast<double>(microUsd) / 1e6, 'f', digits);
}

} // namespace

QString describeRuntimeState(const QString &state) { return textOf(stateTexts, state); }

QString describeFallback(const api::FallbackInfo &fallback, const QStringList &steps)
{
    const QString why = describeRuntimeState(fallback.problem);
    if (steps.isEmpty())
        return DescribeRuntime::tr("%1 works instead of %2: %3",
                                   "runtimes, and why the wished one was not taken")
            .arg(fallback.taken, fallback.wished, why);
    return DescribeRuntime::tr("%1 works instead of %2 on %3: %4",
                               "runtimes, steps, and why the wished one was not taken")
        .arg(fallback.taken, fallback.wished, steps.join(u", "_s), why);
}

QStringList describeFallbacks(const std::vector<api::StepInfo> &steps)
{
    std::vector<std::pair<api::FallbackInfo, QStringList>> found;
    for (const api::StepInfo &step : steps) {
        if (!step.fallback)
            continue;
        auto same =
            std::ranges::find(found, *step.fallback, &std::pair<api::FallbackInfo, QStringList>::first);
        if (same == found.end())
            same = found.insert(found.end(), {*step.fallback, {}});
        if (!same->second.contains(step.stepId))
            same->second += step.stepId;
    }
    QStringList lines;
    for (const auto &[fallback, ids] : found)
        lines += describeFallback(fallback, ids);
    return lines;
}

QString iconForRuntimeState(const QString &state)
{
    if (state == "ready"_L1)
        return u"check"_s;
    return state == "not_installed"_L1 ? u"minus"_s : u"warning"_s;
}

QString describeLimit(const std::optional<api::LimitInfo> &known, qint64 nowMs)
{
    if (!known)
        return {};
    const api::LimitInfo &limit = *known;
    QString words = DescribeRuntime::tr("Its provider warned of a limit");
    if (limit.restsUntil > nowMs)
        words = DescribeRuntime::tr("Rate limited, rests until %1").arg(describeTime(limit.restsUntil));
    else if (limit.resetAt > nowMs)
        words = DescribeRuntime::tr("Its provider warned of a limit that resets at %1")
                    .arg(describeTime(limit.resetAt));
    else if (limit.hard)
        words = DescribeRuntime::tr("Was rate limited");
    if (limit.usedPercent && !limit.hard)
        words = DescribeRuntime::tr("%1, %2 % used").arg(words).arg(*limit.usedPercent);
    const QString age = describeAge(limit.seenAt, nowMs);
    return limit.detail.isEmpty() ? DescribeRuntime::tr("%1 (%2)").arg(words, age)
                                  : DescribeRuntime::tr("%1 (%2: %3)").arg(words, age, limit.detail);
}

QString describeAccount(const QString &name)
{
    return name.isEmpty() ? DescribeRuntime::tr("first account")
                          : DescribeRuntime::tr("account %1").arg(name);
}

QString describeAccountReason(const QString &reason) { return textOf(accountReasons, reason); }

QString describeAccountState(const api::AccountInfo &account, qint64 nowMs)
{
    QString limit = describeLimit(account.limit, nowMs);
    if (account.state == "rests"_L1)
        return limit;
    const QString state = describeRuntimeState(account.state);
    return limit.isEmpty() ? state : DescribeRuntime::tr("%1. %2").arg(state, limit);
}

QString describeAccountSignIn(const api::AccountInfo &account)
{
    QStringList words;
    for (const QString &key : account.keys)
        words += DescribeRuntime::tr("kept key %1").arg(key);
    if (!account.configHome.isEmpty())
        words += account.homeVariable + u'=' + account.configHome;
    return account.name.isEmpty() ? DescribeRuntime::tr("as its program finds it") : words.join(u", "_s);
}

QString signInLineOf(const api::RuntimeInfo &runtime, const QString &configHome)
{
    if (configHome.isEmpty() || runtime.signInCommand.isEmpty())
        return {};
    QString quoted = configHome;
    quoted.replace(u"'"_s, u"'\\''"_s);
    return u"%1='%2' %3"_s.arg(runtime.homeVariable, quoted, runtime.signInCommand.join(u' '));
}

QString describeVersion(const api::RuntimeInfo &runtime)
{
    if (runtime.version.isEmpty())
        return runtime.versionState == "no_answer"_L1 ? DescribeRuntime::tr("not known (no answer)")
                                                      : DescribeRuntime::tr("not known");
    if (runtime.state == "wrong_version"_L1)
        return DescribeRuntime::tr("%1, older than %2").arg(runtime.version, runtime.minimumVersion);
    return runtime.version;
}

QString describeSignIn(const api::RuntimeInfo &runtime)
{
    if (runtime.signIn == "not_needed"_L1)
        return DescribeRuntime::tr("Not needed");
    if (runtime.signIn == "not_signed_in"_L1)
        return DescribeRuntime::tr("Not signed in");
    if (runtime.signIn != "signed_in"_L1)
        return DescribeRuntime::tr("Not known (no key is set)");
    if (runtime.keyIsKept)
        return DescribeRuntime::tr("Signed in (kept key %1)").arg(runtime.signedInBy);
    return runtime.signedInBy.contains(u'/')
               ? DescribeRuntime::tr("Signed in (%1)").arg(runtime.signedInBy)
               : DescribeRuntime::tr("Signed in (%1 is set)").arg(runtime.signedInBy);
}

QString adviceFor(const api::RuntimeInfo &runtime)
{
    if (runtime.state == "not_installed"_L1)
        return installAdvice(runtime);
    if (runtime.state == "not_executable"_L1)
        return DescribeRuntime::tr("A file “%1” is in PATH, but it may not be run. Install it again.")
            .arg(runtime.detail);
    if (runtime.state == "wrong_version"_L1)
        return runtime.npm.isEmpty()
                   ? DescribeRuntime::tr("Update it to %1 or newer.").arg(runtime.minimumVersion)
                   : DescribeRuntime::tr("Update it to %1 or newer: npm install -g %2@latest")
                         .arg(runtime.minimumVersion, runtime.npm);
    if (runtime.state == "not_configured"_L1)
        return DescribeRuntime::tr("Set %1 in the environment of the node.").arg(runtime.needs);
    if (runtime.state == "system_refused"_L1)
        return DescribeRuntime::tr("The program it needs to run, often Node.js, may be missing.");
    if (runtime.state == "auth_required"_L1 || runtime.signIn == "unknown"_L1)
        return signInAdvice(runtime);
    return {};
}

QString describePrices(const api::ModelInfo &model)
{
    if (!model.prices)
        return DescribeRuntime::tr("price not known");
    return DescribeRuntime::tr("a million tokens cost %1 in, %2 out, %3 cached (%4, %5)")
        .arg(priceText(model.prices->inputMicroUsd), priceText(model.prices->outputMicroUsd),
             priceText(model.prices->cachedMicroUsd), model.prices->source, model.prices->date);
}

QString describeAbilities(const QStringList &abilities)
{
    QStringList words;
    for (const QString &ability : abilities)
        words += textOf(abilityTexts, ability);
    return words.join(u", "_s);
}

QString describeRule(const api::PermissionInfo &rule)
{
    switch (rule.kind) {
    case ToolKind::Execute:
        return rule.allowed ? DescribeRuntime::tr("may run") : DescribeRuntime::tr("may not run");
    case ToolKind::Edit:
        return rule.allowed ? DescribeRuntime::tr("may write") : DescribeRuntime::tr("may not write");
    case ToolKind::Delete:
        return rule.allowed ? DescribeRuntime::tr("may delete") : DescribeRuntime::tr("may not delete");
    case ToolKind::Move:
        return rule.allowed ? DescribeRuntime::tr("may move") : DescribeRuntime::tr("may not move");
    case ToolKind::Read:
    case ToolKind::Search:
        return rule.allowed ? DescribeRuntime::tr("may read") : DescribeRuntime::tr("may not read");
    case ToolKind::Fetch:
        return rule.allowed ? DescribeRuntime::tr("may fetch") : DescribeRuntime::tr("may not fetch");
    case ToolKind::StartFlow:
        return rule.allowed ? DescribeRuntime::tr("may start") : DescribeRuntime::tr("may not start");
    case ToolKind::Think:
    case ToolKind::Other:
        break;
    }
    return rule.allowed ? DescribeRuntime::tr("may do") : DescribeRuntime::tr("may not do");
}

QString describeAct(ToolKind kind)
{
    switch (kind) {
    case ToolKind::Execute:
        return DescribeRuntime::tr("run a command");
    case ToolKind::Edit:
        return DescribeRuntime::tr("write a file");
    case ToolKind::Delete:
        return DescribeRuntime::tr("delete a file");
    case ToolKind::Move:
        return DescribeRuntime::tr("move a file");
    case ToolKind::Read:
        return DescribeRuntime::tr("read a file");
    case ToolKind::Search:
        return DescribeRuntime::tr("search");
    case ToolKind::Fetch:
        return DescribeRuntime::tr("fetch from the network");
    case ToolKind::StartFlow:
        return DescribeRuntime::tr("start a flow");
    case ToolKind::Think:
    case ToolKind::Other:
        break;
    }
    return DescribeRuntime::tr("do");
}

QString describeRulePlace(const api::PermissionInfo &rule)
{
    const QString project =
        rule.projectName.isEmpty() ? DescribeRuntime::tr("every project") : rule.projectName;
    return rule.profile.isEmpty()
               ? project
               : DescribeRuntime::tr("%1, profile %2").arg(project, withVisibleMarks(rule.profile));
}

QString describeRuleOrigin(const api::PermissionInfo &rule)
{
    return rule.exact ? DescribeRuntime::tr("this exact act, as answered")
                      : DescribeRuntime::tr("written as a rule");
}

QString describeUse(const api::PermissionInfo &rule, qint64 nowMs)
{
    if (rule.usedCount == 0)
        return DescribeRuntime::tr("never used");
    return DescribeRuntime::tr("%n time(s), %1", nullptr, static_cast<int>(rule.usedCount))
        .arg(describeAge(rule.usedAt, nowMs));
}

} // namespace muster
