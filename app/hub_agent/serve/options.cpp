#include "app/hub_agent/serve/options.h"

#include <QCommandLineParser>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace muster::hub {

Result<Options> readOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption({u"program"_s, {}, u"name"_s, u"paseo"_s});
    if (!parser.parse(arguments) || !parser.positionalArguments().isEmpty())
        return fail(ErrorCode::InvalidArgument, parser.errorText());
    Options options{.program = parser.value(u"program"_s),
                    .provider = qEnvironmentVariable("MUSTER_PASEO_PROVIDER").trimmed(),
                    .mode = qEnvironmentVariable("MUSTER_PASEO_MODE").trimmed(),
                    .stateFolder = qEnvironmentVariable("MUSTER_HUB_STATE")};
    if (options.stateFolder.isEmpty())
        options.stateFolder =
            QStandardPaths::writableLocation(QStandardPaths::GenericStateLocation) + u"/muster-hub-agent";
    return options;
}

void leaveCallersHub()
{
    for (const char *name : {"PASEO_AGENT_ID", "PASEO_AGENT_CWD", "PASEO_WORKSPACE_ID"})
        qunsetenv(name);
}

} // namespace muster::hub
