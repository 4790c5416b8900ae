// Style: Fusion with calmer metrics and a focus ring that is always seen. Fine drawing is in the style sheet.
// GUI thread.
#pragma once

#include <QProxyStyle>

namespace muster {

// Where the keyboard is: the same ring on everything.
void drawFocusRing(QPainter *painter, const QRect &rect);

class Style final : public QProxyStyle {
    Q_OBJECT

public:
    // Property of a button that Enter does not press.
    static constexpr const char *noDefault = "noDefault";

    Style();

    using QProxyStyle::polish;
    void polish(QWidget *widget) override; // Enter presses the button that has the focus, not only Space
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *returnData) const override;
    // None for the buttons of a dock's own title bar, which DockTitleBar stands in for: twelve icons in eight
    // sizes each would be read before the window shows.
    QIcon standardIcon(StandardPixmap which, const QStyleOption *option,
                       const QWidget *widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
};

} // namespace muster
