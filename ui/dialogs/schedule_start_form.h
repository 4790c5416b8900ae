// ScheduleStartForm: what a schedule starts: a prompt with who works on it and what that one may do, or a
// flow with its inputs. GUI thread.
#pragma once

#include "core/node/api/schedule_values.h"
#include "core/node/api/values.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QStackedWidget;

namespace muster {

class FlowInputsForm;
class FlowListModel;
class NodeFeed;
class ProjectContext;

class ScheduleStartForm final : public QWidget {
    Q_OBJECT

public:
    ScheduleStartForm(NodeFeed *feed, ProjectContext *context, QWidget *parent = nullptr);

    void setSpec(const api::ScheduleSpec &spec);
    void writeTo(api::ScheduleSpec &spec) const;
    void setReadOnly(bool readOnly);
    // What others that are alike took; empty: nothing is known.
    void setCalibration(const QString &text);
    [[nodiscard]] bool isPrompt() const;
    // What is missing or cannot be read, as a sentence; empty: nothing.
    [[nodiscard]] QString problem() const;
    // By the name that the node gives it; nullptr: it is none of these.
    [[nodiscard]] QWidget *field(const QString &key) const;

signals:
    void edited();
    void inputsShown(); // of a flow, when it has become known

private:
    [[nodiscard]] QWidget *makeChoice();
    [[nodiscard]] QWidget *makePrompt();
    [[nodiscard]] QWidget *makeFlow();
    void askLists();
    void onFlows();
    void showFlow();
    void showKind();
    void showModels();
    void takeRuntimes(const std::vector<api::RuntimeInfo> &runtimes);
    [[nodiscard]] const api::FlowInfo *chosenFlow() const;

    NodeFeed *m_feed;
    ProjectContext *m_context;
    FlowListModel *m_flows;
    api::ScheduleSpec m_given;
    std::vector<api::RuntimeInfo> m_runtimes;
    QButtonGroup *m_kind;
    QStackedWidget *m_pages;
    QPlainTextEdit *m_prompt;
    QLabel *m_calibration;
    QComboBox *m_profile;
    QComboBox *m_model;
    QPlainTextEdit *m_mayWrite;
    QPlainTextEdit *m_mayRun;
    QComboBox *m_flow;
    QLabel *m_description;
    FlowInputsForm *m_inputs;
    QComboBox *m_runtime;
    QString m_shownFlow; // whose inputs are shown
    bool m_readOnly = false;
};

} // namespace muster
