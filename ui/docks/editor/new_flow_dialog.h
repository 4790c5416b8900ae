// NewFlowDialog: the name of a new flow and what it begins with: one step, or another flow as it is. Also
// used to save a flow under another name. GUI thread.
#pragma once

#include <QDialog>
#include <QStringList>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace muster {

class NewFlowDialog final : public QDialog {
    Q_OBJECT

public:
    // `templates`: names of flows to begin with; none: it is only asked for a name. `taken`: names that the
    // project has already.
    NewFlowDialog(const QStringList &templates, QStringList taken, QWidget *parent = nullptr);

signals:
    // `from`: empty: one step.
    void chosen(const QString &name, const QString &from);

private:
    void update();
    void accept() override;

    QStringList m_taken;
    QLineEdit *m_name;
    QComboBox *m_from;
    QLabel *m_error;
    QPushButton *m_make;
};

} // namespace muster
