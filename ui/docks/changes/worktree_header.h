// WorktreeHeader: over the diff: which worktree it is, where it would go, and what can be done with it; under
// that, how the last merge or drop ended. GUI thread.
#pragma once

#include "core/node/api/values.h"
#include "core/viewmodel/describe_changes.h"

#include <QWidget>

class QBoxLayout;
class QFrame;
class QLabel;
class QPushButton;
class QToolButton;

namespace muster {

class RecoloredIconLabel;

class WorktreeHeader final : public QWidget {
    Q_OBJECT

public:
    explicit WorktreeHeader(QWidget *parent = nullptr);

    void show(const api::WorktreeInfo &worktree, const QString &name);
    void setBusy(const QString &what); // empty: not busy
    void tellSuccess(const QString &text);
    void tellProblem(const EndingProblem &problem);
    void hideNote();
    void setNarrow(bool narrow); // buttons under the words

signals:
    void mergeWanted();
    void dropWanted();
    void terminalWanted();
    void folderWanted();

private:
    // Empty: it can be merged.
    [[nodiscard]] QString whyNotMerge() const;
    void enableButtons();

    api::WorktreeInfo m_info;
    bool m_busy = false;
    QBoxLayout *m_row;
    QLabel *m_title;
    QLabel *m_line;
    QPushButton *m_merge;
    QPushButton *m_drop;
    QToolButton *m_terminal;
    QToolButton *m_folder;
    QFrame *m_note;
    RecoloredIconLabel *m_noteSign;
    QLabel *m_noteText;
};

} // namespace muster
