// A parent to be killed in tests: starts things by core/process and stays.
//
//   launching_parent tree|lifeline STUBBORN ARGS…     prints what STUBBORN prints
//   launching_parent guard FOLDER KEY COMMAND                    prints "begun" once the guard stands
#include "core/process/child_registry.h"
#include "core/process/guard_client.h"
#include "core/process/local_launcher.h"
#include "core/process/tree_supervisor.h"

#include <QCoreApplication>

#include <cstdio>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

const QString guardProgram = QStringLiteral(MUSTER_BIN_DIR "/muster-guard");
const QStringList environment{u"PATH=/usr/bin:/bin"_s};

void say(const QByteArray &bytes)
{
    fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stdout);
    fflush(stdout);
}

void launchTree(LocalLauncher &launcher, const QStringList &args)
{
    launcher.setCgroupsAllowed(false);
    LaunchSpec spec{.program = args.at(2), .args = args.mid(3), .env = environment, .marker = newMarker()};
    spec.lifeline = args.at(1) == "lifeline"_L1;
    PipeProcess *pipes = launcher.launch(spec, qApp)->pipes();
    QObject::connect(pipes, &PipeProcess::stdoutBytes, qApp, say);
    QObject::connect(pipes, &PipeProcess::started, qApp,
                     [pipes] { say("pid " + QByteArray::number(pipes->pid()) + '\n'); });
}

} // namespace

int main(int count, char **arguments)
{
    const QCoreApplication application(count, arguments);
    const QStringList args = QCoreApplication::arguments();
    if (args.size() < 3 || !becomeSubreaper())
        return 1;
    TreeSupervisor supervisor;
    LocalLauncher launcher(&supervisor, guardProgram);
    std::unique_ptr<GuardClient> guards;
    if (args.at(1) == "guard"_L1) {
        guards = std::make_unique<GuardClient>(guardProgram, args.at(2));
        QObject::connect(guards.get(), &GuardClient::outputBytes, qApp, [] { say("begun\n"); });
        if (!guards->start({.key = args.at(3),
                            .cwd = u"/"_s,
                            .command = {u"/bin/sh"_s, u"-c"_s, args.at(4)},
                            .env = environment}))
            return 1;
    } else {
        launchTree(launcher, args);
    }
    return QCoreApplication::exec();
}
