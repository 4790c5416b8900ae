// TerminalsPage: the Terminals dock: a tab per shell, in the project or in a worktree. Shells go on while the
// dock is hidden. GUI thread.
#pragma once

#include "ui/docks/terminal/terminal_channel.h"
#include "ui/shell/dock_page.h"

class QMenu;
class QTabWidget;
class QStackedLayout;

namespace muster {

class NodeFeed;
class ProjectContext;
class TerminalView;
class Theme;

class TerminalsPage final : public DockPage {
    Q_OBJECT

public:
    TerminalsPage(TerminalFactory factory, NodeFeed *feed, ProjectContext *context, Theme *theme,
                  QWidget *parent = nullptr);

    // An empty folder: the project's.
    TerminalView *openShell(const QString &folder = {});
    [[nodiscard]] TerminalView *current() const;
    [[nodiscard]] int count() const;

    void activate() override;
    [[nodiscard]] QWidget *focusTarget() override;
    [[nodiscard]] QStringList endsWithWindow() const override;

private:
    [[nodiscard]] QWidget *makeEmpty();
    [[nodiscard]] QWidget *makeCorner();
    [[nodiscard]] QWidget *makeCloser(TerminalView *view);
    void makeActions();
    void fillWorktreeMenu();
    void showEnded(TerminalView *view);
    void askToClose(int index);
    void closeTab(TerminalView *view);
    void step(int by);
    void updateEmpty();

    TerminalFactory m_factory;
    NodeFeed *m_feed;
    ProjectContext *m_context;
    QTabWidget *m_tabs;
    QMenu *m_menu;
    QStackedLayout *m_stack;
    bool m_everOpened = false;
};

} // namespace muster
