// Paths: where everything of this Muster lies. MUSTER_HOME names one folder for all of it; without it the
// XDG base directories are used. The socket lies in the runtime folder under a hash of the home's path, since
// a socket path ends at 107 bytes. Value type, any thread; resolve() makes the folders (0700).
#pragma once

#include "core/base/result.h"

#include <QProcessEnvironment>
#include <QString>

namespace muster {

struct Paths {
    QString home; // canonical; what the store, and so the node, is known by
    QString storeFile;
    QString backupDir;
    QString logDir;
    QString runtimeDir; // of this user, 0700; gone after a restart of the machine
    QString socketFile;
    QString tmpDir;
    QString worktreeDir;
    QString sessionDir; // a folder per session
    QString guardDir;   // what muster-guard leaves
    QString configDir;
    QString configFile;

    // PermissionDenied: the runtime folder belongs to somebody else or is a symbolic link. Io: a folder
    // cannot be made. InvalidArgument: MUSTER_HOME is not an absolute path, or no home is known.
    [[nodiscard]] static Result<Paths> resolve(const QProcessEnvironment &environment);
};

} // namespace muster
