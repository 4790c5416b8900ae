// muster: the window, the command line and the node are one program; what was asked for decides which.
#include "app/background_launch.h"
#include "app/cli/cli.h"
#include "app/cli/decode_command.h"
#include "app/cli/when_command.h"
#include "app/command_line.h"
#include "app/node_access.h"
#include "app/signals.h"
#include "app/translations.h"
#include "app/window_launch.h"
#include "core/base/log.h"
#include "core/viewmodel/describe.h"

#include <QCoreApplication>
#include <QProcessEnvironment>

#include <unistd.h>

#include <csignal>
#include <cstdio>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

int serve(const app::ServeOptions &options, const Paths &paths)
{
    if (options.background)
        setsid(); // the end of the terminal that started us is not ours
    std::signal(SIGHUP, SIG_IGN);
    const auto node = app::ServingNode::start(paths, options.background);
    if (options.background)
        app::BackgroundLaunch::report(node ? Status() : std::unexpected(node.error()));
    // Started twice at the same moment: the other one serves.
    if (options.background && !node && node.error().code == ErrorCode::Conflict)
        return app::ExitSuccess;
    if (!node) {
        app::Cli::say(describe(node.error()));
        return app::ExitCannotRun;
    }
    if (const Status log =
            installLog({.dir = paths.logDir, .name = u"node"_s, .alsoStderr = !options.background});
        !log)
        app::Cli::say(describe(log.error())); // it works without
    app::onSignals({SIGINT, SIGTERM}, node->get(), [&node](int) { (*node)->stop(); });
    QObject::connect(node->get(), &app::ServingNode::stopped, qApp,
                     [] { QCoreApplication::exit(app::ExitSuccess); });
    return QCoreApplication::exec();
}

int runCommand(const app::Options &options, const Paths &paths)
{
    const auto *serveOptions = std::get_if<app::ServeOptions>(&options.command);
    const bool forAgent = std::holds_alternative<app::McpOptions>(options.command);
    const QString name =
        (forAgent ? u"mcp, pid %1"_s : u"command line, pid %1"_s).arg(QCoreApplication::applicationPid());
    const auto role = forAgent ? Caller::Role::Agent : Caller::Role::Person;
    std::unique_ptr<app::NodeAccess> access;
    if (options.inProcess) {
        auto opened = app::NodeAccess::inProcess(paths, name, role);
        if (!opened) {
            app::Cli::say(describe(opened.error()));
            return app::ExitCannotRun;
        }
        access = std::move(*opened);
    } else {
        access = app::NodeAccess::background(paths, name, serveOptions == nullptr, role);
    }
    app::Cli cli(access->api(), options, [&access](int code) {
        access->stop([code] {
            QMetaObject::invokeMethod(qApp, [code] { QCoreApplication::exit(code); }, Qt::QueuedConnection);
        });
    });
    app::onSignals({SIGINT}, &cli, [&cli](int) { cli.interrupt(); });
    QMetaObject::invokeMethod(&cli, &app::Cli::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    app::keepStandardStreams();
    QCoreApplication::setApplicationName(u"muster"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(MUSTER_VERSION));
    const QCoreApplication application(argc, argv);
    app::loadTranslations();
    const auto options = app::parseCommandLine(QCoreApplication::arguments().sliced(1));
    if (!options) {
        app::Cli::refuseArguments(options.error(), QCoreApplication::arguments().contains(u"--json"_s));
        return app::ExitUsage;
    }
    if (!options->help.isEmpty()) {
        std::fputs(qPrintable(options->help), stdout);
        return std::fflush(stdout) == 0 ? app::ExitSuccess : app::ExitCannotRun;
    }
    if (std::holds_alternative<app::WindowOptions>(options->command)) {
        const Error error = app::becomeWindow(argv); // returns only if there is no window to be had
        app::Cli::say(error.detail);
        return app::ExitCannotRun;
    }
    if (const auto *when = std::get_if<app::WhenOptions>(&options->command))
        return app::tellWhen(*when, options->json);
    const auto paths = Paths::resolve(QProcessEnvironment::systemEnvironment());
    if (!paths) {
        app::Cli::say(describe(paths.error()));
        return app::ExitCannotRun;
    }
    if (const auto *decode = std::get_if<app::DecodeOptions>(&options->command))
        return app::decodeTranscript(*decode, *paths, options->json);
    if (const auto *serveOptions = std::get_if<app::ServeOptions>(&options->command);
        serveOptions && !serveOptions->stop)
        return serve(*serveOptions, *paths);
    return runCommand(*options, *paths);
}
