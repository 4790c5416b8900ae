// BatchPanel: several things that wait for the person, answered together: exactly what each asks for, then
// one answer to all. What needs words of its own (a question) is left to be answered alone, and so is
// "always". GUI thread.
#pragma once

#include "core/node/api/commands.h"
#include "ui/widgets/reading_pause.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace muster {

class BatchPanel final : public QWidget {
    Q_OBJECT

public:
    explicit BatchPanel(QWidget *parent = nullptr);

    void setItems(const std::vector<api::InboxInfo> &items, bool answering);
    void answer(api::AnswerKind kind);

signals:
    void answered(const muster::api::AnswerInbox &answer); // one each

private:
    void layOut();

    std::vector<InboxId> m_items; // those that one answer is enough for
    QLabel *m_title;
    QPlainTextEdit *m_content;
    QLabel *m_left;
    QPushButton *m_yes;
    QPushButton *m_no;
    QPushButton *m_later;
    ReadingPause m_pause;
};

} // namespace muster
