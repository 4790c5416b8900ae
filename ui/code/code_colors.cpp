#include "ui/code/code_colors.h"

namespace muster {

QColor codeColor(CodeRole role, const ThemeColors &colors)
{
    switch (role) {
    case CodeRole::Keyword:
        return colors.dark ? QColor(0xd9a0f0) : QColor(0x822a94);
    case CodeRole::Type:
        return colors.dark ? QColor(0x6fd0d8) : QColor(0x0a626c);
    case CodeRole::Function:
        return colors.running;
    case CodeRole::Text:
        return colors.dark ? QColor(0x8fd6a8) : QColor(0x0f5f36);
    case CodeRole::Number:
    case CodeRole::Preprocessor:
        return colors.waiting;
    case CodeRole::Comment:
        return colors.mutedText;
    case CodeRole::Problem:
        return colors.failed;
    case CodeRole::Plain:
        break;
    }
    return colors.text;
}

} // namespace muster
