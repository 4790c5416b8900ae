// muster flow: which flows there are, and what is wrong with one.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "app/cli/source_excerpt.h"
#include "core/base/json_codec.h"
#include "core/node/api/value_fields.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_run.h"

#include <QFile>
#include <QFileInfo>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

// The place as compilers write it, so that editors and terminals can jump there; then the line itself.
void printProblem(const api::FlowProblemInfo &problem, const QString &file, const SourceExcerpt &excerpt)
{
    const FlowProblemText text = describe(problem);
    Cli::print(u"%1:%2:%3: %4 [%5]"_s.arg(file)
                   .arg(problem.line)
                   .arg(problem.column)
                   .arg(text.message, problem.code));
    const QStringList lines = excerpt.at(problem.line, problem.column);
    for (const QString &line : lines)
        Cli::print(line);
    if (!text.hint.isEmpty())
        Cli::print(excerpt.indent() + text.hint);
}

void printProblems(const api::FlowCheckInfo &info, const QString &file)
{
    QFile source(info.path);
    const SourceExcerpt excerpt(source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray());
    for (const api::FlowProblemInfo &problem : info.problems)
        printProblem(problem, file, excerpt);
    const QStringList accepted = describeAccepted(info);
    for (const QString &line : accepted)
        Cli::print(line);
    if (info.problems.empty())
        Cli::print(
            Cli::tr("%1: no problems, %n step(s)", nullptr, static_cast<int>(info.steps.size())).arg(file));
    else
        Cli::print(Cli::tr("%1: %n problem(s)", nullptr, static_cast<int>(info.problems.size())).arg(file));
}

// `asked`: as it was written on the command line.
void printCheck(Cli &cli, const api::FlowCheckInfo &info, const QString &asked)
{
    if (cli.options().json) {
        Cli::printJson(flowCheckJson(info));
    } else {
        const bool builtIn = info.path.isEmpty() || info.path.startsWith(u":/"_s);
        printProblems(info, QFile::exists(asked) ? asked
                            : builtIn            ? Cli::tr("%1 (built in)").arg(info.name)
                                                 : info.path);
    }
    const bool wrong =
        std::ranges::any_of(info.problems, [](const auto &problem) { return !problem.warning; });
    cli.finish(wrong ? ExitFailed : ExitSuccess);
}

} // namespace

void startFlowCommand(Cli &cli, const FlowOptions &options)
{
    if (options.action == FlowOptions::Action::Check) {
        const QFileInfo file(options.flow);
        const QString flow = file.exists() ? file.absoluteFilePath() : options.flow;
        cli.node().query(api::CheckFlow{.project = cli.project(), .flow = flow}, &cli,
                         [&cli, asked = options.flow](const Result<api::FlowCheckInfo> &info) {
            if (!info)
                cli.fail(info.error());
            else
                printCheck(cli, *info, asked);
        });
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
            rows +=
                {flow.name, flow.origin,
                 flow.trusted ? (flow.usable ? QString() : Cli::tr("has problems")) : Cli::tr("not trusted"),
                 flow.description};
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
