// EditorHeader: the head of the Flow editor dock: which flow, whether it is saved, and what can be done with
// it. GUI thread.
#pragma once

#include <QStringList>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;

namespace muster {

class FlowListModel;
class RecoloredIconLabel;
struct StatusLook;

struct EditorState {
    QString name; // of the flow; empty: none is open
    bool isModified = false;
    bool isNew = false;
    bool isWritable = false;
    QString run;        // "survey #3": its colours can be on the graph; empty: there is none
    QStringList drafts; // of other flows, by name
};

class EditorHeader final : public QWidget {
    Q_OBJECT

public:
    explicit EditorHeader(FlowListModel *flows, QWidget *parent = nullptr);

    void setState(const EditorState &state);
    // Opens the list of flows.
    void chooseFlow();
    [[nodiscard]] bool showsRun() const;
    void setShowsRun(bool shows);

signals:
    void flowChosen(int row); // of the model
    void draftChosen(int index);
    void newWanted();
    void insertWanted();
    void saveWanted();
    void copyWanted();
    void startWanted();
    void runToggled(bool shown);

private:
    void layOut();
    void showDrafts();
    void showFact(const QString &text, const StatusLook &look);
    [[nodiscard]] QPushButton *button(const QString &text, const QString &help,
                                      void (EditorHeader::*wanted)());

    FlowListModel *m_flows;
    EditorState m_state;
    QComboBox *m_flow;
    RecoloredIconLabel *m_sign;
    QLabel *m_fact;
    QPushButton *m_drafts;
    QCheckBox *m_run;
    QPushButton *m_new;
    QPushButton *m_insert;
    QPushButton *m_copy;
    QPushButton *m_start;
    QPushButton *m_save;
};

} // namespace muster
