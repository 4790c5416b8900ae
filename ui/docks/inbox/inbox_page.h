// InboxPage: the Inbox dock: all that waits for the person on the left, the chosen ones with their answers on
// the right; what was answered stays findable. Y, N and L answer from the list. GUI thread.
#pragma once

#include "core/viewmodel/inbox_model.h"
#include "ui/shell/dock_page.h"

#include <QTimer>

class QLineEdit;
class QSortFilterProxyModel;
class QStackedWidget;
class QToolButton;

namespace muster {

class AnswerPanel;
class BatchPanel;
class EmptyState;
class ListView;
class NodeFeed;
class ProjectContext;
class ShareSplitter;
class Theme;

class InboxPage final : public DockPage {
    Q_OBJECT

public:
    InboxPage(NodeFeed *feed, ProjectContext *context, Theme *theme, QWidget *parent = nullptr);

    [[nodiscard]] InboxModel &openItems() { return *m_open; }
    // Shows what waits, with this one chosen as soon as it is known.
    void choose(InboxId item);

    void activate() override;
    void deactivate() override;
    [[nodiscard]] QWidget *focusTarget() override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *makeBar();
    void addAnswerKeys();
    void show(InboxModel::Shows shows);
    void showCurrent();
    [[nodiscard]] bool showChosen(); // false: not several
    void onLoaded();

    ProjectContext *m_context;
    InboxModel *m_open;
    InboxModel *m_done;
    QSortFilterProxyModel *m_doneFound;
    QToolButton *m_openButton = nullptr;
    QToolButton *m_doneButton = nullptr;
    QToolButton *m_goTo = nullptr;
    QLineEdit *m_search = nullptr;
    ListView *m_openList;
    ListView *m_doneList;
    QStackedWidget *m_lists;
    QStackedWidget *m_right;
    ShareSplitter *m_split = nullptr;
    AnswerPanel *m_panel;
    BatchPanel *m_batch;
    EmptyState *m_empty;
    InboxId m_wanted; // to be chosen once it is known
    QTimer m_ages;
};

} // namespace muster
