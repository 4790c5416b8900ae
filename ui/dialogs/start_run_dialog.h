// StartRunDialog: which flow, with what, by which runtime. What is wrong with the flow is shown with line and
// column before anything starts, and so is what a run would take; what the node refuses stays on show. GUI
// thread.
#pragma once

#include "core/node/api/values.h"

#include <QDialog>

class QComboBox;
class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QPushButton;

namespace muster {

class FactLine;
class FlowInputsForm;
class FlowListModel;
class NodeFeed;
class PreflightPanel;
class ProjectContext;
class RunStarter;

class StartRunDialog final : public QDialog {
    Q_OBJECT

public:
    // `flow`: chosen at first; empty: the first that can be started.
    StartRunDialog(NodeFeed *feed, ProjectContext *context, RunStarter *starter, QString flow,
                   QWidget *parent = nullptr);

private:
    void layOut();
    void onFlows();
    void showFlow();
    void lineUp();
    void fit();
    void check(const api::FlowInfo &flow);
    void showProblems(const api::FlowCheckInfo &check);
    void askForecast();
    void askRuntimes();
    void start();
    void updateButton();
    [[nodiscard]] const api::FlowInfo *chosen() const;

    NodeFeed *m_feed;
    ProjectContext *m_context;
    RunStarter *m_starter;
    QString m_wanted;
    FlowListModel *m_flows;
    QFormLayout *m_form = nullptr;
    QWidget *m_content; // all but the buttons
    QComboBox *m_flow;
    QLabel *m_description;
    FlowInputsForm *m_inputs;
    QComboBox *m_runtime;
    FactLine *m_accepted; // what it may do without asking
    PreflightPanel *m_forecast;
    QLabel *m_problems;
    QLabel *m_error;
    QDialogButtonBox *m_buttons;
    QPushButton *m_start;
    bool m_starting = false;
};

} // namespace muster
