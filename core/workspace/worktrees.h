// Worktrees: where agents write. One per run (or step), on a branch of its own, outside the main tree; what
// was made there is committed, set aside, merged or dropped, and nothing is deleted that was not kept.
//
// Thread: the one it was made on; no call blocks. Every call may be repeated after a crash: it finds what was
// begun. The calls on one worktree must not overlap, and no process may be at work in it (but for status).
// Errors: Unsupported (not git), NotFound (no commit, no branch), InvalidArgument (names), AlreadyExists,
// Conflict (something moved meanwhile), Io, and those of GitRunner. `detail` has git's own words.
#pragma once

#include "core/workspace/git_place.h"
#include "core/workspace/merge.h"

#include <QFuture>

namespace muster {

struct Worktree {
    QString project; // root of the main tree
    QString path;
    QString gitDir; // the true one, REPO/.git/worktrees/NAME
    QString commonDir;
    QString branch; // short: muster/<run>
    QString baseCommit;

    [[nodiscard]] GitPlace place() const
    {
        return {.gitDir = gitDir, .commonDir = commonDir, .workTree = path};
    }
    friend bool operator==(const Worktree &, const Worktree &) = default;
};

template <> struct Fields<Worktree> {
    static constexpr auto list =
        std::tuple{field("project", &Worktree::project), field("path", &Worktree::path),
                   field("git_dir", &Worktree::gitDir),  field("common_dir", &Worktree::commonDir),
                   field("branch", &Worktree::branch),   field("base_commit", &Worktree::baseCommit)};
};

struct CreateWorktree {
    ProjectInfo project;
    QString run; // becomes branch muster/<run>, or muster/<run>-2, … if that is somebody's; cleaned for a ref
    QString step; // not empty: branch muster/<run>--<step> (a ref cannot be both file and folder)
    QString base; // commit id; empty: HEAD of the main tree
    QStringList takenPaths = {}; // folders that are another run's or step's, though git may know them here
};

struct CommitRequest {
    QString message;
    GitAuthor author;
    QString since; // what is new is told against this commit; empty: against the branch's tip
};

struct CommitResult {
    bool changed = false;
    QString commit;     // the branch's tip afterwards, also when nothing changed
    QStringList files;  // changed since then
    QStringList nested; // git repositories found inside, left as they are
};

struct WorktreeStatus {
    QString head;
    int ahead = 0;     // commits since the base
    QStringList dirty; // changed or untracked, without ignored files
    QStringList nested;
    [[nodiscard]] bool clean() const { return dirty.isEmpty(); }
};

struct SalvageRequest {
    QString run;
    QString step;
    int attempt = 1;
    QString resetTo; // the commit at which the attempt began
};

struct SalvageResult {
    bool kept = false; // false: there was nothing to keep
    QString ref;       // refs/muster/salvage/<run>/<step>-<attempt>
    QString commit;
    QStringList files;
    qint64 changedLines = 0; // added and removed; a binary file counts as one
};

struct DropResult {
    QString keptRef; // empty: all of it is merged, or there was nothing
    QString keptCommit;
};

// Whether a worktree can be made in a project, to be asked before a run costs anything. Errors, with the path
// as `detail` and a word for why as `where`: Unsupported (not_git, no_commit, broken_head, branch_in_way),
// PermissionDenied (git_read_only); git's own as above.
[[nodiscard]] QFuture<Result<bool>> checkWorktrees(std::shared_ptr<GitRunner> runner, ProjectInfo project,
                                                   GitTrust trust);

class Worktrees {
public:
    // `directory` is made when needed; it must be on a local file system and not inside a project.
    Worktrees(std::shared_ptr<GitRunner> runner, QString directory);

    [[nodiscard]] QFuture<Result<Worktree>> create(CreateWorktree request, GitTrust trust) const;
    // The commit that the worktree's branch is at, whether its folder is there or not; empty: there is no
    // such branch any more.
    [[nodiscard]] QFuture<Result<QString>> tip(Worktree worktree, GitTrust trust) const;
    [[nodiscard]] QFuture<Result<WorktreeStatus>> status(Worktree worktree, GitTrust trust) const;
    // Commits everything but ignored files; brings a HEAD that an agent moved back to the branch.
    [[nodiscard]] QFuture<Result<CommitResult>> commitAll(Worktree worktree, CommitRequest request,
                                                          GitTrust trust) const;
    // Keeps what an interrupted attempt left (its own commits too) under a salvage ref, then puts branch and
    // files back to resetTo. Ignored files stay.
    [[nodiscard]] QFuture<Result<SalvageResult>> salvage(Worktree worktree, SalvageRequest request,
                                                         GitTrust trust) const;
    // Keeps what is not yet in the main tree's HEAD or in mergedInto, then removes the folder and the branch.
    // `run` names the kept ref: refs/muster/salvage/<run>/dropped. Links are removed, never followed.
    [[nodiscard]] QFuture<Result<DropResult>> drop(Worktree worktree, QString run, QString mergedInto,
                                                   GitTrust trust) const;
    // Merges what is committed on the worktree's branch; see merge.h.
    [[nodiscard]] QFuture<Result<MergeReport>> mergeInto(Worktree worktree, MergeRequest request,
                                                         GitTrust trust) const;
    // Moves the branch back to report.oldCommit, if it has not moved since.
    [[nodiscard]] QFuture<Result<MergeReport>> undoMerge(Worktree worktree, MergeReport report,
                                                         GitTrust trust) const;

private:
    std::shared_ptr<GitRunner> m_runner;
    QString m_directory;
};

} // namespace muster
