// ChangesPage: the Changes dock: the worktrees of the project, what each has changed, and merging or dropping
// it. GUI thread.
#pragma once

#include "core/base/result.h"
#include "core/node/api/commands.h"
#include "ui/shell/dock_page.h"

class QListView;
class QStackedLayout;
class QStackedWidget;
class QToolButton;

namespace muster {

class ChangesModel;
class DiffView;
class EmptyState;
class NodeFeed;
class ProjectContext;
class ShareSplitter;
class Theme;
class WorktreeHeader;
class WorktreesModel;

class ChangesPage final : public DockPage {
    Q_OBJECT

public:
    ChangesPage(NodeFeed *feed, ProjectContext *context, Theme *theme, QWidget *parent = nullptr);

    void activate() override;
    void deactivate() override;
    [[nodiscard]] QWidget *focusTarget() override;

    [[nodiscard]] WorktreesModel *worktrees() const { return m_worktrees; }
    [[nodiscard]] ChangesModel *changes() const { return m_changes; }

signals:
    // A shell in this folder: the terminals dock opens it.
    void terminalWanted(const QString &folder);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeLists();
    QWidget *makeRight();
    void onWorktreesLoaded();
    void onChangesLoaded();
    void chooseWorktree(WorktreeId id);
    void followContext();
    void followRun();
    void onFileChosen();
    void showHeader();
    void showEmpty();
    void showFileNote(const QString &title, const QString &help);
    void merge();
    void drop();
    void dropUnchanged();
    void submit(const api::Command &command, const QString &busy, const QString &done);
    [[nodiscard]] QString nameOf(const api::WorktreeInfo &worktree) const;

    NodeFeed *m_feed;
    ProjectContext *m_context;
    WorktreesModel *m_worktrees;
    ChangesModel *m_changes;
    QListView *m_trees = nullptr;
    QListView *m_files = nullptr;
    QToolButton *m_ended = nullptr;
    QToolButton *m_dropUnchanged = nullptr;
    WorktreeHeader *m_header = nullptr;
    DiffView *m_diff = nullptr;
    EmptyState *m_fileNote = nullptr;
    QStackedWidget *m_fileStack = nullptr;
    ShareSplitter *m_lists = nullptr;
    ShareSplitter *m_splitter = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedLayout *m_stack = nullptr;
    QString m_lastEnding; // told where the list was when it took the last one
};

} // namespace muster
