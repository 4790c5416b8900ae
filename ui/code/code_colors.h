// Colours of code by what it is, for light and dark, with a contrast of at least 4.5:1 on the surface and on
// the backgrounds of added and removed lines (tests/ui/tst_changes_page.cpp checks each). GUI thread.
#pragma once

#include "ui/theme/colors.h"

namespace muster {

enum class CodeRole : std::uint8_t {
    Plain,
    Keyword,
    Type,
    Function,
    Text,
    Number,
    Comment,
    Preprocessor,
    Problem
};

[[nodiscard]] QColor codeColor(CodeRole role, const ThemeColors &colors);

} // namespace muster
