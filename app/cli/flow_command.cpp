// muster flow: which flows there are, and what is wrong with one.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "app/cli/problem_output.h"
#include "app/cli/source_excerpt.h"
#include "core/base/json_codec.h"
#include "core/base/paths.h"
#include "core/node/api/value_fields.h"
#include "core/node/flows/preflight_desk.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_preflight.h"
#include "core/viewmodel/describe_run.h"

#include <QFile>
#include <QFileInfo>
#include <QProcessEnvironment>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

void printProblems(const api::FlowCheckInfo &info, const QString &file)
{
    const SourceExcerpt excerpt = excerptOf(info.path);
    for (const api::FlowProblemInfo &problem : info.problems)
        printProblem(problem, file, excerpt);
    if (info.problems.empty())
        Cli::print(
            Cli::tr("%1: no problems, %n step(s)", nullptr, static_cast<int>(info.steps.size())).arg(file));
    else
        Cli::print(Cli::tr("%1: %n problem(s)", nullptr, static_cast<int>(info.problems.size())).arg(file));
    const QStringList accepted = describeAccepted(info);
    for (const QString &line : accepted)
        Cli::print(line);
}

constexpr int mostLines = 40; // of the graph and of the steps; --json has them all

void printSection(const QString &title, const QStringList &lines)
{
    if (lines.isEmpty())
        return;
    Cli::print({});
    Cli::print(title);
    for (const QString &line : lines)
        Cli::print(u"  "_s + line);
}

template <typename T> QStringList described(const std::vector<T> &items)
{
    QStringList lines;
    for (const T &item : items)
        lines += describe(item);
    return lines;
}

void printSteps(const api::PreflightInfo &info)
{
    QList<QStringList> rows;
    for (const api::StepForecast &step : info.steps) {
        if (rows.size() == mostLines)
            break;
        rows += {step.step,
                 step.runtime,
                 QString::number(step.attempts.likely),
                 describeCount(step.tokensIn.likely),
                 describeCount(step.tokensOut.likely),
                 step.costMicroUsd ? describeMoney(step.costMicroUsd->likely) : Cli::tr("not known"),
                 describeBasis(step)};
    }
    if (rows.isEmpty())
        return;
    Cli::print({});
    Cli::printTable({Cli::tr("STEP"), Cli::tr("RUNTIME"), Cli::tr("TIMES"), Cli::tr("TOKENS IN"),
                     Cli::tr("TOKENS OUT"), Cli::tr("COST"), Cli::tr("TAKEN FROM")},
                    rows);
}

void printForecast(const api::PreflightInfo &info)
{
    printSection(Cli::tr("Steps"), outlineOf(info.check, mostLines));
    printSection(Cli::tr("What works where"), describePlaces(info.check));
    if (info.needsGit)
        printSection(Cli::tr("Worktrees"),
                     {Cli::tr("The project is no git repository, so this flow cannot be started in it.")});
    printSection(Cli::tr("Runtimes that cannot be used"), described(info.runtimes));
    printSection(Cli::tr("What a run would take"), describeEstimate(info));
    printSteps(info);
    printSection(Cli::tr("Over a cap"), described(info.caps));
}

int exitCodeOf(const api::FlowCheckInfo &info)
{
    const bool wrong =
        std::ranges::any_of(info.problems, [](const auto &problem) { return !problem.warning; });
    return wrong ? ExitFailed : ExitSuccess;
}

// `asked`: as it was written on the command line.
void printCheck(const api::FlowCheckInfo &info, const QString &asked)
{
    const bool builtIn = info.path.isEmpty() || info.path.startsWith(u":/"_s);
    printProblems(info, QFile::exists(asked) ? asked
                        : builtIn            ? Cli::tr("%1 (built in)").arg(info.name)
                                             : info.path);
}

// What was asked for is wrong; else it is the node that cannot answer.
bool isAboutTheFlow(const Error &error)
{
    return error.code == ErrorCode::NotFound || error.code == ErrorCode::InvalidArgument ||
           error.code == ErrorCode::TooLarge || error.code == ErrorCode::PermissionDenied ||
           error.code == ErrorCode::NotTrusted;
}

// The file alone, which needs no store and no runtimes.
void checkWithoutNode(Cli &cli, const QString &flow, const QString &asked, const Error &why)
{
    const auto paths = Paths::resolve(QProcessEnvironment::systemEnvironment());
    const FlowLibrary library(cli.project(), paths ? paths->configDir : QString(), true);
    const auto loaded = library.load(flow);
    if (!loaded) {
        cli.fail(loaded.error());
        return;
    }
    const api::FlowCheckInfo info = checkInfo(*loaded);
    if (cli.options().json) {
        Cli::printJson(flowCheckJson(info));
    } else {
        printCheck(info, asked);
        printSection(Cli::tr("Steps"), outlineOf(info, mostLines));
        printSection(Cli::tr("What works where"), describePlaces(info));
    }
    Cli::say(Cli::tr("Only the file was looked at, not what a run would take: %1").arg(describe(why)));
    cli.finish(exitCodeOf(info));
}

void startCheck(Cli &cli, const QString &asked)
{
    const QFileInfo file(asked);
    const QString flow = file.exists() ? file.absoluteFilePath() : asked;
    cli.node().query(api::Preflight{.project = cli.project(), .flow = flow}, &cli,
                     [&cli, flow, asked](const Result<api::PreflightInfo> &info) {
        if (!info && !isAboutTheFlow(info.error())) {
            checkWithoutNode(cli, flow, asked, info.error());
            return;
        }
        if (!info) {
            cli.fail(info.error());
            return;
        }
        if (cli.options().json) {
            Cli::printJson(preflightJson(*info));
        } else {
            printCheck(info->check, asked);
            if (info->check.problems.empty())
                printForecast(*info);
        }
        cli.finish(exitCodeOf(info->check));
    });
}

} // namespace

void startFlowCommand(Cli &cli, const FlowOptions &options)
{
    if (options.action == FlowOptions::Action::Check) {
        startCheck(cli, options.flow);
        return;
    }
    cli.node().query(api::ListFlows{.project = cli.project()}, &cli,
                     [&cli](const Result<std::vector<api::FlowInfo>> &flows) {
        if (!flows) {
            cli.fail(flows.error());
            return;
        }
        QJsonArray array;
        QList<QStringList> rows;
        for (const api::FlowInfo &flow : *flows) {
            array.append(toJsonObject(flow));
            rows += {flow.name, flow.origin, noteOf(flow.hides, flow.trusted, flow.usable), flow.description};
        }
        if (cli.options().json)
            Cli::printJson(array);
        else
            Cli::printTable({Cli::tr("FLOW"), Cli::tr("FROM"), Cli::tr("NOTE"), Cli::tr("WHAT IT DOES")},
                            rows);
        cli.finish(ExitSuccess);
    });
}

} // namespace muster::app
