// Joining: several branches put together on the newest commit of a target. Made of objects only; looked at
// and tried in a work tree of its own; visible by one move of the target (see merge.h). Nothing is half done
// at any time, and all of it may be done again.
//
// Thread: the one it is called on; no call blocks. Errors as in worktrees.h.
#pragma once

#include "core/workspace/worktrees.h"

namespace muster {

struct JoinRequest {
    ProjectInfo project;
    QString target; // full ref name
    std::vector<QString> commits;
    QStringList messages; // one for each
    MergeMode mode = MergeMode::Squash;
};

struct Join {
    QString from;      // where the target was
    QString to;        // where it would be; the same: it has all of it already
    QStringList made;  // for each commit, in order: the one that brings it; empty: it brings nothing
    QStringList files; // that change
    int conflict = -1; // the commit that does not fit; then nothing was made
    QStringList conflicts;
};

// NotFound: there is no such branch.
[[nodiscard]] QFuture<Result<Join>> joinBranches(std::shared_ptr<GitRunner> runner, JoinRequest request,
                                                 GitTrust trust);
// Outcomes: Merged, TargetMoved, MainTreeDirty.
[[nodiscard]] QFuture<Result<MergeReport>> moveToJoin(std::shared_ptr<GitRunner> runner, ProjectInfo project,
                                                      QString target, Join join, GitTrust trust);
// Whether the branch is at the commit, or has gone on from it.
[[nodiscard]] QFuture<Result<bool>> hasCommit(std::shared_ptr<GitRunner> runner, ProjectInfo project,
                                              QString target, QString commit, GitTrust trust);

// A work tree of a commit, without a branch. What was there before is removed.
[[nodiscard]] QFuture<Result<QString>> openTrial(std::shared_ptr<GitRunner> runner, ProjectInfo project,
                                                 QString path, QString commit, GitTrust trust);
[[nodiscard]] QFuture<Result<bool>> removeTrial(QString commonDir, QString path);

} // namespace muster
