#include "ui/theme/colors.h"

#include <cmath>

namespace muster {

const ThemeColors &lightColors()
{
    static const ThemeColors colors{
        .window = QColor(0xf3f4f6),
        .surface = QColor(0xffffff),
        .raised = QColor(0xffffff),
        .sunken = QColor(0xf0f1f4),
        .selection = QColor(0xdfe8fc),
        .hover = QColor(0xeceff4),
        .border = QColor(0xdcdfe5),
        .strongBorder = QColor(0x868e9c),
        .focus = QColor(0x2f5fde),
        .text = QColor(0x1b1f27),
        .mutedText = QColor(0x545c6b),
        .disabledText = QColor(0x969ca8),
        .accent = QColor(0x2b59d3),
        .accentText = QColor(0xffffff),
        .running = QColor(0x4338ca),
        .waiting = QColor(0x8a4b00),
        .completed = QColor(0x136c3d),
        .failed = QColor(0xb3202f),
        .neutral = QColor(0x545c6b),
        .addedBackground = QColor(0xe2f5e9),
        .removedBackground = QColor(0xfde8ea),
        .dark = false,
    };
    return colors;
}

const ThemeColors &darkColors()
{
    static const ThemeColors colors{
        .window = QColor(0x15171c),
        .surface = QColor(0x1c1f26),
        .raised = QColor(0x272b35),
        .sunken = QColor(0x121419),
        .selection = QColor(0x2a3a63),
        .hover = QColor(0x262a33),
        .border = QColor(0x2f3440),
        .strongBorder = QColor(0x6d7687),
        .focus = QColor(0x8fb0ff),
        .text = QColor(0xe6e9ee),
        .mutedText = QColor(0xa8b0be),
        .disabledText = QColor(0x6a7180),
        .accent = QColor(0x86a9ff),
        .accentText = QColor(0x0d1017),
        .running = QColor(0xb4b8ff),
        .waiting = QColor(0xeab65c),
        .completed = QColor(0x68cf94),
        .failed = QColor(0xff9c9c),
        .neutral = QColor(0xa8b0be),
        .addedBackground = QColor(0x17301f),
        .removedBackground = QColor(0x3a1d22),
        .dark = true,
    };
    return colors;
}

namespace {

double channel(double value)
{
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &c)
{
    return 0.2126 * channel(c.redF()) + 0.7152 * channel(c.greenF()) + 0.0722 * channel(c.blueF());
}

} // namespace

double contrastRatio(const QColor &a, const QColor &b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace muster
