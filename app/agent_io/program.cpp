#include "app/agent_io/program.h"

#include <csignal>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace muster {

bool beginProgram(const char *name)
{
    QCoreApplication::setApplicationVersion(QStringLiteral(MUSTER_VERSION));
    (void)std::signal(SIGPIPE, SIG_IGN);
    if (!QCoreApplication::arguments().contains("--version"_L1))
        return true;
    std::printf("%s %s\n", name, MUSTER_VERSION);
    return false;
}

int refuseArguments(const char *name, const QString &why)
{
    std::fprintf(stderr, "%s: %s\n", name, qPrintable(why));
    return 2;
}

} // namespace muster
