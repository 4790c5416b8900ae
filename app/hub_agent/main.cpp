#include "app/agent_io/program.h"
#include "app/hub_agent/serve/server.h"

#include <unistd.h>

using namespace muster;
using namespace muster::hub;

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    constexpr auto name = "muster-hub-agent";
    if (!beginProgram(name))
        return 0;
    const auto options = readOptions(QCoreApplication::arguments());
    if (!options)
        return refuseArguments(name, options.error().detail);
    leaveCallersHub();
    Stdio stdio(STDIN_FILENO, STDOUT_FILENO);
    Server server(*options, [&stdio](const QByteArray &bytes) { stdio.write(bytes); });
    return serve(stdio, server);
}
