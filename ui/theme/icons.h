// Icons drawn from the SVG files in resources/icons in the colour of the text beside them, crisp at any size
// and scale. A name that does not exist is a programming error and gives an empty icon. GUI thread.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace muster {

// In the palette's text colour; follows a change of theme.
[[nodiscard]] QIcon themedIcon(const QString &name);
// In one colour, for status signs.
[[nodiscard]] QPixmap iconPixmap(const QString &name, const QColor &color, int size, qreal devicePixelRatio);
// With its own colours: the application's sign and the tray's pictures.
[[nodiscard]] QPixmap signPixmap(const QString &name, int size, qreal devicePixelRatio);

} // namespace muster
