#include "ui/shell/tray.h"

#include "core/viewmodel/describe.h"
#include "ui/shell/action_registry.h"
#include "ui/theme/icons.h"

#include <QAction>
#include <QIcon>
#include <QMenu>
#include <QPainter>
#include <QSystemTrayIcon>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QString pictureName(api::SwarmLoad load)
{
    switch (load) {
    case api::SwarmLoad::Quiet:
        return u"tray-quiet"_s;
    case api::SwarmLoad::Working:
        return u"tray-working"_s;
    case api::SwarmLoad::Saturated:
        return u"tray-saturated"_s;
    }
    return u"tray-quiet"_s;
}

QIcon trayIcon(api::SwarmLoad load, int count)
{
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 48, 64})
        icon.addPixmap(trayPicture(load, count, size));
    return icon;
}

} // namespace

QPixmap trayPicture(api::SwarmLoad load, int count, int size)
{
    QPixmap picture = signPixmap(pictureName(load), size, 1.0);
    if (count <= 0)
        return picture;
    const QString text = count > 9 ? u"9+"_s : QString::number(count);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal diameter = size * 0.62;
    const QRectF badge(size - diameter, size - diameter, diameter, diameter);
    painter.setPen(QPen(Qt::white, size / 24.0));
    painter.setBrush(QColor(0xb3202f));
    painter.drawEllipse(badge.adjusted(0.5, 0.5, -0.5, -0.5));
    QFont font = painter.font();
    font.setPixelSize(std::max(6, static_cast<int>(diameter * (text.size() > 1 ? 0.5 : 0.72))));
    font.setBold(true);
    painter.setFont(font);
    painter.drawText(badge, Qt::AlignCenter, text);
    return picture;
}

Tray *Tray::createIfAvailable(ActionRegistry *actions, QObject *parent)
{
    return QSystemTrayIcon::isSystemTrayAvailable() ? new Tray(actions, parent) : nullptr;
}

Tray::Tray(ActionRegistry *actions, QObject *parent)
    : QObject(parent)
    , m_menu(std::make_unique<QMenu>())
    , m_icon(new QSystemTrayIcon(this))
{
    for (const QString &id : {u"window.show"_s, u"view.dock.inbox"_s, u"chat.new"_s, u"flow.start"_s}) {
        if (QAction *action = actions->action(id))
            m_menu->addAction(action);
    }
    m_menu->addSeparator();
    if (QAction *quit = actions->action(u"app.quit"_s))
        m_menu->addAction(quit);
    m_icon->setContextMenu(m_menu.get());
    m_icon->setIcon(trayIcon(api::SwarmLoad::Quiet, 0));
    m_icon->setToolTip(tr("Muster"));
    connect(m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
            emit activated();
    });
    connect(m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::messageClicked);
    m_icon->show();
}

Tray::~Tray() = default;

void Tray::setStatus(const api::NodeStatus &status)
{
    m_icon->setIcon(trayIcon(status.load, status.waitingForYou));
    m_icon->setToolTip(tr("Muster: %1").arg(summary(status)));
}

void Tray::setDisconnected()
{
    m_icon->setIcon(trayIcon(api::SwarmLoad::Quiet, 0));
    m_icon->setToolTip(tr("Muster: no connection to the node"));
}

void Tray::notify(const QString &title, const QString &text)
{
    m_icon->showMessage(title, text, m_icon->icon());
}

QString Tray::summary(const api::NodeStatus &status)
{
    const QString counts = describeCounts(status);
    if (status.load == api::SwarmLoad::Saturated)
        return tr("at capacity") + u" · "_s + counts;
    return counts.isEmpty() ? tr("quiet") : counts;
}

} // namespace muster
