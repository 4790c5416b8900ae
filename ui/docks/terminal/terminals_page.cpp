#include "ui/docks/terminal/terminals_page.h"

#include "core/viewmodel/project_context.h"
#include "ui/docks/terminal/terminal_view.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

#include <QAction>
#include <QDir>
#include <QStackedLayout>
#include <QTabWidget>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {

TerminalsPage::TerminalsPage(TerminalFactory factory, ProjectContext *context, Theme *theme, QWidget *parent)
    : DockPage(parent)
    , m_factory(std::move(factory))
    , m_context(context)
    , m_tabs(new QTabWidget(this))
    , m_stack(new QStackedLayout(this))
{
    m_tabs->setDocumentMode(true);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_tabs->setAccessibleName(tr("Terminals"));
    auto *add = new QToolButton(m_tabs);
    add->setIcon(themedIcon(u"plus"_s));
    add->setToolTip(tr("New shell in the project"));
    add->setAccessibleName(add->toolTip());
    m_tabs->setCornerWidget(add);
    m_stack->addWidget(m_tabs);
    m_stack->addWidget(makeEmpty());

    connect(add, &QToolButton::clicked, this, [this] { openShell(); });
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, &TerminalsPage::closeTab);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        if (TerminalView *view = current())
            view->setFocus();
    });
    connect(theme, &Theme::changed, this, [this] {
        for (int i = 0; i < m_tabs->count(); ++i)
            qobject_cast<TerminalView *>(m_tabs->widget(i))->applyTheme();
    });

    const auto shortcut = [this](const QString &text, const QKeySequence &keys, auto run) {
        auto *action = new QAction(text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, [this, run] {
            if (TerminalView *view = current())
                run(*view);
        });
        addAction(action);
    };
    shortcut(tr("Copy"), QKeySequence(u"Ctrl+Shift+C"_s), [](TerminalView &view) { view.copySelection(); });
    shortcut(tr("Paste"), QKeySequence(u"Ctrl+Shift+V"_s), [](TerminalView &view) { view.paste(); });
    shortcut(tr("Find"), QKeySequence(u"Ctrl+Shift+F"_s), [](TerminalView &view) { view.toggleSearch(); });
    shortcut(tr("Larger"), QKeySequence(u"Ctrl++"_s), [](TerminalView &view) { view.zoom(1); });
    shortcut(tr("Smaller"), QKeySequence(u"Ctrl+-"_s), [](TerminalView &view) { view.zoom(-1); });
    updateEmpty();
}

TerminalView *TerminalsPage::openShell(const QString &folder)
{
    const QString where = folder.isEmpty() ? m_context->project().path : folder;
    auto *view = new TerminalView(m_factory, where, m_tabs);
    const int index = m_tabs->addTab(view, themedIcon(u"terminal"_s), QDir(where).dirName());
    m_tabs->setTabToolTip(index, where);
    m_tabs->setCurrentIndex(index);
    m_everOpened = true;
    updateEmpty();
    view->setFocus();
    return view;
}

TerminalView *TerminalsPage::current() const { return qobject_cast<TerminalView *>(m_tabs->currentWidget()); }

void TerminalsPage::activate()
{
    if (!m_everOpened && m_context->isOpen())
        openShell();
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

void TerminalsPage::closeTab(int index)
{
    QWidget *view = m_tabs->widget(index);
    m_tabs->removeTab(index);
    view->deleteLater();
    updateEmpty();
}

void TerminalsPage::updateEmpty() { m_stack->setCurrentIndex(m_tabs->count() > 0 ? 0 : 1); }

} // namespace muster
