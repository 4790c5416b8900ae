// muster-window: what `muster` becomes without a command. The arguments are the same.
#include "app/command_line.h"
#include "app/composition.h"
#include "app/node_access.h"
#include "app/signals.h"
#include "app/translations.h"
#include "app/window/window_session.h"
#include "core/base/log.h"
#include "core/viewmodel/describe.h"

#include <QApplication>
#include <QDir>
#include <QProcessEnvironment>

#include <csignal>
#include <cstdio>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int exitUsage = 2;
constexpr int exitCannotRun = 3;

int complain(const QString &text, int code)
{
    std::fprintf(stderr, "%s\n", qPrintable(text));
    return code;
}

app::SessionOptions sessionOptions(const app::Options &options, const Paths &paths)
{
    return {.settingsFile = paths.configDir + u"/window.ini"_s,
            .theme = std::get<app::WindowOptions>(options.command).theme,
            .project = options.project.isEmpty() ? QString() : QDir(options.project).absolutePath(),
            .ownNode = options.inProcess};
}

int showOn(api::NodeApi *node, const app::SessionOptions &options)
{
    app::WindowSession session(node, options);
    QObject::connect(&session, &app::WindowSession::finished, qApp, &QApplication::quit);
    app::onSignals({SIGINT, SIGTERM, SIGHUP}, &session, [](int) { QApplication::quit(); });
    session.open();
    return QApplication::exec();
}

int runInProcess(const app::SessionOptions &options, const Paths &paths, const QString &name)
{
    auto core =
        app::CoreThread::start({.paths = paths, .binFolder = QCoreApplication::applicationDirPath()}, name);
    if (!core)
        return complain(describe(core.error()), exitCannotRun);
    return showOn(&(*core)->api(), options); // the core thread ends with its scope
}

} // namespace

int main(int argc, char **argv)
{
    QApplication::setApplicationName(u"muster"_s);
    QApplication::setApplicationDisplayName(u"Muster"_s);
    QApplication::setApplicationVersion(QStringLiteral(MUSTER_VERSION));
    QApplication::setDesktopFileName(u"io.muster.Muster"_s);
    QApplication::setQuitOnLastWindowClosed(false); // the session ends the program
    const QApplication application(argc, argv);
    app::loadTranslations();
    const auto options = app::parseCommandLine(QCoreApplication::arguments().sliced(1));
    if (!options)
        return complain(options.error().detail, exitUsage);
    if (!std::holds_alternative<app::WindowOptions>(options->command))
        return complain(u"muster-window has no commands; use muster."_s, exitUsage);
    const auto paths = Paths::resolve(QProcessEnvironment::systemEnvironment());
    if (!paths)
        return complain(describe(paths.error()), exitCannotRun);
    const QString name = u"window (pid %1)"_s.arg(QCoreApplication::applicationPid());
    if (const Status log = installLog({.dir = paths->logDir, .name = u"window"_s, .alsoStderr = true}); !log)
        std::fprintf(stderr, "%s\n", qPrintable(describe(log.error()))); // it works without
    const app::SessionOptions session = sessionOptions(*options, *paths);
    if (options->inProcess)
        return runInProcess(session, *paths, name);
    const auto access = app::NodeAccess::background(*paths, name, true);
    return showOn(&access->api(), session);
}
