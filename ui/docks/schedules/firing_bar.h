// FiringBar: the chosen firing of a schedule: how it ended and why, what it met, and the way to its work. GUI
// thread.
#pragma once

#include "core/node/api/schedule_values.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace muster {

class FactLine;

class FiringBar final : public QWidget {
    Q_OBJECT

public:
    explicit FiringBar(QWidget *parent = nullptr);

    // nullptr: none is chosen.
    void setFiring(const api::FiringInfo *firing);

signals:
    void workWanted();

private:
    FactLine *m_result;
    QLabel *m_facts;
    QPushButton *m_work;
};

} // namespace muster
