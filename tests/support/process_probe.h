// For tests with real processes: what "pid N" lines name, and whether they are gone.
#pragma once

#include "core/process/process_identity.h"

#include <QByteArray>
#include <QList>

#include <algorithm>

namespace muster::test {

// The processes that a helper program printed, as they are now.
inline QList<ProcessIdentity> reportedProcesses(const QByteArray &output)
{
    QList<ProcessIdentity> found;
    const QList<QByteArray> lines = output.split('\n');
    for (const QByteArray &line : lines) {
        if (!line.startsWith("pid "))
            continue;
        if (const auto identity = identityOf(line.mid(4).toLongLong()))
            found.append(*identity);
    }
    return found;
}

inline qsizetype livingOf(const QList<ProcessIdentity> &processes)
{
    return std::ranges::count_if(processes, isAlive);
}

} // namespace muster::test
