// AnswerPanel: one thing that waits for the person: who asks, exactly what for, and the answers, which stay
// in sight while the text scrolls. "Later" is not "no". No answer is the default: the focus comes to the
// question, and only a person's own Tab or click takes it to an answer (spec "safety"). The answer goes out
// as a signal; the panel stands still until the item changes. GUI thread.
#pragma once

#include "core/node/api/commands.h"
#include "ui/widgets/reading_pause.h"

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QScrollArea;

namespace muster {

class ChoiceAnswer;
class DiffHighlighter;
class FactLine;
class MarkdownView;
class RecoloredIconLabel;

class AnswerPanel final : public QWidget {
    Q_OBJECT

public:
    explicit AnswerPanel(QWidget *parent = nullptr);

    void setItem(const api::InboxInfo &item, bool answering);
    [[nodiscard]] InboxId item() const { return m_item.id; }
    void answer(api::AnswerKind kind);
    void focusQuestion();

protected:
    void showEvent(QShowEvent *event) override;

signals:
    void answered(const muster::api::AnswerInbox &answer);

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] QWidget *makeButtons();
    void showContent();
    void showButtons(bool answering);
    void updateDone();
    void placeMessage();
    void fitTexts();

    api::InboxInfo m_item;
    RecoloredIconLabel *m_sign;
    QLabel *m_title;
    QLabel *m_who;
    QLabel *m_paths;
    FactLine *m_risk;
    FactLine *m_place;
    QPlainTextEdit *m_content; // commands and diffs, as they are
    DiffHighlighter *m_diff;
    MarkdownView *m_body;
    ChoiceAnswer *m_choices;
    QScrollArea *m_scroll;
    QGridLayout *m_rows = nullptr;
    // Made with m_buttons, so they stand before it.
    QPushButton *m_yes = nullptr;
    QPushButton *m_no = nullptr;
    QPushButton *m_later = nullptr;
    QComboBox *m_scope = nullptr;
    QLineEdit *m_message = nullptr;
    QWidget *m_buttons;
    QLabel *m_done;
    ReadingPause m_pause;
};

} // namespace muster
