#include "ui/theme/metrics.h"

#include <QApplication>
#include <QFontMetrics>

#include <algorithm>

namespace muster::metrics {

int unit() { return std::max(2, (QFontMetrics(QApplication::font()).height() + 2) / 4); }

int units(int n) { return n * unit(); }

int iconSize() { return units(4); }

int rowHeight() { return units(7); }

int radius() { return unit() + unit() / 2; }

} // namespace muster::metrics
