// What a folder is: its root, its git directories, its languages and the commands these suggest. Reads
// files only, starts nothing, trusts nothing that it reads. Bounded (see StackScan) but on disk: call it
// from a worker thread, not the core thread.
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace muster {

struct StackInfo {
    QString id;      // rust, node, go, python, ruby, java, cpp, dotnet, php, elixir, …
    QString marker;  // the file that showed it, relative to the root
    int sources = 0; // source files counted, up to the limits of the scan
    QStringList setupCommands;
    QStringList gateCommands;

    friend bool operator==(const StackInfo &, const StackInfo &) = default;
};

struct ProjectInfo {
    QString root; // canonical; the top of the work tree, also when a folder inside it was named
    QString name;
    bool isGit = false;
    QString gitDir;     // of this work tree; empty without git
    QString commonDir;  // where objects, refs and configuration are; same as gitDir but for linked worktrees
    QString headBranch; // "main"; empty when detached or without git
    bool hasCommit = false;
    bool foreignOwner = false;     // the git directory belongs to another user than we run as
    std::vector<StackInfo> stacks; // dominant first

    friend bool operator==(const ProjectInfo &, const ProjectInfo &) = default;
};

// NotFound, with the path as `detail` and no_folder or not_a_folder as `where`. Any thread.
[[nodiscard]] Status requireFolder(const QString &path);

// Errors, with the path as `detail` and a word for why as `where`: NotFound (no_folder, not_a_folder),
// Unsupported (git_folder: a bare repository or a git directory, broken_git_file), PermissionDenied
// (unreadable_folder). A folder that is not git is no error: isGit is false, and it can only be read.
[[nodiscard]] Result<ProjectInfo> detectProject(const QString &path);

} // namespace muster
