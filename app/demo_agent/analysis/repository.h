// What a folder with source code holds, file by file: language, size, lines, tests, notes. Of a git
// repository: what git tracks or would track; else every file but those of caches and builds. Symbolic
// links are counted, never followed. Files above maxReadBytes are listed but not read. Any thread.
#pragma once

#include "app/demo_agent/analysis/language.h"
#include "app/demo_agent/analysis/line_counter.h"
#include "app/demo_agent/analysis/stop.h"
#include "core/base/result.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace muster::demo {

constexpr qint64 maxReadBytes = 2'000'000;

struct FileFacts {
    QString path;                       // relative to the root
    const Language *language = nullptr; // null: unknown or binary
    qint64 bytes = 0;
    LineCounts counts;
    int tests = 0;
    bool testFile = false;
    bool foreign = false; // vendored, generated or a lock file: counted apart
    bool binary = false;
    bool tooLarge = false;
    bool unreadable = false; // its permissions do not let us

    [[nodiscard]] bool isCode() const;    // own program text
    [[nodiscard]] QString folder() const; // "" at the top
    [[nodiscard]] QString name() const;
};

struct Repository {
    QString root; // absolute, canonical
    QString name; // for people
    bool git = false;
    int links = 0;
    int nested = 0;               // submodules and other repositories inside: not looked into
    int oddNames = 0;             // files whose names are no UTF-8: not looked into
    std::vector<FileFacts> files; // by path

    [[nodiscard]] const FileFacts *file(const QString &path) const;
    [[nodiscard]] std::vector<const FileFacts *> under(const QString &folder) const; // "" is all
};

[[nodiscard]] Result<Repository> scanRepository(const QString &root, const StopCheck &stop = {});

// The text of a file of the repository; empty if it is binary, too large or gone.
[[nodiscard]] QByteArray textOf(const Repository &repository, const QString &path);

} // namespace muster::demo
