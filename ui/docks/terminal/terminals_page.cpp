#include "ui/docks/terminal/terminals_page.h"

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "ui/dialogs/quit_dialog.h"
#include "ui/docks/terminal/terminal_view.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

#include <QAction>
#include <QDir>
#include <QHBoxLayout>
#include <QMenu>
#include <QStackedLayout>
#include <QTabBar>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {

TerminalsPage::TerminalsPage(TerminalFactory factory, NodeFeed *feed, ProjectContext *context, Theme *theme,
                             QWidget *parent)
    : DockPage(parent)
    , m_factory(std::move(factory))
    , m_feed(feed)
    , m_context(context)
    , m_tabs(new QTabWidget(this))
    , m_menu(new QMenu(this))
    , m_stack(new QStackedLayout(this))
{
    m_tabs->setDocumentMode(true);
    m_tabs->setMovable(true);
    m_tabs->setElideMode(Qt::ElideMiddle);
    m_tabs->setAccessibleName(tr("Terminals"));
    makeActions();
    m_tabs->setCornerWidget(makeCorner());
    m_stack->addWidget(m_tabs);
    m_stack->addWidget(makeEmpty());

    connect(m_menu, &QMenu::aboutToShow, this, &TerminalsPage::fillWorktreeMenu);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        if (TerminalView *view = current())
            view->setFocus();
    });
    connect(theme, &Theme::changed, this, [this] {
        for (int i = 0; i < m_tabs->count(); ++i)
            qobject_cast<TerminalView *>(m_tabs->widget(i))->applyTheme();
    });
    updateEmpty();
}

QWidget *TerminalsPage::makeCorner()
{
    auto *corner = new QWidget(m_tabs);
    auto *find = new QToolButton(corner);
    find->setIcon(themedIcon(u"search"_s));
    find->setToolTip(tr("Find in the terminal (Ctrl+Shift+F)"));
    find->setAccessibleName(tr("Find in the terminal"));
    auto *add = new QToolButton(corner);
    add->setIcon(themedIcon(u"plus"_s));
    add->setToolTip(tr("New shell in the project (Ctrl+Shift+T)"));
    add->setAccessibleName(tr("New shell in the project"));
    auto *more = new QToolButton(corner);
    more->setIcon(themedIcon(u"chevron-down"_s));
    more->setToolTip(tr("New shell in a worktree"));
    more->setAccessibleName(more->toolTip());
    more->setPopupMode(QToolButton::InstantPopup);
    more->setMenu(m_menu);
    auto *row = new QHBoxLayout(corner);
    row->setContentsMargins(0, 0, metrics::tight(), 0);
    row->setSpacing(0);
    for (QToolButton *button : {find, add, more})
        row->addWidget(button);
    connect(add, &QToolButton::clicked, this, [this] { openShell(); });
    connect(find, &QToolButton::clicked, this, [this] {
        if (TerminalView *view = current())
            view->toggleSearch();
    });
    return corner;
}

// The style's own cross is red and has no name.
QWidget *TerminalsPage::makeCloser(TerminalView *view)
{
    auto *closer = new QToolButton(m_tabs->tabBar());
    closer->setIcon(themedIcon(u"close"_s));
    closer->setToolTip(tr("Close this shell (Ctrl+Shift+W)"));
    closer->setAccessibleName(tr("Close the shell in %1").arg(view->folder()));
    connect(closer, &QToolButton::clicked, this, [this, view] { askToClose(m_tabs->indexOf(view)); });
    return closer;
}

void TerminalsPage::makeActions()
{
    const auto shortcut = [this](const QString &text, const QKeySequence &keys, auto run) {
        auto *action = new QAction(text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, run);
        addAction(action);
    };
    const auto onView = [this](void (TerminalView::*act)()) {
        return [this, act] {
            if (TerminalView *view = current())
                (view->*act)();
        };
    };
    const auto zoom = [this](int steps) {
        return [this, steps] {
            if (TerminalView *view = current())
                view->zoom(steps);
        };
    };
    shortcut(tr("Copy"), QKeySequence(u"Ctrl+Shift+C"_s), onView(&TerminalView::copySelection));
    shortcut(tr("Paste"), QKeySequence(u"Ctrl+Shift+V"_s), onView(&TerminalView::paste));
    shortcut(tr("Find"), QKeySequence(u"Ctrl+Shift+F"_s), onView(&TerminalView::toggleSearch));
    shortcut(tr("Larger"), QKeySequence(u"Ctrl++"_s), zoom(1));
    shortcut(tr("Smaller"), QKeySequence(u"Ctrl+-"_s), zoom(-1));
    shortcut(tr("New shell"), QKeySequence(u"Ctrl+Shift+T"_s), [this] { openShell(); });
    shortcut(tr("Close shell"), QKeySequence(u"Ctrl+Shift+W"_s),
             [this] { askToClose(m_tabs->currentIndex()); });
    shortcut(tr("Next shell"), QKeySequence(u"Ctrl+PgDown"_s), [this] { step(1); });
    shortcut(tr("Previous shell"), QKeySequence(u"Ctrl+PgUp"_s), [this] { step(-1); });
}

// Asked when it is opened: worktrees come and go.
void TerminalsPage::fillWorktreeMenu()
{
    m_menu->clear();
    QAction *inProject = m_menu->addAction(themedIcon(u"project"_s), tr("In the &project"));
    connect(inProject, &QAction::triggered, this, [this] { openShell(); });
    m_menu->addSeparator();
    QAction *waiting = m_menu->addAction(tr("Looking for worktrees…"));
    waiting->setEnabled(false);
    m_feed->node().query(api::ListWorktrees{.project = m_context->project().path}, waiting,
                         [this, waiting](const Result<std::vector<api::WorktreeInfo>> &trees) {
        if (!trees || trees->empty()) {
            waiting->setText(trees ? tr("No worktrees") : tr("The worktrees could not be read"));
            return;
        }
        for (const api::WorktreeInfo &tree : *trees) {
            // What an agent named must not become a mnemonic.
            QString name = tree.branch;
            QAction *action = m_menu->addAction(themedIcon(u"branch"_s), name.replace(u'&', u"&&"_s));
            connect(action, &QAction::triggered, this, [this, path = tree.path] { openShell(path); });
        }
        m_menu->removeAction(waiting);
        waiting->deleteLater();
    });
}

TerminalView *TerminalsPage::openShell(const QString &folder)
{
    const QString where = folder.isEmpty() ? m_context->project().path : folder;
    auto *view = new TerminalView(m_factory, where, m_tabs);
    const int index =
        m_tabs->addTab(view, themedIcon(u"terminal"_s), QDir(where).dirName().replace(u'&', u"&&"_s));
    m_tabs->setTabToolTip(index, where);
    m_tabs->tabBar()->setTabButton(index, QTabBar::RightSide, makeCloser(view));
    connect(view, &TerminalView::ended, this, [this, view] { showEnded(view); });
    m_everOpened = true;
    m_tabs->setCurrentIndex(index);
    updateEmpty();
    view->setFocus();
    return view;
}

TerminalView *TerminalsPage::current() const { return qobject_cast<TerminalView *>(m_tabs->currentWidget()); }

int TerminalsPage::count() const { return m_tabs->count(); }

void TerminalsPage::activate()
{
    if (m_everOpened)
        return;
    // After whoever brought the dock up has had its say about where.
    QTimer::singleShot(0, this, [this] {
        if (!m_everOpened && m_context->isOpen())
            openShell();
    });
}

QStringList TerminalsPage::endsWithWindow() const
{
    QStringList programs;
    for (int i = 0; i < m_tabs->count(); ++i)
        programs += qobject_cast<TerminalView *>(m_tabs->widget(i))->programs();
    return programs;
}

QWidget *TerminalsPage::focusTarget()
{
    if (TerminalView *view = current())
        return view;
    return this;
}

QWidget *TerminalsPage::makeEmpty()
{
    auto *empty = new EmptyState(
        u"terminal"_s, tr("No shell is open"),
        tr("A shell in the project's folder, or in the worktree of a run, beside the agents."), this);
    empty->setAction(tr("&New shell"), [this] { openShell(); });
    return empty;
}

void TerminalsPage::showEnded(TerminalView *view)
{
    const int index = m_tabs->indexOf(view);
    if (index >= 0)
        m_tabs->setTabIcon(index, themedIcon(u"stop"_s));
}

// A shell at its prompt goes at once; what runs in it is not ended by a slip of the hand.
void TerminalsPage::askToClose(int index)
{
    auto *view = qobject_cast<TerminalView *>(m_tabs->widget(index));
    if (!view)
        return;
    if (const QStringList programs = view->programs(); !programs.isEmpty())
        askAboutTerminal(view, programs, [this, view] { closeTab(view); });
    else
        closeTab(view);
}

void TerminalsPage::closeTab(TerminalView *view)
{
    m_tabs->removeTab(m_tabs->indexOf(view));
    view->deleteLater();
    updateEmpty();
}

void TerminalsPage::step(int by)
{
    if (const int all = m_tabs->count(); all > 0)
        m_tabs->setCurrentIndex((m_tabs->currentIndex() + by + all) % all);
}

void TerminalsPage::updateEmpty() { m_stack->setCurrentIndex(m_tabs->count() > 0 ? 0 : 1); }

} // namespace muster
