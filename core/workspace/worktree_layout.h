// What git keeps in files about work trees, read without starting git. Source: gitrepository-layout(5).
// Reads a handful of small files; any thread.
#pragma once

#include "core/base/result.h"
#include "core/workspace/git_place.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace muster {

struct LinkedTree {
    QString gitDir;        // REPO/.git/worktrees/NAME
    QString path;          // of the tree
    bool complete = false; // false: git was killed while it made it
};

[[nodiscard]] std::vector<LinkedTree> linkedTrees(const QString &commonDir);
// The git directory that a tree's `.git` file names, if it is a folder directly in COMMON/worktrees. Only to
// be asked before anybody else had the tree. Errors: Corrupt.
[[nodiscard]] Result<QString> linkedGitDir(const QString &treePath, const QString &commonDir);
// Makes a linked tree's record name its repository again: parts of git read the file `commondir` whatever
// the environment says, and an agent can write there. A main git directory must not have that file.
// Errors: Corrupt, Io.
[[nodiscard]] Status restoreCommonDir(const QString &gitDir, const QString &commonDir);
// Names of what is under way in a tree: MERGE_HEAD, rebase-merge, …; empty if nothing.
[[nodiscard]] QStringList operationsUnderWay(const QString &gitDir);
// Forgets these, and a lock of an index whose writer is dead, after everybody at work in the tree has ended.
void forgetOperations(const QString &gitDir);
// Forgets the locks that stand in the way of writing `ref` (a full name), as above.
void forgetLocks(const GitPlace &place, const QString &ref);
// Removes a folder and all in it, without following links and through folders made read-only. A link as
// `path` is itself removed. Gone already: success. Blocks: use a worker thread.
[[nodiscard]] Status removeFolder(const QString &path);

} // namespace muster
