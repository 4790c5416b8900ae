// ScheduleFacts: what a schedule is, a line each: when, what it starts, its next five times, its bounds and
// rules, and what its firings took on average. GUI thread.
#pragma once

#include "core/node/api/schedule_values.h"

#include <QWidget>

class QFormLayout;
class QLabel;

namespace muster {

class ScheduleFacts final : public QWidget {
    Q_OBJECT

public:
    explicit ScheduleFacts(QWidget *parent = nullptr);

    void setDetail(const api::ScheduleDetail &detail);
    void updateTimes();

private:
    [[nodiscard]] QLabel *add(const QString &name);
    void set(QLabel *value, const QString &text);

    QFormLayout *m_form;
    QLabel *m_when;
    QLabel *m_next;
    QLabel *m_starts;
    QLabel *m_limits;
    QLabel *m_rules;
    QLabel *m_inbox;
    QLabel *m_averages;
    QLabel *m_file;
    std::vector<qint64> m_times;
};

} // namespace muster
