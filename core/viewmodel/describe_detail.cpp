// Ends with a detail of ours: codes and numbers that the core writes become sentences here. What an agent or
// a command said itself stands as it is, in brackets.
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

// Why it ended, and what is known beyond that.
struct Told {
    QString why;
    QString more;
};

// What the rules found wrong themselves, without an agent's or a command's word for it.
std::optional<Told> ownFinding(const QString &detail)
{
    // As it was written before 0.2.
    if (detail == "output_json"_L1 || detail == "no JSON in the output"_L1)
        return Told{Describe::tr("Its output holds no JSON"), {}};
    const QStringList parts = detail.split(u'\t');
    if (parts.first() == "output_files"_L1)
        return Told{Describe::tr("It did not make %1").arg(parts.mid(1).join(u", ")), {}};
    if (parts.first() == "output_schema"_L1) {
        const QString words =
            Describe::tr("Its output does not fit the schema at %1: %2").arg(parts.value(1), parts.value(2));
        const QString expected = parts.value(3);
        return Told{words, expected.isEmpty() ? QString() : Describe::tr("expected: %1").arg(expected)};
    }
    constexpr QLatin1StringView expression("expression: ");
    if (detail.startsWith(expression))
        return Told{Describe::tr("An expression could not be evaluated"), detail.sliced(expression.size())};
    return std::nullopt;
}

QString mebibytes(const QString &bytes)
{
    return Describe::tr("%1 MiB").arg(bytes.toLongLong() / (1024 * 1024));
}

// What the watchdog found: "memory_limit USED LIMIT".
QString watched(const QString &detail)
{
    const QStringList parts = detail.split(u' ');
    const QString code = parts.value(0);
    if (code == "deadline"_L1 && parts.size() == 2)
        return Describe::tr("It has worked for all of its %1")
            .arg(describeDuration(parts.at(1).toLongLong() * 1000));
    const QString used = parts.value(1);
    const QString limit = parts.value(2);
    if (code == "memory_limit"_L1)
        return Describe::tr("It took %1 of memory, %2 are allowed").arg(mebibytes(used), mebibytes(limit));
    if (code == "cost_limit"_L1)
        return Describe::tr("%1 spent of %2")
            .arg(describeMoney(used.toLongLong()), describeMoney(limit.toLongLong()));
    if (code == "day_cost_limit"_L1)
        return Describe::tr("All work of today has spent %1 of %2")
            .arg(describeMoney(used.toLongLong()), describeMoney(limit.toLongLong()));
    if (code == "call_limit"_L1)
        return Describe::tr("The next call costs at least %1, which is more than is left of %2")
            .arg(describeMoney(used.toLongLong()), describeMoney(limit.toLongLong()));
    if (code == "tokens_limit"_L1)
        return Describe::tr("%1 tokens used of %2")
            .arg(describeCount(used.toLongLong()), describeCount(limit.toLongLong()));
    if (code == "turns_limit"_L1)
        return Describe::tr("%1 steps used of %2").arg(used, limit);
    if (code == "no_progress"_L1)
        return Describe::tr("It got nowhere: %1 attempts in a row changed and read nothing new").arg(used);
    if (code == "never_committed"_L1)
        return Describe::tr("It kept editing and never finished: %1 attempts").arg(used);
    if (code == "runaway_output"_L1)
        return Describe::tr("It wrote more than %1 of text in a minute").arg(mebibytes(used));
    return {};
}

std::optional<Told> survivors(const QString &detail)
{
    const QStringList pids = detail.split(u' ', Qt::SkipEmptyParts);
    if (pids.isEmpty())
        return std::nullopt;
    return Told{Describe::tr("Could not be ended; still there: %1").arg(pids.join(u", ")), {}};
}

// "main_tree_dirty: a.txt, b.txt": of a merge into a branch that is checked out.
std::optional<Told> inTheWay(const QString &detail)
{
    constexpr QLatin1StringView dirty("main_tree_dirty");
    if (!detail.startsWith(dirty))
        return std::nullopt;
    return Told{
        Describe::tr("Where the branch is checked out, files are changed that the merge would overwrite"),
        detail.sliced(dirty.size()).remove(0, 2)};
}

// "bad_key: what it said". The codes are those of core/agent/launch_problem.h, and price_unknown.
struct LaunchAdvice {
    const char *code;
    const char *text;
};

constexpr std::array launchAdvice{
    LaunchAdvice{"not_installed",
                 QT_TRANSLATE_NOOP(
                     "Describe", "Install it (“muster runtimes show ID” says how), or use another runtime.")},
    LaunchAdvice{
        "not_executable",
        QT_TRANSLATE_NOOP("Describe", "Its file may not be run: install it again, or make it executable.")},
    LaunchAdvice{"wrong_version",
                 QT_TRANSLATE_NOOP(
                     "Describe", "Update it, or the Node.js that it runs on; “muster runtimes show ID” says "
                                 "what is needed.")},
    LaunchAdvice{"not_configured",
                 QT_TRANSLATE_NOOP("Describe", "Set what it needs in the environment of the node; “muster "
                                               "runtimes show ID” names it.")},
    LaunchAdvice{"working_dir",
                 QT_TRANSLATE_NOOP("Describe", "The folder that it was to work in is gone. See that it is "
                                               "there, then try again.")},
    LaunchAdvice{"system_refused",
                 QT_TRANSLATE_NOOP("Describe", "The system would not start it. See that what it needs to run "
                                               "is installed and that there is memory left.")},
    LaunchAdvice{"crashed_before_first_message",
                 QT_TRANSLATE_NOOP("Describe",
                                   "Its last words are in brackets. Start it by hand in a terminal "
                                   "to see what it lacks.")},
    LaunchAdvice{"handshake_timeout",
                 QT_TRANSLATE_NOOP("Describe",
                                   "It started and did not answer. Start it by hand in a terminal: "
                                   "it may wait for an answer there.")},
    LaunchAdvice{"auth_required",
                 QT_TRANSLATE_NOOP("Describe",
                                   "Sign in with the agent's own program, or keep its key: muster "
                                   "secrets set NAME.")},
    LaunchAdvice{"bad_key", QT_TRANSLATE_NOOP(
                                "Describe", "Its key was refused. Keep a new one: muster secrets set NAME.")},
    LaunchAdvice{"model_unavailable",
                 QT_TRANSLATE_NOOP("Describe",
                                   "Ask for another model, or see whether your account may use this one.")},
    LaunchAdvice{"network",
                 QT_TRANSLATE_NOOP("Describe", "Its provider cannot be reached. See to the network or the "
                                               "proxy, then try again.")},
    LaunchAdvice{"handshake_refused",
                 QT_TRANSLATE_NOOP("Describe", "It does not speak as was expected: update it, or Muster.")},
    LaunchAdvice{"price_unknown",
                 QT_TRANSLATE_NOOP("Describe",
                                   "Use a model whose price is known, give its price in the file of the "
                                   "runtime, or take the budget away: then its tokens are limited.")},
    LaunchAdvice{"protocol_error",
                 QT_TRANSLATE_NOOP("Describe", "It does not speak as was expected: update it, or Muster.")},
};

const LaunchAdvice *launchAdviceIn(const QString &detail)
{
    const QString code = detail.section(u':', 0, 0);
    const auto *found = std::ranges::find_if(
        launchAdvice, [&](const LaunchAdvice &entry) { return code == QLatin1StringView(entry.code); });
    return found == launchAdvice.end() ? nullptr : found;
}

std::optional<Told> launchFailure(const QString &detail)
{
    const LaunchAdvice *problem = launchAdviceIn(detail);
    if (!problem)
        return std::nullopt;
    return Told{describeRuntimeState(QString::fromLatin1(problem->code)), detail.section(u':', 1).trimmed()};
}

// What a step was to have and is not there: "document CODE PATH", "skill NAME WHY", "env NAMES".
std::optional<Told> lacking(const QString &detail)
{
    const QString code = detail.section(u' ', 1, 1);
    const QString path = detail.section(u' ', 2);
    if (detail.startsWith("skill "_L1))
        return Told{Describe::tr("The skill %1 could not be read").arg(code), path};
    if (detail.startsWith("env "_L1))
        return Told{Describe::tr("Not set where the node runs: %1").arg(detail.sliced(4)), {}};
    if (!detail.startsWith("document "_L1))
        return std::nullopt;
    if (code == "missing"_L1)
        return Told{Describe::tr("The document %1 is not there").arg(path), {}};
    if (code == "outside"_L1)
        return Told{Describe::tr("The document %1 leads out of the project, or holds secrets").arg(path), {}};
    if (code == "too_large"_L1)
        return Told{Describe::tr("The document %1 is too large").arg(path), {}};
    return Told{Describe::tr("The document %1 is no text").arg(path), {}};
}

bool isOfLaunch(FailureReason reason)
{
    return reason == FailureReason::LaunchFailed || reason == FailureReason::AuthRequired ||
           reason == FailureReason::ModelUnavailable || reason == FailureReason::ProtocolError;
}

std::optional<Told> told(FailureReason reason, const QString &detail)
{
    if (const QString found = watched(detail); !found.isEmpty()) {
        // "Ended with an error" says less than the finding itself.
        return reason == FailureReason::RuntimeError ? Told{found, {}} : Told{describe(reason), found};
    }
    switch (reason) {
    case FailureReason::RuntimeError:
        return ownFinding(detail);
    case FailureReason::Unkillable:
        return survivors(detail);
    case FailureReason::Conflict:
        return inTheWay(detail);
    case FailureReason::LaunchFailed:
        if (const auto document = lacking(detail))
            return document;
        break;
    default:
        break;
    }
    if (const QString ours = describe(reason, detail); ours != describe(reason))
        return Told{ours, {}};
    return isOfLaunch(reason) ? launchFailure(detail) : std::nullopt;
}

} // namespace

QString describeDetail(const QString &detail)
{
    const QString found = watched(detail);
    return found.isEmpty() ? detail : found;
}

QString describeRest(qint64 untilMs)
{
    return untilMs > 0 ? Describe::tr("rate limited, goes on at %1").arg(describeTime(untilMs)) : QString();
}

QString describeFailure(FailureReason reason, const QString &detail)
{
    const Told words = told(reason, detail).value_or(Told{describe(reason), detail});
    return words.more.isEmpty() ? words.why : QString(words.why % u" (" % words.more % u')');
}

QString adviceFor(FailureReason reason, const QString &detail)
{
    const LaunchAdvice *problem = isOfLaunch(reason) ? launchAdviceIn(detail) : nullptr;
    return problem ? Describe::tr(problem->text) : adviceFor(reason);
}

} // namespace muster
