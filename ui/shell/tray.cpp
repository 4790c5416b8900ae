#include "ui/shell/tray.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/schedule_pause.h"
#include "ui/shell/tray_menu.h"
#include "ui/theme/icons.h"

#include <QDateTime>
#include <QMenu>
#include <QPainter>
#include <QSystemTrayIcon>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int ageIntervalMs = 15'000;
constexpr QRgb badgeColor = 0xff1b1f27;
constexpr QRgb failureColor = 0xffb3202f;

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

void drawBadge(QPainter &painter, int size, QRgb color, const QString &text)
{
    const qreal diameter = size * 0.62;
    const QRectF badge(size - diameter, size - diameter, diameter, diameter);
    painter.setPen(QPen(Qt::white, std::max(1.0, size / 24.0)));
    painter.setBrush(QColor(color));
    painter.drawEllipse(badge.adjusted(0.5, 0.5, -0.5, -0.5));
    QFont font = painter.font();
    font.setPixelSize(std::max(6, static_cast<int>(diameter * (text.size() > 1 ? 0.5 : 0.72))));
    font.setBold(true);
    painter.setFont(font);
    painter.drawText(badge, Qt::AlignCenter, text);
}

} // namespace

QPixmap trayPicture(api::SwarmLoad load, int count, bool failure, int size)
{
    QPixmap picture = signPixmap(pictureName(load), size, 1.0);
    if (!failure && count <= 0)
        return picture;
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    if (failure)
        drawBadge(painter, size, failureColor, u"!"_s);
    else
        drawBadge(painter, size, badgeColor, count > 9 ? u"9+"_s : QString::number(count));
    return picture;
}

QIcon trayIcon(api::SwarmLoad load, int count, bool failure)
{
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 48, 64})
        icon.addPixmap(trayPicture(load, count, failure, size));
    return icon;
}

QString trayToolTip(const api::NodeStatus &status, qint64 pausedUntilMs, qint64 nowMs)
{
    QStringList lines{Tray::tr("Muster: %1").arg(describeLoad(status)), describeForemost(status, nowMs),
                      describeHeldBack(status), describeAllPaused(pausedUntilMs, nowMs)};
    if (!status.pausedReason.isEmpty())
        lines.insert(1, describePause(status.pausedReason));
    lines.removeAll(QString());
    return lines.join(u'\n');
}

Tray *Tray::createIfAvailable(NodeFeed *feed, const SchedulePause *pause, TrayMenu *menu, QObject *parent)
{
    return QSystemTrayIcon::isSystemTrayAvailable() ? new Tray(feed, pause, menu, parent) : nullptr;
}

Tray::Tray(NodeFeed *feed, const SchedulePause *pause, TrayMenu *menu, QObject *parent)
    : QObject(parent)
    , m_feed(feed)
    , m_pause(pause)
    , m_icon(new QSystemTrayIcon(this))
{
    menu->setActive(true);
    m_icon->setContextMenu(menu->menu());
    m_ages.setInterval(ageIntervalMs);
    connect(&m_ages, &QTimer::timeout, this, &Tray::show);
    connect(feed, &NodeFeed::statusChanged, this, &Tray::show);
    connect(feed, &NodeFeed::linkChanged, this, &Tray::show);
    connect(pause, &SchedulePause::changed, this, &Tray::show);
    connect(m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
            emit activated();
    });
    connect(m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::messageClicked);
    show();
    m_icon->show();
}

Tray::~Tray() = default;

void Tray::notify(const QString &title, const QString &text)
{
    m_icon->showMessage(title, text, m_icon->icon());
}

void Tray::show()
{
    const bool connected = m_feed->link() == api::LinkState::Connected;
    const api::NodeStatus status = connected ? m_feed->status() : api::NodeStatus{};
    const auto look = std::tuple(status.load, status.waitingForYou, !status.pausedReason.isEmpty());
    if (m_shown != look) { // drawn only where it differs
        m_shown = look;
        m_icon->setIcon(std::apply(trayIcon, look));
    }
    m_icon->setToolTip(connected
                           ? trayToolTip(status, m_pause->untilMs(), QDateTime::currentMSecsSinceEpoch())
                           : tr("Muster: no connection to the node"));
    if (status.foremost.empty())
        m_ages.stop();
    else if (!m_ages.isActive())
        m_ages.start();
}

} // namespace muster
