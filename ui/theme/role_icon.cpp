#include "ui/theme/role_icon.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QIconEngine>
#include <QPainter>

namespace muster {
namespace {

class RoleIconEngine final : public QIconEngine {
public:
    RoleIconEngine(QString name, QColor ThemeColors::*role)
        : m_name(std::move(name))
        , m_role(role)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
        painter->drawPixmap(rect, scaledPixmap(rect.size(), mode, state, ratio));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode, QIcon::State, qreal scale) override
    {
        return iconPixmap(m_name, Theme::colors().*m_role, size.width(), scale);
    }
    [[nodiscard]] QIconEngine *clone() const override { return new RoleIconEngine(m_name, m_role); }

private:
    QString m_name;
    QColor ThemeColors::*m_role;
};

} // namespace

QIcon roleIcon(const QString &name, QColor ThemeColors::*role)
{
    return QIcon(new RoleIconEngine(name, role));
}

} // namespace muster
