// Migrator: brings a store to this version's schema by numbered SQL files, in one transaction after a backup.
// Refuses a newer store (unless that says that this version may use it) and another program's database, and
// writes nothing then. Blocking; open() only.
#pragma once

#include "core/store/connection.h"

#include <functional>

namespace muster {

struct Migration {
    int version = 0;
    QString name; // 001_foundation
    QString sql;  // begins with `-- min_compatible: N`: the oldest schema whose Muster may use the result
    int minCompatible = 0;
};

struct MigrationReport {
    bool created = false;
    int from = 0;
    int to = 0;
    QString backup;
};

class Migrator {
public:
    // Makes a backup of a store that is about to be changed; gives its file.
    using BackupFn = std::function<Result<QString>()>;

    explicit Migrator(std::vector<Migration> migrations = embedded());

    [[nodiscard]] static std::vector<Migration> embedded();
    // Corrupt: the numbers do not follow each other, or a header is missing.
    [[nodiscard]] static Result<Migration> parse(const QString &fileName, const QString &sql);

    // Without writing: may this version use the file? A file that is missing or empty is fine.
    [[nodiscard]] Status inspect(const QString &file) const;
    [[nodiscard]] Result<MigrationReport> migrate(Connection &db, qint64 nowMs, const BackupFn &backup) const;
    [[nodiscard]] int newest() const;

private:
    [[nodiscard]] Status check(Connection &db) const;
    [[nodiscard]] static Status apply(Connection &db, const Migration &migration, qint64 nowMs);
    [[nodiscard]] Status applyPending(Connection &db, qint64 nowMs) const;

    std::vector<Migration> m_migrations; // ascending
};

} // namespace muster
