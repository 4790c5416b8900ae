// Lengths that follow the application's font, so that a larger font or a denser screen scales everything.
// GUI thread, after QApplication.
#pragma once

namespace muster::metrics {

// A quarter of the font's height, about 4 px at the usual size: the unit of all spacing.
[[nodiscard]] int unit();
[[nodiscard]] int units(int n);

[[nodiscard]] inline int tight() { return units(1); }  // between an icon and its text
[[nodiscard]] inline int normal() { return units(2); } // between controls
[[nodiscard]] inline int wide() { return units(4); }   // between groups
[[nodiscard]] int iconSize();                          // beside text
[[nodiscard]] int rowHeight();                         // of a one-line list row
[[nodiscard]] int radius();

} // namespace muster::metrics
