#include "core/viewmodel/visible_text.h"

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Letters or marks by category, but nothing is drawn for them.
constexpr std::array<char32_t, 6> fillers{0x034f, 0x115f, 0x1160, 0x2800, 0x3164, 0xffa0};

bool isUnseen(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control:
        return c != U'\n' && c != U'\t';
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return std::ranges::find(fillers, c) != fillers.end();
    }
}

} // namespace

QString withVisibleMarks(const QString &text)
{
    QString out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        char32_t c = text.at(i).unicode();
        if (text.at(i).isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate()) {
            c = QChar::surrogateToUcs4(text.at(i), text.at(i + 1));
            ++i;
        }
        if (isUnseen(c))
            out += u"⟨U+%1⟩"_s.arg(static_cast<uint>(c), 4, 16, QChar(u'0')).toUpper();
        else
            out += QChar::fromUcs4(c);
    }
    return out;
}

} // namespace muster
