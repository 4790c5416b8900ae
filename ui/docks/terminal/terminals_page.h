// TerminalsPage: the Terminals dock: a tab per shell, in the project or in a worktree. GUI thread.
#pragma once

#include "ui/docks/terminal/terminal_channel.h"
#include "ui/shell/dock_page.h"

class QTabWidget;
class QStackedLayout;

namespace muster {

class ProjectContext;
class TerminalView;
class Theme;

class TerminalsPage final : public DockPage {
    Q_OBJECT

public:
    TerminalsPage(TerminalFactory factory, ProjectContext *context, Theme *theme, QWidget *parent = nullptr);

    // An empty folder: the project's.
    TerminalView *openShell(const QString &folder = {});
    [[nodiscard]] TerminalView *current() const;

    void activate() override;
    [[nodiscard]] QWidget *focusTarget() override;

private:
    [[nodiscard]] QWidget *makeEmpty();
    void closeTab(int index);
    void updateEmpty();

    TerminalFactory m_factory;
    ProjectContext *m_context;
    QTabWidget *m_tabs;
    QStackedLayout *m_stack;
    bool m_everOpened = false;
};

} // namespace muster
