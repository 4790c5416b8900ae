// AnswerPanel: one thing that waits for the person: who asks, exactly what for, and the answers. "Later" is
// not "no". The answer goes out as a signal; the panel stands still until the item changes. GUI thread.
#pragma once

#include "core/node/api/commands.h"
#include "ui/widgets/reading_pause.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace muster {

class DiffHighlighter;
class MarkdownView;
class RecoloredIconLabel;

class AnswerPanel final : public QWidget {
    Q_OBJECT

public:
    explicit AnswerPanel(QWidget *parent = nullptr);

    void setItem(const api::InboxInfo &item, bool answering);
    [[nodiscard]] InboxId item() const { return m_item.id; }
    void answer(api::AnswerKind kind);
    void focusAnswers();

protected:
    void showEvent(QShowEvent *event) override;

signals:
    void answered(const muster::api::AnswerInbox &answer);

private:
    [[nodiscard]] QWidget *makeButtons();
    void showContent();
    void showButtons(bool answering);
    void updateDone();

    api::InboxInfo m_item;
    RecoloredIconLabel *m_sign;
    QLabel *m_title;
    QLabel *m_who;
    QLabel *m_paths;
    QPlainTextEdit *m_content; // commands and diffs, as they are
    DiffHighlighter *m_diff;
    MarkdownView *m_body;
    // Made with m_buttons, so they stand before it.
    QPushButton *m_yes = nullptr;
    QPushButton *m_no = nullptr;
    QPushButton *m_later = nullptr;
    QComboBox *m_choices = nullptr;
    QComboBox *m_scope = nullptr;
    QLineEdit *m_message = nullptr;
    QWidget *m_buttons;
    QLabel *m_done;
    ReadingPause m_pause;
};

} // namespace muster
