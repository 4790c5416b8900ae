#include "ui/shell/dock_registry.h"

#include "ui/shell/action_registry.h"
#include "ui/shell/dock_title_bar.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QMainWindow>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// The most that a page may insist on, in units.
constexpr int mostLeastWidth = 80;
constexpr int mostLeastHeight = 38;

} // namespace

DockRegistry::DockRegistry(QMainWindow *window, ActionRegistry *actions)
    : QObject(window)
    , m_window(window)
    , m_actions(actions)
{
    m_titlesSoon.setSingleShot(true);
    m_titlesSoon.setInterval(0);
    connect(this, &DockRegistry::layoutEdited, &m_titlesSoon, qOverload<>(&QTimer::start));
    connect(&m_titlesSoon, &QTimer::timeout, this, &DockRegistry::updateTitles);
}

void DockRegistry::add(DockSpec spec)
{
    const QString id = spec.id;
    auto *dock = new QDockWidget(spec.title, m_window);
    dock->setObjectName(u"dock." % id);
    dock->setWindowIcon(themedIcon(spec.icon));
    dock->setAccessibleName(spec.title);
    dock->setTitleBarWidget(new DockTitleBar(dock, spec.icon));
    dock->hide();
    m_window->addDockWidget(spec.area, dock);
    QAction *action = m_actions->add({.id = u"view.dock." % id,
                                      .text = spec.title,
                                      .icon = spec.icon,
                                      .shortcut = spec.shortcut,
                                      .help = spec.help},
                                     [this, id] { open(id); });
    action->setCheckable(true);
    action->setIconVisibleInMenu(false); // the check mark stands there
    const auto check = [action, dock] {
        action->setChecked(!dock->isHidden());
    };
    connect(dock, &QDockWidget::visibilityChanged, action, check);
    connect(action, &QAction::triggered, dock, check);
    connect(dock, &QDockWidget::visibilityChanged, this,
            [this, id](bool visible) { onVisibility(id, visible); });
    connect(dock, &QDockWidget::topLevelChanged, this, &DockRegistry::layoutEdited);
    connect(dock, &QDockWidget::visibilityChanged, this, &DockRegistry::layoutEdited);
    connect(dock, &QDockWidget::dockLocationChanged, this, &DockRegistry::layoutEdited);
    connect(dock, &QDockWidget::dockLocationChanged, this, &DockRegistry::dockMoved);
    connect(dock, &QDockWidget::topLevelChanged, this, &DockRegistry::dockMoved);
    m_order.append(id);
    m_entries.insert(id, {.spec = std::move(spec), .dock = dock});
}

QDockWidget *DockRegistry::dock(const QString &id) const { return m_entries.value(id).dock; }

DockPage *DockRegistry::page(const QString &id) const { return m_entries.value(id).page; }

QStringList DockRegistry::endsWithWindow() const
{
    QStringList programs;
    for (const Entry &entry : m_entries) {
        if (entry.page)
            programs += entry.page->endsWithWindow();
    }
    return programs;
}

QStringList DockRegistry::unsaved() const
{
    QStringList names;
    for (const Entry &entry : m_entries) {
        if (entry.page)
            names += entry.page->unsaved();
    }
    return names;
}

// One after the other.
void DockRegistry::saveThen(const std::function<void()> &done) const
{
    for (const Entry &entry : m_entries) {
        if (entry.page && !entry.page->unsaved().isEmpty()) {
            entry.page->saveThen([this, done] { saveThen(done); });
            return;
        }
    }
    done();
}

void DockRegistry::open(const QString &id)
{
    QDockWidget *target = dock(id);
    if (!target)
        return;
    QDockWidget *beside = dock(m_entries[id].spec.beside);
    if (beside && target->isHidden() && !target->isFloating() && !beside->isHidden() &&
        m_window->tabifiedDockWidgets(target).isEmpty())
        m_window->tabifyDockWidget(beside, target);
    target->show();
    target->raise();
    // Made here rather than on the first paint, so that the focus has where to go.
    onVisibility(id, true);
    if (DockPage *shown = page(id)) {
        target->activateWindow();
        shown->focusTarget()->setFocus(Qt::ShortcutFocusReason);
    }
}

void DockRegistry::focusFirst() const
{
    const QStringList all = ids();
    for (const QString &id : all) {
        DockPage *shown = page(id);
        if (!shown || !shown->isVisible())
            continue;
        // While there is nothing in it yet, Tab goes on from the page.
        QWidget *target = shown->focusTarget()->isVisible() ? shown->focusTarget() : shown;
        target->setFocus(Qt::OtherFocusReason);
        return;
    }
}

void DockRegistry::setVisible(const QString &id, bool visible) const
{
    if (QDockWidget *target = dock(id))
        target->setVisible(visible);
}

void DockRegistry::hideFocused()
{
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.dock->isAncestorOf(QApplication::focusWidget()))
            entry.dock->hide();
    }
}

void DockRegistry::updateTitles()
{
    for (const Entry &entry : std::as_const(m_entries)) {
        const QList<QDockWidget *> beside = m_window->tabifiedDockWidgets(entry.dock);
        const bool onTab =
            !entry.dock->isFloating() &&
            std::ranges::any_of(beside, [](const QDockWidget *dock) { return !dock->isHidden(); });
        qobject_cast<DockTitleBar *>(entry.dock->titleBarWidget())->setCollapsed(onTab);
    }
}

void DockRegistry::onVisibility(const QString &id, bool visible)
{
    Entry &entry = m_entries[id];
    if (!entry.dock || visible == entry.active)
        return;
    entry.active = visible;
    if (visible && !entry.page) {
        entry.page = entry.spec.create(entry.dock);
        entry.page->setAccessibleName(entry.spec.title);
        // What a page would like to have must not make the window grow beyond a small screen.
        const QSize least = entry.page->minimumSizeHint();
        entry.page->setMinimumSize(std::min(least.width(), metrics::units(mostLeastWidth)),
                                   std::min(least.height(), metrics::units(mostLeastHeight)));
        entry.dock->setWidget(entry.page);
    }
    if (visible)
        entry.page->activate();
    else
        entry.page->deactivate();
}

} // namespace muster
