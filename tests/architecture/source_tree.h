// The files of a source tree, as the repository's rules see it: no build folder, nothing hidden but .ci.
#pragma once

#include <QString>
#include <QStringList>

namespace muster::architecture {

// Paths from root, sorted, of the files whose names match one of the patterns (as QDir does).
[[nodiscard]] QStringList sourceFiles(const QString &root, const QStringList &patterns);

// The file's text, or a null string if it cannot be read.
[[nodiscard]] QString readText(const QString &path);

// C++ text with its comments, its strings or both turned into blanks, so that a rule looks only at what it
// means; line breaks stay, so that line numbers hold.
enum class Blank : char { Nothing, Comments, Strings, Both };
[[nodiscard]] QString blanked(const QString &source, Blank what);

} // namespace muster::architecture
