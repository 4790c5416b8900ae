// Recovery: a damaged store is set aside under another name, never deleted, and the newest good backup takes
// its place. Blocking; open() only, by the one process that has the store to itself.
#pragma once

#include "core/store/backup.h"

namespace muster {

struct Recovered {
    QString setAside;
    std::optional<BackupFile> from; // none: no good backup, a new store begins
};

// Io: a file could not be moved; then nothing is lost and nothing is opened.
[[nodiscard]] Result<Recovered> setAsideAndRestore(const QString &storeFile, const Backups &backups,
                                                   qint64 nowMs);

} // namespace muster
