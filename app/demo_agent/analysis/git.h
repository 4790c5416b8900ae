// Runs git on a repository that is not trusted, so that none of its settings can run a program, and reads
// what its history says. Blocks; ends the child when told to stop. Errors: Unavailable (no git, not a
// repository), Timeout, Cancelled, Io (git's last line). Any thread.
#pragma once

#include "app/demo_agent/analysis/stop.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QHash>
#include <QStringList>

#include <vector>

namespace muster::demo {

[[nodiscard]] Result<QByteArray> runGit(const QString &directory, const QStringList &arguments,
                                        const StopCheck &stop = {}, int timeoutMs = 20'000);

struct Commit {
    QString id; // 40 digits
    QString author;
    QString subject;
    QDateTime when; // UTC, the author's date
    QStringList files;
};

struct Churn {
    int commits = 0;
    qint64 added = 0;
    qint64 removed = 0;
};

struct History {
    QString head;                 // 40 or 64 digits; "" before the first commit
    std::vector<Commit> commits;  // newest first, at most the newest `limit`
    QHash<QString, Churn> byFile; // paths relative to the directory
    QHash<QString, int> authors;
    bool complete = true; // false: older commits were left out
    bool shallow = false; // older commits are not in this clone
};

[[nodiscard]] Result<History> readHistory(const QString &directory, const StopCheck &stop = {},
                                          int limit = 1500);

} // namespace muster::demo
