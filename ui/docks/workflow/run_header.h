// RunHeader: the head of the Workflow status dock: which run, how it stands, what it cost, and what can be
// done with it. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QProgressBar;
class QMenu;
class QPushButton;
class QToolButton;

namespace muster {

class NoticeBanner;
class RecoloredIconLabel;

class RunHeader final : public QWidget {
    Q_OBJECT

public:
    explicit RunHeader(QWidget *parent = nullptr);

    void setDetail(const api::RunDetail &detail);
    void setAgainMenu(QMenu *menu);
    // At the end of the line of facts.
    void setTools(QWidget *tools);
    // The elapsed time of a run that goes on.
    void updateTime();

signals:
    void cancelClicked();
    void pauseClicked();
    void earlierClicked(muster::RunId run);
    void changesClicked();
    void parentClicked();

private:
    void makeRerun();
    [[nodiscard]] QString summary() const;

    api::RunInfo m_run;
    RecoloredIconLabel *m_sign;
    QLabel *m_title;
    QLabel *m_status;
    QPushButton *m_parent;
    QLabel *m_facts;
    QHBoxLayout *m_second;
    QLabel *m_advice;
    QWidget *m_rerun;
    QLabel *m_rerunText;
    QToolButton *m_earlier;
    NoticeBanner *m_fallback;
    QProgressBar *m_progress;
    QPushButton *m_changes;
    QPushButton *m_again;
    QPushButton *m_pause;
    QPushButton *m_cancel;
};

} // namespace muster
