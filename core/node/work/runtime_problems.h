// What is known to be wrong with runtimes before one is started: so that work takes another, and so that it
// can be told before a run. Core thread; the look at the disk is a worker's.
#pragma once

#include "core/agent/runtime_catalog.h"
#include "core/base/async.h"
#include "core/node/work/accounts.h"

#include <QHash>

namespace muster {

// What knownProblems() asks about.
struct RuntimeQuestion {
    QStringList ids;
    std::vector<RuntimeRecord> records; // of those that the catalog has
    QStringList kept;                   // names of variables that are kept

    [[nodiscard]] static RuntimeQuestion about(const RuntimeCatalog &catalog, const QStringList &ids,
                                               const QStringList &kept);
};

// Of those that cannot be used: not there, not signed in, resting until a limit is over.
[[nodiscard]] Async<QHash<QString, LaunchProblem>> knownProblems(Accounts &accounts,
                                                                 RuntimeQuestion question);

} // namespace muster
