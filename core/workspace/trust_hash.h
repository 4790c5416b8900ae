// A hash over all that can make a project act: its flows, profiles, teams, skills and .muster folder, and
// the drivers of its git configuration. Trust is kept with this hash and lapses when it changes. Links are
// hashed as links, never followed. Reads files: call it from a worker thread.
#pragma once

#include "core/base/result.h"

#include <QByteArrayList>
#include <QString>

namespace muster {

// Hexadecimal SHA-256. `gitDrivers` is what readGitDrivers() found, one entry per setting.
// Errors: NotFound, Io (something cannot be read), TooLarge (over 10 000 files or 64 MiB: cannot be trusted).
[[nodiscard]] Result<QString> trustHash(const QString &projectRoot, const QByteArrayList &gitDrivers = {});
// The files that count, relative to the root, sorted: what to show when asking for trust.
[[nodiscard]] Result<QStringList> trustedFiles(const QString &projectRoot);

} // namespace muster
