// Backups: whole copies made by VACUUM INTO while others write, named muster-<UTC date and time>-<why>.db,
// the newest kept. Also the check of a file. Blocking; reader threads and open() only.
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace muster {

struct BackupFile {
    QString file;
    qint64 atMs = 0; // UTC, from its name
};

class Backups {
public:
    Backups(QString dir, int keep)
        : m_dir(std::move(dir))
        , m_keep(keep)
    {
    }

    // A copy of `store` named by `nowMs` and `why` (daily, upgrade); older ones beyond the number to keep go.
    // Written under another name first: a file with a backup's name is whole.
    [[nodiscard]] Result<QString> make(const QString &store, qint64 nowMs, const QString &why) const;
    // Newest first.
    [[nodiscard]] std::vector<BackupFile> list() const;
    [[nodiscard]] bool dueAt(qint64 nowMs) const; // no backup of this UTC day
    // The newest that passes the check; nullopt: none.
    [[nodiscard]] std::optional<BackupFile> newestGood() const;

private:
    void removeOld(qint64 nowMs) const;

    QString m_dir;
    int m_keep;
};

// quick_check of a file. Corrupt: what was found first. Io: cannot be opened.
[[nodiscard]] Status checkStoreFile(const QString &file);

} // namespace muster
