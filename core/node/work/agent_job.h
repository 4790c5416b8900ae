// AgentJob: one turn of one agent session, for a flow step or a chat message: finds runtime, profile and
// folder, takes the warm session of the conversation or starts (or resumes) one, prompts, records what it
// says, brings what it asks to the rules or to the person, and commits what it changed once its
// processes are gone. A chat's session is kept warm when its turn is done. A limit of the provider sends it
// back to the queue until that is over. Core thread.
#pragma once

#include "core/agent/account_choice.h"
#include "core/agent/agent_session.h"
#include "core/agent/resolution.h"
#include "core/flow/agent_profile.h"
#include "core/node/flows/flow_library.h"
#include "core/node/work/answer_text.h"
#include "core/node/work/documents.h"
#include "core/node/work/event_mask.h"
#include "core/node/work/permission_gate.h"
#include "core/node/work/session_watch.h"
#include "core/node/work/task_job.h"
#include "core/store/session_repository.h"

#include <QTimer>

namespace muster {

class AgentJob final : public TaskJob {
    Q_OBJECT
public:
    AgentJob(ClaimedTask task, WorkContext &context, QObject *parent);

    void start() override;
    void stop(FailureReason reason, const QString &detail) override;
    void steer(const QString &text, const QStringList &attachments,
               const std::function<void(const Status &)> &done) override;
    void goOn() override;
    void abandon() override;
    [[nodiscard]] api::WorkInfo look() const override;

signals:
    void said(const QString &messageKey, const QString &text);
    void thought(const QString &text);

private:
    struct Place {
        OpenedProject project;
        std::optional<WorktreeRow> worktree;
        QString folder;
    };

    // Before the session (agent_job.cpp)
    [[nodiscard]] Async<bool> begin();
    [[nodiscard]] Async<bool> beginCold();
    [[nodiscard]] Async<Place> findPlace();
    [[nodiscard]] Async<bool> findKeptFiles();
    [[nodiscard]] Async<QString> findProfile();
    [[nodiscard]] Async<bool> findRecordedTurn();
    [[nodiscard]] Async<bool> findWhatWasSaid();
    [[nodiscard]] Async<SessionRow> recordSession(QString runtime, QString folder);
    void launch(const RuntimeRecord &runtime, const SessionRow &row, const AccountLaunch &as);
    // The task works in that session now, and why its runtime was taken.
    [[nodiscard]] static Status noteSession(Connection &db, const ClaimedTask &task, const SessionRow &row,
                                            const QString &model, const QString &why);
    void use(AgentSession *session);
    void listen();
    void prompt();
    void send(const Prompt &prompt);

    // What it is given (agent_job_context.cpp)
    [[nodiscard]] FlowLibrary library() const; // of its project
    [[nodiscard]] Async<bool> findContext();
    [[nodiscard]] QJsonArray giveContext(); // as content blocks
    void recordContext(const std::vector<api::ContextInfo> &parts);

    // Its runtime (agent_job_runtime.cpp)
    [[nodiscard]] Async<bool> resolve(); // false: there is no such runtime
    void recordFallback();
    [[nodiscard]] bool failedToOpen(const SessionEnded &ended) const;
    [[nodiscard]] bool mayFallBack(const SessionEnded &ended) const;
    [[nodiscard]] Async<bool> fallBack(SessionEnded ended); // false: it was the last
    [[nodiscard]] bool mayForget(const SessionEnded &ended) const;
    [[nodiscard]] Async<bool> forget(SessionEnded ended); // false: it had done something
    void clearSession(const SessionEnded &ended);

    // Its account (agent_job_account.cpp)
    [[nodiscard]] Async<bool> takeAccount();
    [[nodiscard]] Async<SessionRow> findEarlier();
    [[nodiscard]] AccountRef account() const;
    [[nodiscard]] QString resumeId() const; // the runtime's own id of the session to go on with; empty: none
    [[nodiscard]] QString resolutionReason() const;
    [[nodiscard]] QJsonObject accountData() const; // for the event that tells of its start
    [[nodiscard]] bool mayTakeAnotherAccount() const;
    void recordRefusal();

    // Warm sessions (agent_job_warm.cpp)
    [[nodiscard]] Async<bool> beginWarm(); // false: there is none
    [[nodiscard]] Async<SessionRow> reuseSession(SessionId id);
    [[nodiscard]] SessionPoolKey poolKey() const;
    [[nodiscard]] bool keepWarm();
    [[nodiscard]] bool diedUnheard(const SessionEvent &event);

    // While it works (agent_job_events.cpp)
    void onEvent(const SessionEvent &event);
    void tell(const SessionEvent &event);
    void sayText(const StreamRecorder::Source &source, const TextDelta &text);
    void record(const SessionEvent &event, const QJsonObject &ours = {});
    void count(const Usage &said);
    void warnOfUnknownModel();
    void warnOfUnknownPrice();
    [[nodiscard]] const RuntimeModel *modelInUse() const; // nullptr: the catalog does not know it
    void recorded();
    void regulate();
    void setStoreBusy(bool busy);
    void recordTurn(const TurnFinished &finished);
    void onStarted(const SessionStarted &started);
    void waitForReset(qint64 resetMs);
    void onSilence();
    void onTurnFinished(const TurnFinished &finished);

    // What its answer must be (agent_job_output.cpp)
    void endTurn(const TurnFinished &finished);
    [[nodiscard]] Async<bool> judgeAnswer(TurnFinished finished);
    void askForRepair(const TurnFinished &finished);

    // Money before a call, and of the day (agent_job_budget.cpp)
    [[nodiscard]] qint64 leastCost() const; // of the next call; 0: nobody knows
    [[nodiscard]] Async<bool> askWithin(Prompt prompt, qint64 microUsd);
    void countForDay();

    // Its limits (agent_job_watch.cpp)
    void beginWatch();
    void watch();
    void lookAtText();
    void endWatch();
    void pauseRunaway(const WatchFinding &found);
    [[nodiscard]] bool answerRunaway(const InboxRow &item); // false: that was not asked
    void holdOutput();
    void note(const QString &kind, const QString &detail);
    void tellSpent();
    [[nodiscard]] TaskUsage used() const; // in all, also before a limit sent it back

    // What it asks (agent_job_asks.cpp)
    using Asked = std::variant<PermissionRequested, QuestionAsked>;
    void onPermission(const PermissionRequested &request);
    void askPerson(const PermissionRequested &request, const PermissionVerdict &verdict);
    void passOn(const PermissionRequested &request, const InboxRow &item);
    void keepRule(const Result<PermissionRuleRow> &made);
    void onQuestion(const QuestionAsked &question);
    void declineUnattended(const QuestionAsked &question);
    void onAnswered(const InboxRow &item);
    void onWithdrawn(const QString &requestId);
    [[nodiscard]] QString askKey(const QString &requestId) const;
    void setWaiting(const QString &key, bool waits);
    void passWhenItMay(std::function<void()> pass);

    // The end (agent_job_end.cpp)
    [[nodiscard]] std::optional<FailureReason> endReason() const;
    [[nodiscard]] QString endDetail(FailureReason reason) const;
    void onSessionEnded(const SessionEnded &ended);
    void settle(const SessionEnded &ended);
    [[nodiscard]] Async<bool> complete();
    [[nodiscard]] Async<bool> checkFiles(); // that were to be there
    [[nodiscard]] Async<TaskOutput> keepChanges();
    [[nodiscard]] Async<bool> judgeEffort(); // true: it gets nowhere
    [[nodiscard]] std::optional<qint64> restAfterLimit();
    [[nodiscard]] Async<bool> restBeforeSession(qint64 untilMs);
    void recordEnd();
    void recordKept();
    void finishBeforeSession(FailureReason reason, const QString &detail);
    [[nodiscard]] EventRefs refs() const;

    Place m_place;
    AgentProfile m_profile;
    std::vector<Document> m_documents;
    std::vector<KeptFile> m_keptFiles;
    std::vector<FoundSkill> m_skills;
    QStringList m_outputFiles; // that were to be there, and are
    McpSettings m_mcp;
    Resolution m_resolution;
    QHash<QString, LaunchProblem> m_problems; // of runtimes that could not be started for this task
    const RuntimeRecord *m_runtime = nullptr;
    AccountChoice m_account;
    QStringList m_refusedAccounts;      // of that runtime, that could not sign in for this task
    bool m_forgot = false;              // the agent does not know that session: it begins anew
    std::optional<SessionRow> m_goesOn; // with which session, if its account and folder allow that
    SessionRow m_row;
    AgentSession *m_session = nullptr;
    EventMask m_mask;
    AnswerText m_answer;
    QString m_textKey;      // of the paragraph that is being said
    qint64 m_textUnits = 0; // of the text as the person sees it
    PermissionGate m_gate;
    QHash<QString, Asked> m_asked; // by inbox key
    QSet<QString> m_waitingFor;
    bool m_hasSlot = true;                       // it gave it up to wait, and has it not again
    std::vector<std::function<void()>> m_toPass; // answers, until it has
    QTimer m_silence;
    QTimer m_watchTimer;
    SessionWatch m_watch;
    WatchLimits m_watchLimits;
    QStringList m_reads; // paths that its tools have read
    qint64 m_changedLines = 0;
    qint64 m_lookedAtText = 0;
    qint64 m_givenTokens = 0;     // that it was given to read, estimated
    qint64 m_countedMicroUsd = 0; // of what it has spent: for the day
    qint64 m_mostMemory = 0;      // of all its processes
    bool m_runaway = false;       // paused for it, and the person asked
    bool m_storeIsBusy = false;   // paused until it has caught up
    int m_unrecorded = 0;
    bool m_nudged = false;
    qint64 m_standsUntilMs = 0; // a known reset; UTC
    bool m_unheard = false;     // a warm session that has not said a word since it was asked
    bool m_kept = false;        // the session lives on in the pool
    bool m_abandoned = false;
    bool m_priceless = false;                     // told that nobody knows what it costs
    bool m_judging = false;                       // its answer is being looked at
    bool m_repaired = false;                      // it was asked once more
    QString m_outputFault;                        // what the answer lacks
    std::optional<SessionEnded> m_endedMeanwhile; // while it was looked at
    bool m_turnRecorded = false;                  // by an owner that died: it is finished, not repeated
    std::optional<FailureReason> m_stopReason;
    QString m_stopDetail;
    std::optional<TurnFinished> m_finished;
    std::optional<SessionEnded> m_sessionEnd;
    TaskOutcome m_outcome;
};

} // namespace muster
