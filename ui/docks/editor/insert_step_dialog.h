// InsertStepDialog: a form for a new step: what kind it is, its id, what it does and which steps come before
// it. What it gives is text of the file (core/viewmodel/step_yaml.h). GUI thread.
#pragma once

#include "core/viewmodel/flow_graph.h"
#include "core/viewmodel/step_yaml.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;

namespace muster {

class NodeFeed;
class ProjectContext;

class InsertStepDialog final : public QDialog {
    Q_OBJECT

public:
    // `after`: the step that is chosen; it is checked as a need at first.
    InsertStepDialog(NodeFeed *feed, ProjectContext *context, const FlowGraph &graph, const QString &after,
                     QWidget *parent = nullptr);

signals:
    void chosen(const muster::NewStep &step);

private:
    void fillNeeds(const QString &after);
    void layOut();
    void askProfiles(NodeFeed *feed, ProjectContext *context);
    void showKind();
    void update();
    void accept() override;
    [[nodiscard]] QString kind() const;

    FlowGraph m_graph;
    QComboBox *m_kind;
    QLineEdit *m_id;
    QLabel *m_what;
    QPlainTextEdit *m_text;
    QListWidget *m_needs;
    QComboBox *m_profile;
    QLineEdit *m_foreach;
    QCheckBox *m_json;
    QLabel *m_error;
    QPushButton *m_insert;
};

} // namespace muster
