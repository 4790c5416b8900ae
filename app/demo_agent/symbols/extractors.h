// One extractor of symbols per family of languages; symbolsOf() picks it. Any thread.
#pragma once

#include "app/demo_agent/symbols/symbols.h"

namespace muster::demo {

// What an extractor reads: the lines and the language whose comment marks apply.
struct Source {
    const QStringList &lines;
    const Language &language;
    const QString &path;
};

using Symbols = std::vector<Symbol>;

[[nodiscard]] Symbols pythonSymbols(const Source &source);
[[nodiscard]] Symbols cSymbols(const Source &source);
[[nodiscard]] Symbols scriptSymbols(const Source &source); // JavaScript and TypeScript
[[nodiscard]] Symbols perlSymbols(const Source &source);
[[nodiscard]] QString perlSummary(const Source &source);
// languages whose declarations fit one pattern per kind: Go, Rust, Java and kin, shell, Ruby, PHP, Lua.
[[nodiscard]] Symbols patternSymbols(const Source &source);

} // namespace muster::demo
