// muster run and muster rerun: start a run and follow it to its end.
#include "app/cli/run_follower.h"

#include <QFileInfo>

namespace muster::app {

void startRunCommand(Cli &cli, const RunOptions &options)
{
    auto *follower = new RunFollower(cli);
    const QFileInfo file(options.flow);
    const bool isFile = options.flow.endsWith(u".yaml") && file.exists();
    const api::StartRun start{.flow = isFile ? file.absoluteFilePath() : options.flow,
                              .inputs = options.inputs,
                              .runtime = options.runtime,
                              .unattended = options.yes || !follower->isAtTerminal(),
                              .approve = options.yes,
                              .trust = options.trust};
    const QString folder = cli.project();
    const api::OpenProject open{.path = options.demo ? QString() : folder, .demo = options.demo};
    cli.node().submit(open, follower, [&cli, follower, start](const Result<api::CommandDone> &project) {
        if (!project) {
            cli.fail(project.error());
            return;
        }
        api::StartRun inProject = start;
        inProject.project = project->text;
        follower->start(inProject);
    });
}

void startRerunCommand(Cli &cli, const RerunOptions &options)
{
    auto *follower = new RunFollower(cli);
    api::RerunRun ask = options.ask;
    ask.unattended = ask.approve || !follower->isAtTerminal();
    if (!ask.file.isEmpty())
        ask.file = QFileInfo(ask.file).absoluteFilePath();
    follower->submit(ask);
}

} // namespace muster::app
