// MergeJob: a merge step. In its turn it puts the worktrees of other steps together on the newest commit of a
// branch, tries the gates on that in a work tree of its own, and then moves the branch at once. What it is
// about to do is recorded before, so that after a crash it is known whether the branch was moved; nothing of
// it is ever half done. Core thread. Source: spec "workspace", Review and merge.
#pragma once

#include "core/node/work/gate_kind.h"
#include "core/node/work/gate_run.h"
#include "core/node/work/merge_task.h"
#include "core/node/work/task_job.h"
#include "core/workspace/joining.h"

namespace muster {

// "release/2" of "refs/heads/release/2".
[[nodiscard]] inline QString branchOfRef(const QString &ref) { return ref.section(u'/', 2); }

class MergeJob final : public TaskJob {
    Q_OBJECT
public:
    MergeJob(ClaimedTask task, WorkContext &context, QObject *parent);

    void start() override;
    void stop(FailureReason reason, const QString &detail) override;
    void goOn() override;
    void abandon() override;

private:
    struct Source {
        MergedSource told;
        QString head; // empty: nothing to take
        bool keepsTree = false;
        WorktreeRow tree;
    };

    [[nodiscard]] Async<bool> begin();
    [[nodiscard]] Async<TaskOutcome> work();
    [[nodiscard]] Async<bool> findTarget();
    [[nodiscard]] Async<bool> askWhetherItMay();
    [[nodiscard]] Async<std::vector<Source>> findSources();
    [[nodiscard]] Async<TaskOutcome> inTurn();
    [[nodiscard]] Async<TaskOutcome> tryOnce(int number);
    [[nodiscard]] Async<TaskOutcome> tryGates(Join join);
    [[nodiscard]] Async<TaskOutcome> moveTo(Join join, int number);
    [[nodiscard]] Async<TaskOutcome> complete(MergeRecord record);
    [[nodiscard]] Async<bool> clearTrial();
    [[nodiscard]] Async<bool> closeIntents();
    [[nodiscard]] Async<bool> cleanUp();
    [[nodiscard]] TaskOutcome conflictIn(const Join &join) const;
    // What a gate checks: as the flow says, else as its command looks.
    struct Gate {
        qsizetype number = 0;
        QString command;
        std::optional<GateKind> kind;
        bool guessed = false;
    };
    [[nodiscard]] Gate gateOf(qsizetype number) const;
    [[nodiscard]] TaskOutcome failureOf(const Gate &gate, const GateEnd &end) const;
    [[nodiscard]] static QJsonObject toJson(const Gate &gate, const GateEnd &end, const TaskOutcome &outcome);
    void tell(const Gate &gate, const GateEnd &end, const TaskOutcome &outcome);
    [[nodiscard]] MergeRecord recordOf(const Join &join) const;
    [[nodiscard]] TaskOutcome failure(FailureReason reason, const QString &detail) const;
    [[nodiscard]] TaskOutcome failure(const Error &error) const;
    [[nodiscard]] TaskOutcome stopped() const;
    [[nodiscard]] QString gateKey(qsizetype gate) const;
    [[nodiscard]] QString trialPath() const;
    [[nodiscard]] QString askKey() const;
    void say(const QString &text);

    MergeTask m_merge;
    QJsonObject m_parts;
    OpenedProject m_project;
    GitTrust m_trust = GitTrust::Untrusted;
    QString m_target; // full ref
    std::optional<WorktreeRow> m_runTree;
    std::vector<Source> m_sources;
    GateRun m_gates;
    std::optional<MergeTurn> m_turn; // while it is ours
    std::optional<FailureReason> m_stopReason;
    QString m_stopDetail;
    using Promise = std::shared_ptr<QPromise<Result<bool>>>;
    [[nodiscard]] static QFuture<Result<bool>> begun(Promise &promise);
    static void keep(Promise &promise, bool value); // once; nothing where nobody waits for it
    Promise m_answer;
    Promise m_slot; // after the answer
};

} // namespace muster
