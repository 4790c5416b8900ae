#include "ui/widgets/recolored_icon_label.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace muster {

RecoloredIconLabel::RecoloredIconLabel(QString icon, QWidget *parent)
    : QWidget(parent)
    , m_icon(std::move(icon))
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void RecoloredIconLabel::setIcon(const QString &icon, QColor ThemeColors::*role)
{
    m_icon = icon;
    m_role = role;
    update();
}

QSize RecoloredIconLabel::sizeHint() const { return {metrics::iconSize(), metrics::iconSize()}; }

void RecoloredIconLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const int size = metrics::iconSize();
    painter.drawPixmap(0, (height() - size) / 2,
                       iconPixmap(m_icon, Theme::colors().*m_role, size, devicePixelRatioF()));
}

} // namespace muster
