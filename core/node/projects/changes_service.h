// ChangesService: what runs have written in their worktrees: looked at, merged, dropped. A worktree is ended
// once: who is second gets Conflict. Core thread.
#pragma once

#include "core/base/async.h"
#include "core/node/api/commands.h"
#include "core/node/api/values.h"
#include "core/node/projects/merge_turns.h"
#include "core/node/projects/project_service.h"
#include "core/workspace/diff_reader.h"
#include "core/workspace/worktrees.h"

#include <QHash>
#include <QSet>

namespace muster {

// Whose worktree is wanted, and where it begins if it is not there yet.
struct WorktreeWish {
    ProjectInfo project;
    ProjectId projectId;
    RunId run;
    QString runTag; // survey-3
    StepRunId step; // not valid: the one that the run's steps share
    QString name;   // of that step, for branch and folder
    StepRunId from; // begins at what this step committed; not valid: at the run's base
};

class ChangesService : public AsyncOwner {
public:
    ChangesService(Ledger &ledger, ProjectService &projects, const std::shared_ptr<GitRunner> &git,
                   const Paths &paths);

    // The worktree of a run or of one of its steps or items, made on first use, found again by later attempts
    // and after a crash.
    [[nodiscard]] Async<WorktreeRow> worktreeFor(WorktreeWish wish, GitTrust trust);
    // The commit that a worktree's branch is at; empty: the branch is gone.
    [[nodiscard]] Async<QString> tip(WorktreeRow row, GitTrust trust);
    // Commits what an attempt changed; an empty commit id when it changed nothing.
    [[nodiscard]] Async<CommitResult> commitAttempt(WorktreeRow row, QString message, GitTrust trust);
    // Sets aside what an interrupted attempt left uncommitted.
    [[nodiscard]] Async<SalvageResult> salvageAttempt(WorktreeRow row, QString runTag, QString step,
                                                      int attempt, GitTrust trust);

    [[nodiscard]] Async<std::vector<api::WorktreeInfo>> describe(std::vector<WorktreeRow> rows);
    [[nodiscard]] Async<api::ChangesInfo> changes(WorktreeId id, QString path);
    // A merge step has brought the run's own branch to this commit.
    [[nodiscard]] Async<bool> noteMoved(WorktreeRow row, QString commit, QStringList files);
    // What was made there is in `target` now: folder and branch go, unless somebody else ends it or there are
    // repositories inside.
    [[nodiscard]] Async<bool> endMerged(WorktreeRow row, QString target, QString commit);
    // Work trees in which merge steps tried their gates before their node died; not of tasks that go on.
    [[nodiscard]] Async<bool> sweepTrials();
    [[nodiscard]] MergeTurns &turns() { return m_turns; }
    [[nodiscard]] const std::shared_ptr<GitRunner> &git() const { return m_git; }

    [[nodiscard]] Async<api::CommandDone> merge(api::MergeWorktree command, QString by);
    [[nodiscard]] Async<api::CommandDone> drop(api::DropWorktree command, QString by);

private:
    [[nodiscard]] Async<WorktreeRow> makeAfter(QFuture<Result<WorktreeRow>> before, WorktreeWish wish,
                                               GitTrust trust);
    struct Opened {
        WorktreeRow row;
        OpenedProject project;
    };
    [[nodiscard]] Async<api::ChangesInfo> endedChanges(Opened opened, QString path);
    [[nodiscard]] Async<Opened> open(WorktreeId id);
    [[nodiscard]] Async<Opened> beginEnding(WorktreeId id, bool losingNested);
    [[nodiscard]] Async<bool> mayEnd(Opened opened, bool losingNested);
    [[nodiscard]] Async<MergeReport> mergeInTurn(Opened opened, MergeRequest request);
    [[nodiscard]] Async<api::CommandDone> endWorktree(Opened opened, WorktreeState state, QString by,
                                                      QString result);

    Ledger &m_ledger;
    ProjectService &m_projects;
    std::shared_ptr<GitRunner> m_git;
    MergeTurns m_turns;
    QString m_worktreeDir;
    Worktrees m_worktrees;
    DiffReader m_diffs;
    QSet<WorktreeId> m_ending;
    QHash<QString, QFuture<Result<WorktreeRow>>> m_making; // the last one, by repository
};

[[nodiscard]] Worktree worktreeOf(const WorktreeRow &row);

} // namespace muster
