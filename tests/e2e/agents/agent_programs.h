// The real agent programs that install.sh installs: where each is, what its environment and its files must
// say so that it talks to the fake model and to nobody else. Source of the settings: each program's own
// documentation, tried out with the versions of install.sh.
#pragma once

#include <QString>
#include <QStringList>

#include <utility>
#include <vector>

namespace muster::e2e {

struct AgentProgram {
    QString runtime;                                        // id in the catalog
    QString package;                                        // whose version it is; empty: comes with Muster
    QStringList environment;                                // "NAME=value"; @HOME@ and @URL@ are replaced
    QString key;                                            // "NAME=value", without which nobody is signed in
    std::vector<std::pair<QString, QByteArray>> files = {}; // below its home; so too @KEY@, its key's name
    QString limitKey = {}; // the sign-in whose limits have an end that is told; empty: `key`
    QString folder = {};   // in the cache; empty: as the runtime
    QString model = {};    // to be asked for; empty: what its files say
};

[[nodiscard]] const std::vector<AgentProgram> &agentPrograms();
[[nodiscard]] const AgentProgram *findProgram(const QString &runtime);

// $MUSTER_AGENT_CACHE, else ~/.cache/muster-e2e.
[[nodiscard]] QString agentCache();
// What is installed; empty: it is not there, or not wholly.
[[nodiscard]] QString installedVersion(const AgentProgram &program);
// The Node.js 22 that the programs run on; empty: it is not there, or not wholly.
[[nodiscard]] QString nodeProgram();

// Makes `home` the program's home, and gives the environment it has to start with: signed in or not.
[[nodiscard]] QStringList prepareHome(const AgentProgram &program, const QString &home, const QString &url);

} // namespace muster::e2e
