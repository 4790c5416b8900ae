// RunHeader: the head of the Workflow status dock: which run, how it stands, what it cost, and what can be
// done with it. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QWidget>

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
    // The elapsed time of a run that goes on.
    void updateTime();

signals:
    void cancelClicked();
    void earlierClicked(muster::RunId run);
    void pauseClicked();
    void changesClicked();

private:
    void makeRerun();
    [[nodiscard]] QString summary() const;

    api::RunInfo m_run;
    RecoloredIconLabel *m_sign;
    QLabel *m_title;
    QLabel *m_status;
    QLabel *m_facts;
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
