// TaskPanel: one task of the queue: how far it is or why it waits, when it is expected to begin, and what can
// be done with it. GUI thread.
#pragma once

#include "core/viewmodel/queue_model.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace muster {

class FactLine;

class TaskPanel final : public QWidget {
    Q_OBJECT

public:
    explicit TaskPanel(QWidget *parent = nullptr);

    // Again for each moment that it tells of. `ofProject`: of the one that the window shows.
    void setRow(const QueueRow &row, bool ofProject, qint64 nowMs);

signals:
    void runNowWanted(muster::TaskId task);
    void endWanted(muster::TaskId task);
    void showWanted(muster::RunId run, muster::ConversationId conversation);

private:
    [[nodiscard]] QWidget *makeButtons();
    void showRunning(const api::TaskInfo &task, qint64 nowMs);
    void showWaiting(const api::QueuedInfo &task, qint64 nowMs);

    TaskId m_task;
    RunId m_run;
    ConversationId m_conversation;
    QLabel *m_title;
    FactLine *m_state;
    FactLine *m_why;
    FactLine *m_begins;
    FactLine *m_source;
    FactLine *m_limit;
    QPushButton *m_now = nullptr;
    QPushButton *m_end = nullptr;
    QPushButton *m_show = nullptr;
};

} // namespace muster
