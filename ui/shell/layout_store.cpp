#include "ui/shell/layout_store.h"

#include "ui/shell/dock_registry.h"
#include "ui/shell/window_settings.h"

#include <QCryptographicHash>
#include <QDockWidget>
#include <QEvent>
#include <QMainWindow>
#include <QScopedValueRollback>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int saveDelayMs = 500;

using Area = LayoutStore::Area;

QList<Area> areasOf(const QString &layout)
{
    if (layout == "chat"_L1)
        return {{Qt::LeftDockWidgetArea, {u"navigator"_s}, 22},
                {Qt::RightDockWidgetArea, {u"chat"_s, u"inbox"_s}, 78}};
    if (layout == "review"_L1)
        return {{Qt::LeftDockWidgetArea, {u"inbox"_s, u"navigator"_s}, 34},
                {Qt::RightDockWidgetArea, {u"changes"_s}, 66}};
    if (layout == "debug"_L1)
        return {{Qt::LeftDockWidgetArea, {u"workflow"_s, u"navigator"_s}, 36},
                {Qt::RightDockWidgetArea, {u"timeline"_s, u"changes"_s}, 64},
                {Qt::BottomDockWidgetArea, {u"terminals"_s}, 30}};
    return {{Qt::LeftDockWidgetArea, {u"navigator"_s}, 24},
            {Qt::RightDockWidgetArea, {u"workflow"_s, u"chat"_s, u"changes"_s}, 76},
            {Qt::BottomDockWidgetArea, {u"inbox"_s, u"timeline"_s, u"terminals"_s}, 30}};
}

// What the layout is for, and so where the keys go.
QString mainDockOf(const QString &layout) { return areasOf(layout).value(1).docks.value(0); }

} // namespace

QList<NamedLayout> namedLayouts()
{
    return {
        {u"chat"_s, LayoutStore::tr("Chat"), LayoutStore::tr("Conversations in front")},
        {u"flow"_s, LayoutStore::tr("Flow"), LayoutStore::tr("A run's steps, and what waits for you below")},
        {u"review"_s, LayoutStore::tr("Review"), LayoutStore::tr("Changes beside the inbox")},
        {u"debug"_s, LayoutStore::tr("Debug"), LayoutStore::tr("Steps, timeline and terminals")},
    };
}

LayoutStore::LayoutStore(QMainWindow *window, DockRegistry *docks, WindowSettings *settings)
    : QObject(window)
    , m_window(window)
    , m_docks(docks)
    , m_settings(settings)
{
    m_saveSoon.setSingleShot(true);
    m_saveSoon.setInterval(saveDelayMs);
    connect(&m_saveSoon, &QTimer::timeout, this, &LayoutStore::saveNow);
    connect(docks, &DockRegistry::layoutEdited, this, [this] {
        if (!m_applying)
            m_saveSoon.start();
    });
    m_shareSoon.setSingleShot(true);
    m_shareSoon.setInterval(0); // when the window has laid itself out
    connect(&m_shareSoon, &QTimer::timeout, this, &LayoutStore::applyShares);
    m_recordSoon.setSingleShot(true);
    m_recordSoon.setInterval(0);
    connect(&m_recordSoon, &QTimer::timeout, this, &LayoutStore::recordShares);
    connect(docks, &DockRegistry::dockMoved, this, [this] {
        if (!m_applying)
            m_recordSoon.start();
    });
    window->installEventFilter(this);
}

bool LayoutStore::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize) {
        // Qt gives all new room to the docks at the window's far sides.
        m_shareSoon.start();
    } else if (event->type() == QEvent::MouseButtonPress) { // on the window itself: on a separator
        m_beforeMove.clear();
        const QList<QDockWidget *> shown = inSight();
        for (QDockWidget *dock : shown)
            m_beforeMove.insert(dock, dock->size());
    } else if (event->type() == QEvent::MouseButtonRelease) {
        QTimer::singleShot(0, this, &LayoutStore::recordMoved);
    }
    return QObject::eventFilter(watched, event);
}

QString LayoutStore::key(const QString &what) const
{
    const QByteArray hash =
        QCryptographicHash::hash(m_project.toUtf8(), QCryptographicHash::Sha1).toHex().left(12);
    return u"layouts/" % QString::fromLatin1(hash) % u'/' % what;
}

void LayoutStore::openFor(const QString &projectPath)
{
    if (!m_project.isEmpty())
        saveNow();
    m_project = projectPath;
    const QScopedValueRollback applying(m_applying, true);
    if (projectPath.isEmpty()) {
        const QStringList ids = m_docks->ids();
        for (const QString &id : ids)
            m_docks->setVisible(id, false);
        return;
    }
    const QByteArray state = m_settings->value(key(u"state"_s)).toByteArray();
    m_shares.clear();
    if (state.isEmpty() || !m_window->restoreState(state, layoutVersion)) {
        arrange(u"flow"_s);
        return;
    }
    loadShares();
    if (m_shares.isEmpty())
        m_recordSoon.start();
    else
        m_shareSoon.start();
}

void LayoutStore::apply(const QString &namedLayoutId)
{
    if (m_project.isEmpty())
        return;
    {
        const QScopedValueRollback applying(m_applying, true);
        arrange(namedLayoutId);
    }
    // When the docks have come to rest: one that is moved gives the focus away.
    QTimer::singleShot(0, this, [this, dock = mainDockOf(namedLayoutId)] {
        if (!m_project.isEmpty())
            m_docks->open(dock);
    });
    m_saveSoon.start();
}

void LayoutStore::reset()
{
    m_settings->setValue(key(u"state"_s), {});
    m_settings->setValue(key(u"shares"_s), {});
    apply(u"flow"_s);
}

void LayoutStore::saveNow()
{
    m_saveSoon.stop();
    if (m_project.isEmpty())
        return;
    m_settings->setValue(key(u"path"_s), m_project);
    m_settings->setValue(key(u"state"_s), m_window->saveState(layoutVersion));
    QStringList shares;
    for (auto it = m_shares.cbegin(); it != m_shares.cend(); ++it)
        shares += u"%1:%2:%3"_s.arg(it.key()).arg(it->width(), 0, 'f', 4).arg(it->height(), 0, 'f', 4);
    shares.sort();
    m_settings->setValue(key(u"shares"_s), shares);
}

void LayoutStore::arrange(const QString &namedLayoutId)
{
    const QStringList ids = m_docks->ids();
    for (const QString &id : ids) {
        QDockWidget *dock = m_docks->dock(id);
        dock->setFloating(false);
        m_window->removeDockWidget(dock);
    }
    const QList<Area> areas = areasOf(namedLayoutId);
    for (const Area &area : areas)
        showArea(area);
    shareAs(areas);
    applyShares();
}

void LayoutStore::shareAs(const QList<Area> &areas)
{
    m_shares.clear();
    const auto bottom = std::ranges::find(areas, Qt::BottomDockWidgetArea, &Area::area);
    const qreal below = bottom == areas.end() ? 0 : bottom->share / 100.0;
    qreal beside = 1; // what the left area leaves
    for (const Area &area : areas) {
        QSizeF share(area.share / 100.0, 1);
        if (area.area == Qt::LeftDockWidgetArea)
            beside = 1 - share.width();
        else if (area.area == Qt::BottomDockWidgetArea)
            share = {beside, below};
        else
            share.setHeight(1 - below);
        for (const QString &id : area.docks)
            m_shares.insert(id, share);
    }
}

void LayoutStore::loadShares()
{
    const QStringList stored = m_settings->value(key(u"shares"_s)).toStringList();
    for (const QString &line : stored) {
        const QStringList parts = line.split(u':');
        const QSizeF share(parts.value(1).toDouble(), parts.value(2).toDouble());
        if (share.width() > 0 && share.width() <= 1 && share.height() > 0 && share.height() <= 1)
            m_shares.insert(parts.front(), share);
    }
}

// In front of their tabs, in the window.
QList<QDockWidget *> LayoutStore::inSight() const
{
    QList<QDockWidget *> docks;
    const QStringList ids = m_docks->ids();
    for (const QString &id : ids) {
        QDockWidget *dock = m_docks->dock(id);
        if (dock->isVisible() && !dock->isFloating() && !dock->visibleRegion().isEmpty())
            docks.append(dock);
    }
    return docks;
}

QSizeF LayoutStore::shareOf(QDockWidget *dock) const
{
    return m_shares.value(dock->objectName().mid(5)); // "dock.chat"
}

void LayoutStore::setShare(QDockWidget *dock, QSizeF share)
{
    // Tabs share their size.
    const QList<QDockWidget *> tabs = QList{dock} + m_window->tabifiedDockWidgets(dock);
    for (const QDockWidget *tab : tabs)
        m_shares.insert(tab->objectName().mid(5), share);
}

// A dock has got another place: what all have now is what the person wants.
void LayoutStore::recordShares()
{
    const QSizeF whole = m_window->size();
    const QList<QDockWidget *> shown = inSight();
    for (QDockWidget *dock : shown)
        setShare(dock, {dock->width() / whole.width(), dock->height() / whole.height()});
    m_saveSoon.start();
}

// Only what a separator has moved, in its direction: the others may be squeezed.
void LayoutStore::recordMoved()
{
    const QSizeF whole = m_window->size();
    for (auto it = m_beforeMove.cbegin(); it != m_beforeMove.cend(); ++it) {
        QDockWidget *dock = it.key();
        QSizeF share = shareOf(dock);
        if (dock->width() != it->width() || share.width() <= 0)
            share.setWidth(dock->width() / whole.width());
        if (dock->height() != it->height() || share.height() <= 0)
            share.setHeight(dock->height() / whole.height());
        if (share != shareOf(dock))
            setShare(dock, share);
    }
    m_beforeMove.clear();
    m_saveSoon.start();
}

void LayoutStore::applyShares()
{
    QList<QDockWidget *> docks;
    QList<int> widths;
    QList<int> heights;
    const QStringList ids = m_docks->ids();
    for (const QString &id : ids) {
        QDockWidget *dock = m_docks->dock(id);
        const QSizeF share = shareOf(dock);
        if (dock->isHidden() || dock->isFloating() || share.isEmpty())
            continue;
        docks.append(dock);
        widths.append(std::max(1, qRound(m_window->width() * share.width())));
        heights.append(std::max(1, qRound(m_window->height() * share.height())));
    }
    m_window->resizeDocks(docks, heights, Qt::Vertical);
    m_window->resizeDocks(docks, widths, Qt::Horizontal);
}

void LayoutStore::showArea(const Area &area)
{
    QDockWidget *front = nullptr;
    for (const QString &id : area.docks) {
        QDockWidget *dock = m_docks->dock(id);
        if (!dock)
            continue;
        m_window->addDockWidget(area.area, dock);
        if (front)
            m_window->tabifyDockWidget(front, dock);
        else
            front = dock;
        dock->show();
    }
    if (front)
        front->raise();
}

} // namespace muster
