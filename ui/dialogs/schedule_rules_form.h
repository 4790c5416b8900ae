// ScheduleRulesForm: what bounds a schedule, and what it does with times that are missed or meet. GUI thread.
#pragma once

#include "core/node/api/schedule_values.h"
#include "core/node/api/task_values.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;

namespace muster {

class ScheduleRulesForm final : public QWidget {
    Q_OBJECT

public:
    explicit ScheduleRulesForm(QWidget *parent = nullptr);

    void setSpec(const api::ScheduleSpec &spec);
    void writeTo(api::ScheduleSpec &spec) const;
    void setPools(const std::vector<api::PoolInfo> &pools);
    // A flow says the pools of its steps itself, and has no deadline where none is given.
    void setOfPrompt(bool isPrompt);
    void setReadOnly(bool readOnly);
    // What cannot be read, as a sentence; empty: nothing.
    [[nodiscard]] QString problem() const;
    // By the name that the node gives it; nullptr: it is none of these.
    [[nodiscard]] QWidget *field(const QString &key) const;

signals:
    void edited();

private:
    [[nodiscard]] QLineEdit *line(const QString &name, const QString &nothing, const QString &help);
    void layOut();

    api::ScheduleSpec m_given;
    bool m_isOfPrompt = true;
    QFormLayout *m_form;
    QComboBox *m_pool;
    QLineEdit *m_priority;
    QLineEdit *m_steps;
    QLineEdit *m_deadline;
    QLineEdit *m_budget;
    QLineEdit *m_dayBudget;
    QComboBox *m_missed;
    QComboBox *m_overlap;
    QCheckBox *m_unattended;
    QComboBox *m_notify;
    QCheckBox *m_archive;
};

} // namespace muster
