// AtCapacityDialog: run now, and no slot is free: when one probably is, and whether to wait for it or to
// begin over the cap, which is asked once more because it is written down. GUI thread.
#pragma once

#include "core/base/error.h"

#include <QDialog>
#include <QTimer>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace muster {

class AtCapacityDialog final : public QDialog {
    Q_OBJECT

public:
    // `what` is to run; `full` is the node's answer (describeAtCapacity()).
    AtCapacityDialog(QString what, Error full, QWidget *parent = nullptr);

signals:
    void queueWanted();
    void forceWanted();

private:
    [[nodiscard]] QWidget *makeQuestion();
    [[nodiscard]] QWidget *makeConfirmation();
    void tell();

    QString m_what;
    Error m_full;
    QStackedWidget *m_pages;
    QLabel *m_text = nullptr;
    QPushButton *m_force = nullptr;
    QTimer m_second;
};

} // namespace muster
