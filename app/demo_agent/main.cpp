#include "app/demo_agent/serve/command.h"
#include "app/demo_agent/serve/one_shot.h"
#include "app/demo_agent/serve/server.h"

#include <QCoreApplication>

#include <unistd.h>

#include <csignal>
#include <cstdio>

using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationVersion(QStringLiteral(MUSTER_VERSION));
    (void)std::signal(SIGPIPE, SIG_IGN);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() > 1)
        return muster::demo::runOneShot(arguments.sliced(1));

    using namespace muster::demo;
    Server server(STDIN_FILENO, STDOUT_FILENO, SessionStore(SessionStore::defaultFolder()));
    server.run();
    // The client is gone: turns that still work, or ignore being told to stop, go with the process.
    endAllCommands();
    ::_exit(0);
}
