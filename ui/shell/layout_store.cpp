#include "ui/shell/layout_store.h"

#include "ui/shell/dock_registry.h"
#include "ui/shell/window_settings.h"

#include <QCryptographicHash>
#include <QDockWidget>
#include <QEvent>
#include <QMainWindow>
#include <QScopedValueRollback>

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
        if (m_applying)
            return;
        m_keeps.clear();
        m_saveSoon.start();
    });
    m_shareSoon.setSingleShot(true);
    m_shareSoon.setInterval(0); // when the window has laid itself out
    connect(&m_shareSoon, &QTimer::timeout, this, [this] {
        if (!m_keeps.isEmpty())
            share(m_keeps);
    });
    window->installEventFilter(this);
}

bool LayoutStore::eventFilter(QObject *watched, QEvent *event)
{
    // Qt gives all new room to the docks at the window's far sides.
    if (event->type() == QEvent::Resize && !m_keeps.isEmpty())
        m_shareSoon.start();
    else if (event->type() == QEvent::MouseButtonPress) // on the window itself: on a separator
        m_keeps.clear();
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
    m_keeps.clear();
    if (state.isEmpty() || !m_window->restoreState(state, layoutVersion))
        arrange(u"flow"_s);
}

void LayoutStore::apply(const QString &namedLayoutId)
{
    if (m_project.isEmpty())
        return;
    {
        const QScopedValueRollback applying(m_applying, true);
        arrange(namedLayoutId);
    }
    m_saveSoon.start();
}

void LayoutStore::reset()
{
    m_settings->setValue(key(u"state"_s), {});
    apply(u"flow"_s);
}

void LayoutStore::saveNow()
{
    m_saveSoon.stop();
    if (m_project.isEmpty())
        return;
    m_settings->setValue(key(u"path"_s), m_project);
    m_settings->setValue(key(u"state"_s), m_window->saveState(layoutVersion));
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
    share(namedLayoutId);
    m_keeps = namedLayoutId;
}

void LayoutStore::share(const QString &namedLayoutId)
{
    QList<QDockWidget *> columns;
    QList<int> widths;
    QList<QDockWidget *> rows; // beside the navigator: what is above, and what is below
    QList<int> heights;
    const QList<Area> areas = areasOf(namedLayoutId);
    for (const Area &area : areas) {
        QDockWidget *any = shownIn(area);
        if (!any)
            continue;
        if (area.area == Qt::BottomDockWidgetArea) {
            rows.append(any);
            heights.append(m_window->height() * area.share / 100);
            continue;
        }
        columns.append(any);
        widths.append(m_window->width() * area.share / 100);
    }
    if (!rows.isEmpty() && columns.size() > 1) {
        rows.prepend(columns.constLast());
        heights.prepend(m_window->height() - heights.constFirst());
        m_window->resizeDocks(rows, heights, Qt::Vertical);
    }
    m_window->resizeDocks(columns, widths, Qt::Horizontal);
}

// One of its docks that is shown: tabs share their size.
QDockWidget *LayoutStore::shownIn(const Area &area) const
{
    for (const QString &id : area.docks) {
        QDockWidget *dock = m_docks->dock(id);
        if (dock && !dock->isHidden() && !dock->isFloating())
            return dock;
    }
    return nullptr;
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
