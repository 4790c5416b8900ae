// ScheduleHeader: the head of a schedule's page: which one, how it stands, and what can be done with it. GUI
// thread.
#pragma once

#include "core/node/api/schedule_values.h"

#include <QWidget>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace muster {

class FactLine;
class RecoloredIconLabel;

class ScheduleHeader final : public QWidget {
    Q_OBJECT

public:
    explicit ScheduleHeader(QWidget *parent = nullptr);

    void setSchedule(const api::ScheduleInfo &schedule);
    void updateTime();
    void setRoom(int width); // where there is little, buttons stand under the words, and say less

signals:
    void runClicked();
    void pauseClicked();
    void editClicked();
    void removeClicked();

private:
    void nameButtons();

    api::ScheduleInfo m_schedule;
    QBoxLayout *m_row;
    RecoloredIconLabel *m_sign;
    QLabel *m_title;
    QLabel *m_standing;
    FactLine *m_badges;
    FactLine *m_last;
    QPushButton *m_run;
    QPushButton *m_pause;
    QPushButton *m_edit;
    QPushButton *m_remove;
    bool m_tight = false;
};

} // namespace muster
