#include "app/agent_io/stdio.h"
#include "app/model_agent/serve/server.h"

#include <QCoreApplication>
#include <QNetworkProxyFactory>
#include <QTimer>

#include <unistd.h>

#include <csignal>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace muster::model;

namespace {

// What runs on this machine is never asked for through a proxy.
void chooseProxy(const QUrl &address)
{
    const QString host = address.host();
    const bool isHere = host == "localhost"_L1 || host.startsWith("127."_L1) || host == "::1"_L1;
    QNetworkProxyFactory::setUseSystemConfiguration(!isHere);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationVersion(QStringLiteral(MUSTER_VERSION));
    (void)std::signal(SIGPIPE, SIG_IGN);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.contains("--version"_L1)) {
        std::printf("muster-model-agent %s\n", MUSTER_VERSION);
        return 0;
    }
    const auto options = readOptions(arguments);
    if (!options) {
        std::fprintf(stderr, "muster-model-agent: %s %s\n", qPrintable(options.error().where),
                     qPrintable(options.error().detail));
        return 2;
    }
    chooseProxy(options->address);
    const auto api = muster::makeModelApi(options->api);
    muster::Stdio stdio(STDIN_FILENO, STDOUT_FILENO);
    Server server(*options, *api, [&stdio](const QByteArray &bytes) { stdio.write(bytes); });
    QObject::connect(&stdio, &muster::Stdio::received, &server, &Server::receive);
    // The client has gone: a command that runs is ended first, if that does not take long.
    QObject::connect(&server, &Server::idle, &application, &QCoreApplication::quit, Qt::QueuedConnection);
    QObject::connect(&stdio, &muster::Stdio::ended, &server, [&server] {
        QTimer::singleShot(std::chrono::milliseconds(1800), &QCoreApplication::quit);
        server.close();
    });
    return QCoreApplication::exec();
}
