// ThemeColors: every colour the window uses, by role, for light and for dark. Text and status colours have a
// contrast of at least 4.5:1 on every background they may stand on (tests/ui/tst_theme.cpp checks each pair);
// status is never told by colour alone. Value type, GUI thread.
#pragma once

#include <QColor>

namespace muster {

struct ThemeColors {
    // Backgrounds, from the frame of the window inwards.
    QColor window;
    QColor surface; // lists, text, docks
    QColor raised;  // buttons, cards, popups
    QColor sunken;  // code, terminals' frames, headers
    QColor selection;
    QColor hover;

    QColor border;
    QColor strongBorder; // outline of controls: 3:1 against the surface
    QColor focus;

    QColor text;
    QColor mutedText;
    QColor disabledText;
    QColor accent;
    QColor accentText; // on accent

    QColor running;
    QColor waiting;
    QColor completed;
    QColor failed;
    QColor neutral;

    QColor addedBackground; // of diffs
    QColor removedBackground;

    bool dark = false;
};

[[nodiscard]] const ThemeColors &lightColors();
[[nodiscard]] const ThemeColors &darkColors();

// Ratio 1…21 of two opaque colours; source: WCAG 2.2, relative luminance.
[[nodiscard]] double contrastRatio(const QColor &a, const QColor &b);

} // namespace muster
