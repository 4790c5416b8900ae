// The application's style sheet: resources/themes/muster.qss with its @names replaced by colours (roles of
// ThemeColors) and its @u1…@u9 by multiples of the spacing unit. Pure but for the font. GUI thread.
#pragma once

#include "ui/theme/colors.h"

#include <QString>

namespace muster {

[[nodiscard]] QString styleSheetFor(const ThemeColors &colors);

} // namespace muster
