// RunFollower: has a run started and follows it to its end, asking at a terminal what the run asks. The run
// belongs to the node: when this process dies, the run goes on. Deletes itself with the Cli. Main thread.
#pragma once

#include "app/cli/cli.h"
#include "app/cli/terminal_question.h"
#include "core/viewmodel/step_names.h"

#include <QSet>

namespace muster::app {

class RunFollower final : public QObject {
    Q_OBJECT
public:
    explicit RunFollower(Cli &cli);

    // Someone can be asked.
    [[nodiscard]] bool isAtTerminal() const { return m_atTerminal; }
    // Says before what is accepted by starting it.
    void start(const api::StartRun &start);
    // StartRun or RerunRun.
    void submit(const api::Command &command);

private:
    void onStarted(const api::CommandDone &done);
    void follow();
    void followQuestions();
    void onEvent(const Event &event);
    void onPause(const QString &reason);
    void tell(const Event &event);
    void showStep(const Event &event);
    void showWork(const Event &event);
    void showRerun(const Event &event);
    void showSettled(const Event &event);
    void lookAtInbox();
    void ask(const api::InboxInfo &item);
    void answer(const api::AnswerInbox &answer);
    void print(const QString &line) { m_question.print(line); }
    void finish();
    void printResult(const api::RunDetail &detail);

    [[nodiscard]] bool quiet() const { return m_cli.options().quiet || m_cli.options().json; }

    Cli &m_cli;
    bool m_atTerminal;
    RunId m_run;
    QString m_title;
    StepNames m_names;
    TerminalQuestion m_question{this};
    InboxId m_told; // without a terminal: what was said last to wait
    QSet<InboxId> m_putOff;
    bool m_cancelling = false;
    bool m_pauseTold = false;
    bool m_ended = false;
};

} // namespace muster::app
