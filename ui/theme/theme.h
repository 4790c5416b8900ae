// Theme: light, dark, or as the system says; sets palette, style and style sheet of the whole application.
// One object, made by runWindow(); widgets that paint by hand ask `Theme::colors()` each time they paint.
// GUI thread.
#pragma once

#include "ui/theme/colors.h"

#include <QObject>

namespace muster {

enum class ThemeMode : std::uint8_t { System, Light, Dark };

class Theme final : public QObject {
    Q_OBJECT

public:
    explicit Theme(QObject *parent = nullptr);

    void setMode(ThemeMode mode);
    [[nodiscard]] ThemeMode mode() const { return m_mode; }

    // Of the theme that is shown now; light before the first Theme is made.
    [[nodiscard]] static const ThemeColors &colors();

signals:
    void changed();

private:
    void apply();

    ThemeMode m_mode = ThemeMode::System;
};

} // namespace muster
