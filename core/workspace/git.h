// Git: one repository and tree, the runner and the drivers that must not run, as a value that the workspace's
// sequences pass along. Thread and errors as in git_runner.h; a git that says no is Error{Io} here, with its
// own words in detail and the subcommand in where.
#pragma once

#include "core/base/async.h"
#include "core/workspace/git_drivers.h"

namespace muster {

struct Git {
    std::shared_ptr<GitRunner> runner;
    GitPlace place;
    GitDrivers drivers;

    [[nodiscard]] GitCommand command(QStringList args) const;
    [[nodiscard]] Git at(GitPlace other) const { return {runner, std::move(other), drivers}; }
};

// Any exit code.
[[nodiscard]] Async<GitOutput> runGit(Git git, GitCommand command);
// Exit code 0, or an Error. Truncated output is an Error{TooLarge}.
[[nodiscard]] Async<QByteArray> gitOutput(Git git, GitCommand command);
[[nodiscard]] Async<QByteArray> gitOutput(Git git, QStringList args);
// The output without the line end.
[[nodiscard]] Async<QString> gitLine(Git git, QStringList args);
[[nodiscard]] Async<QString> gitLine(Git git, GitCommand command);
// Exit code 0: true, 1: false, else an Error.
[[nodiscard]] Async<bool> gitSays(Git git, QStringList args);

// The object id that `revision` (an id or a full ref name) peels to as `type` ("commit", "tree"); empty if
// there is none.
[[nodiscard]] Async<QString> objectOf(Git git, QString revision, QString type);
[[nodiscard]] Async<bool> isAncestor(Git git, QString ancestor, QString descendant);

[[nodiscard]] Async<Git> openGit(std::shared_ptr<GitRunner> runner, GitPlace place, GitTrust trust);

// Parts of -z output.
[[nodiscard]] QStringList splitNul(const QByteArray &output);
[[nodiscard]] Error gitError(const GitCommand &command, const GitOutput &output);

} // namespace muster
