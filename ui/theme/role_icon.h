// An icon from resources/icons in one colour of the theme, which follows a change of theme: for a control
// whose sign tells a state. GUI thread.
#pragma once

#include "ui/theme/colors.h"

#include <QIcon>

namespace muster {

[[nodiscard]] QIcon roleIcon(const QString &name, QColor ThemeColors::*role);

} // namespace muster
