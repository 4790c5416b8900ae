#include "app/agent_io/program.h"
#include "app/model_agent/serve/server.h"

#include <QNetworkProxyFactory>

#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace muster;
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
    constexpr auto name = "muster-model-agent";
    if (!beginProgram(name))
        return 0;
    const auto options = readOptions(QCoreApplication::arguments());
    if (!options)
        return refuseArguments(name, options.error().where + u' ' + options.error().detail);
    chooseProxy(options->address);
    const auto api = makeModelApi(options->api);
    Stdio stdio(STDIN_FILENO, STDOUT_FILENO);
    Server server(*options, *api, [&stdio](const QByteArray &bytes) { stdio.write(bytes); });
    return serve(stdio, server);
}
