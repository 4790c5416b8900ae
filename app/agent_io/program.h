// What every agent program does around its server: before there is one, and for as long as it has a client at
// standard input and output. Main thread, after QCoreApplication.
#pragma once

#include "app/agent_io/stdio.h"

#include <QCoreApplication>
#include <QTimer>

#include <chrono>

namespace muster {

// How long a server may take to put things away once its client has gone.
inline constexpr std::chrono::milliseconds leaveWithin{1800};

// False: the version was asked for and has been printed.
[[nodiscard]] bool beginProgram(const char *name);
// Says on standard error why there is no server. Gives the exit code.
[[nodiscard]] int refuseArguments(const char *name, const QString &why);

// Runs until the client has gone and nothing is left to do. Gives the exit code. `Server` has receive(bytes),
// close(), and the signal idle(): it was closed, and nothing runs any more.
template <typename Server> [[nodiscard]] int serve(const Stdio &stdio, Server &server)
{
    QObject::connect(&stdio, &Stdio::received, &server, &Server::receive);
    QObject::connect(&server, &Server::idle, QCoreApplication::instance(), &QCoreApplication::quit,
                     Qt::QueuedConnection);
    QObject::connect(&stdio, &Stdio::ended, &server, [&server] {
        QTimer::singleShot(leaveWithin, &QCoreApplication::quit);
        server.close();
    });
    return QCoreApplication::exec();
}

} // namespace muster
