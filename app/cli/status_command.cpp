// muster status: how the swarm does, and each thing at work with the age of its last sign.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/describe_work.h"

#include <QDateTime>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

QString nameOf(const api::WorkInfo &work)
{
    if (!work.title.isEmpty())
        return work.title;
    return work.conversation.isValid() ? Cli::tr("Chat %1").arg(work.conversation.toString()) : QString();
}

void printWork(const api::NodeStatus &status, const std::vector<api::WorkInfo> &work)
{
    const QString counts = describeCounts(status);
    Cli::print(counts.isEmpty() ? describe(status.load) : QString(describe(status.load) % u": " % counts));
    if (const QString held = describeHeldBack(status); !held.isEmpty())
        Cli::print(held);
    if (work.empty())
        return;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QList<QStringList> rows;
    for (const api::WorkInfo &one : work)
        rows += {one.task.isValid() ? one.task.toString() : QString(), nameOf(one), one.runtime,
                 describeWork(one, one.tool, now)};
    Cli::printTable({Cli::tr("TASK"), Cli::tr("WORK"), Cli::tr("RUNTIME"), Cli::tr("STATE")}, rows);
}

} // namespace

void startStatusCommand(Cli &cli)
{
    cli.node().query(api::GetStatus{}, &cli, [&cli](const Result<api::NodeStatus> &status) {
        if (!status) {
            cli.fail(status.error());
            return;
        }
        cli.node().query(api::ListWork{}, &cli,
                         [&cli, status = *status](const Result<std::vector<api::WorkInfo>> &work) {
            if (!work) {
                cli.fail(work.error());
                return;
            }
            if (cli.options().json)
                Cli::printJson(swarmJson(status, *work));
            else
                printWork(status, *work);
            cli.finish(ExitSuccess);
        });
    });
}

} // namespace muster::app
