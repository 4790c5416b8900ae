// QuestionStrip: what the agent of this conversation asks, in one or two lines over the composer: exactly
// what it wants to do or to know, and the answers. The whole of it (a long diff, scopes, a word to the agent)
// is in the inbox. GUI thread.
#pragma once

#include "core/node/api/commands.h"
#include "ui/widgets/reading_pause.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace muster {

class ChoiceAnswer;
class FactLine;
class RecoloredIconLabel;

class QuestionStrip final : public QFrame {
    Q_OBJECT

public:
    explicit QuestionStrip(QWidget *parent = nullptr);

    void setItem(const api::InboxInfo &item, bool answering);

protected:
    void showEvent(QShowEvent *event) override;

signals:
    void answered(const muster::api::AnswerInbox &answer);
    void detailsWanted();

private:
    void updateAnswer();
    void answer(api::AnswerKind kind, api::AnswerScope scope);

    api::InboxInfo m_item;
    RecoloredIconLabel *m_sign;
    QLabel *m_title;
    QLabel *m_what;
    FactLine *m_risk;
    FactLine *m_place;
    ChoiceAnswer *m_choices;
    QList<QPushButton *> m_buttons;
    QPushButton *m_forTask;
    QPushButton *m_allow;
    QPushButton *m_no;
    ReadingPause m_pause;
};

} // namespace muster
