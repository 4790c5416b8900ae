// TerminalQuestion: asks at the terminal what waits for the person, one item at a time, and reads the answer
// from standard input. Approvals and permissions take yes, no or later; a question of an agent takes the
// number of a choice or the person's own words. Enter alone never says yes. Main thread.
#pragma once

#include "core/node/api/commands.h"

#include <QObject>

#include <functional>

class QSocketNotifier;

namespace muster::app {

class TerminalQuestion final : public QObject {
public:
    explicit TerminalQuestion(QObject *parent)
        : QObject(parent)
    {
    }

    std::function<void(const api::AnswerInbox &answer)> onAnswer;

    void ask(const api::InboxInfo &item);
    [[nodiscard]] InboxId asking() const { return m_item.id; }
    // Nothing is asked any more: it was answered elsewhere, or is of no use.
    void leave();
    // A line on its own, also while a question stands open: that is asked again below it.
    void print(const QString &line);

private:
    void prompt();
    void onInput();
    [[nodiscard]] std::optional<api::AnswerInbox> answerToQuestion(const QString &text) const;
    [[nodiscard]] std::optional<api::AnswerInbox> answerToRequest(const QString &text) const;

    api::InboxInfo m_item;
    bool m_promptOpen = false; // the cursor stands behind it
    QSocketNotifier *m_input = nullptr;
};

// The choices with their numbers, a line each.
[[nodiscard]] QStringList choiceLines(const api::InboxInfo &item);
// The command that answers it.
[[nodiscard]] QString howToAnswer(const api::InboxInfo &item);

} // namespace muster::app
