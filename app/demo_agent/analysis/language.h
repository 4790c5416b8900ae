// Which language a file is in, and what marks its comments: one table, looked up by name, extension or
// the "#!" line. Any thread; the table lives as long as the program.
#pragma once

#include <QByteArrayView>
#include <QString>

#include <array>
#include <cstdint>

namespace muster::demo {

enum class LanguageKind : std::uint8_t { Code, Markup, Data, Prose };

// Languages whose declarations look alike share one extractor of symbols.
enum class Family : std::uint8_t {
    None,
    C,
    Python,
    JavaScript,
    Go,
    Rust,
    Java,
    Shell,
    Perl,
    Ruby,
    Php,
    Lua,
};

struct Language {
    const char *name;
    LanguageKind kind;
    Family family;
    const char *extensions;   // separated by blanks, without the dot
    const char *fileNames;    // whole names, separated by blanks
    const char *interpreters; // of the "#!" line, without version digits
    std::array<const char *, 2> lineComments;
    const char *blockOpen;
    const char *blockClose;
};

// `head` is the beginning of the file (its "#!" line, if any). Null if no entry fits.
[[nodiscard]] const Language *languageOf(const QString &path, QByteArrayView head);
[[nodiscard]] const Language *languageNamed(QLatin1StringView name);

} // namespace muster::demo
