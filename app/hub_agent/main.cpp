#include "app/agent_io/stdio.h"
#include "app/hub_agent/serve/server.h"

#include <QCoreApplication>
#include <QTimer>

#include <unistd.h>

#include <csignal>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace muster::hub;

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationVersion(QStringLiteral(MUSTER_VERSION));
    (void)std::signal(SIGPIPE, SIG_IGN);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.contains("--version"_L1)) {
        std::printf("muster-hub-agent %s\n", MUSTER_VERSION);
        return 0;
    }
    const auto options = readOptions(arguments);
    if (!options) {
        std::fprintf(stderr, "muster-hub-agent: %s\n", qPrintable(options.error().detail));
        return 2;
    }
    leaveCallersHub();
    muster::Stdio stdio(STDIN_FILENO, STDOUT_FILENO);
    Server server(*options, [&stdio](const QByteArray &bytes) { stdio.write(bytes); });
    QObject::connect(&stdio, &muster::Stdio::received, &server, &Server::receive);
    // The client has gone: what was made in the hub is put away first, if that does not take long.
    QObject::connect(&server, &Server::idle, &application, &QCoreApplication::quit, Qt::QueuedConnection);
    QObject::connect(&stdio, &muster::Stdio::ended, &server, [&server] {
        QTimer::singleShot(std::chrono::milliseconds(1800), &QCoreApplication::quit);
        server.close();
    });
    return QCoreApplication::exec();
}
