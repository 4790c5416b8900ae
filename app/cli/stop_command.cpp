// muster serve --stop: ends the node, or says what it is at work on and what only waits for the person.
#include "app/cli/cli.h"
#include "core/viewmodel/describe.h"

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

void sayItems(const std::vector<api::InboxInfo> &items)
{
    for (const api::InboxInfo &item : items)
        Cli::say(Cli::tr("  waits for you: %1 (%2, %3; muster inbox show %4)")
                     .arg(describeTitle(item), item.who, item.project, item.id.toString()));
}

void sayWork(const std::vector<api::RunInfo> &runs, const std::vector<api::TaskInfo> &tasks)
{
    for (const api::RunInfo &run : runs)
        Cli::say(Cli::tr("  run: %1 #%2 (%3, %4)")
                     .arg(run.flow)
                     .arg(run.number)
                     .arg(describe(run.status), run.project));
    for (const api::TaskInfo &task : tasks) {
        if (task.conversation.isValid())
            Cli::say(Cli::tr("  chat: %1 (%2)").arg(task.title, describe(task.status)));
    }
}

// What there is of it is said; an answer that does not come leaves its part out.
void sayWhatRuns(Cli &cli, const Error &refusal, const std::vector<api::InboxInfo> &waiting)
{
    cli.node().query(api::ListRuns{.activeOnly = true}, &cli,
                     [&cli, refusal, waiting](const Result<std::vector<api::RunInfo>> &runs) {
        cli.node().query(api::ListTasks{.activeOnly = true}, &cli,
                         [&cli, refusal, waiting, runs](const Result<std::vector<api::TaskInfo>> &tasks) {
            if (runs && tasks)
                sayWork(*runs, *tasks);
            sayItems(waiting);
            cli.fail(refusal);
        });
    });
}

void stopNode(Cli &cli, bool force, const std::vector<api::InboxInfo> &waiting)
{
    cli.node().submit(api::StopNode{.force = force}, &cli,
                      [&cli, waiting](const Result<api::CommandDone> &done) {
        if (!done && done.error().code == ErrorCode::Conflict) {
            sayWhatRuns(cli, done.error(), waiting);
            return;
        }
        if (!done) {
            cli.fail(done.error());
            return;
        }
        if (cli.options().json) {
            Cli::printJson(QJsonObject{{u"stopped"_s, true}});
        } else if (!waiting.empty()) {
            Cli::print(
                Cli::tr("The node stops. What waits for you is kept, and the next node goes on with it."));
            sayItems(waiting);
        }
        cli.finish(ExitSuccess);
    });
}

} // namespace

void startStopCommand(Cli &cli, const ServeOptions &options)
{
    cli.node().query(api::ListInbox{}, &cli,
                     [&cli, force = options.force](const Result<std::vector<api::InboxInfo>> &items) {
        if (!items && items.error().code == ErrorCode::Unavailable) {
            if (cli.options().json)
                Cli::printJson(QJsonObject{{u"stopped"_s, false}});
            else
                Cli::print(Cli::tr("No node runs."));
            cli.finish(ExitSuccess);
            return;
        }
        stopNode(cli, force, items.value_or(std::vector<api::InboxInfo>()));
    });
}

} // namespace muster::app
