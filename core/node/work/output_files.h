// Files that a step must leave behind, found by path or pattern below the folder it worked in. Reads the
// disk: not on the core thread.
#pragma once

#include <QString>
#include <QStringList>

namespace muster {

struct OutputFiles {
    QStringList found;   // relative to the folder, sorted
    QStringList missing; // patterns that nothing matches
};

// Links are not followed, .git is not looked into, and of a pattern at most 100 000 entries are.
[[nodiscard]] OutputFiles findOutputFiles(const QString &folder, const QStringList &patterns);

// As a failure's detail, "output_files" and what is missing with tabs between; empty: nothing is.
[[nodiscard]] QString outputFilesFault(const OutputFiles &files);

} // namespace muster
