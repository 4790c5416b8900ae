// StepPanel: what the chosen step writes, as it writes it; why it failed and what helps; and the answers
// where it waits for the person. Follows the end of the text until the person scrolls up. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace muster {

class AnswerPanel;
class FactLine;
class InboxModel;
class ItemList;
class MarkdownView;
class NodeFeed;
class RecoloredIconLabel;
class TaskStream;

class StepPanel final : public QWidget {
    Q_OBJECT

public:
    StepPanel(NodeFeed *feed, InboxModel *inbox, QWidget *parent = nullptr);

    // nullptr: none is chosen.
    void setStep(const api::StepInfo *step, const QString &statusText);
    // What is shown of a step that has items, or steps within, and wrote nothing itself. To be set before it.
    [[nodiscard]] ItemList &items() { return *m_items; }
    // The answers, the items, or what it wrote.
    void focusBody();
    // How that step does, while nothing else of it has changed.
    void setStatus(const QString &text);
    void setActive(bool active);
    [[nodiscard]] AnswerPanel &answers() { return *m_answers; }

signals:
    void runWanted(muster::RunId run); // the one that a flow step has started

private:
    void follow();
    [[nodiscard]] const QString &text() const;
    void showOutput();
    void append(const QString &addition);
    void showBody();

    InboxModel *m_inbox;
    TaskStream *m_stream;
    api::StepInfo m_step;
    QWidget *m_head;
    RecoloredIconLabel *m_sign;
    QLabel *m_title;
    QLabel *m_advice;
    QPushButton *m_child;
    FactLine *m_fallback;
    FactLine *m_context;
    QStackedWidget *m_body;
    QPlainTextEdit *m_output; // as it is written
    MarkdownView *m_document; // when it is whole
    AnswerPanel *m_answers;
    ItemList *m_items;
    bool m_active = false;
};

} // namespace muster
