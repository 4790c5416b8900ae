// What can be told of a runtime without starting it, and how its words about its version are read. Touches
// the file system, so not on the core thread; else pure.
#pragma once

#include "core/agent/runtime_record.h"
#include "core/agent/runtime_status.h"

#include <QStringList>

namespace muster {

struct FoundProgram {
    RuntimeStatus status; // without a version
    QString identity;     // changes when the file does; empty: there is none
};

// `environment`: "NAME=value", ours, unfiltered: a key may be in it. `keptKeys`: names of variables that are
// kept.
[[nodiscard]] FoundProgram lookUpRuntime(const RuntimeRecord &runtime, const QStringList &environment,
                                         const QStringList &keptKeys = {});

// The version in what the program printed; empty: none.
[[nodiscard]] QString versionIn(const RuntimeRecord &runtime, const QString &printed);
[[nodiscard]] bool isOlder(const QString &version, const QString &minimum);

// The first problem that a start would meet, by what is known.
[[nodiscard]] LaunchProblem problemOf(const RuntimeRecord &runtime, const RuntimeStatus &status);

} // namespace muster
