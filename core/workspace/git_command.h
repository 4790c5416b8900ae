// How git is started, in one place: without the repository's hooks, pagers, editors, helpers, external
// diffs and transports, with an explicit git directory, and with an environment made from nothing.
// Source: facts "git as attack surface"; git(1), git-config(1). Pure, any thread.
//
// What flags cannot stop (filter.*, merge.*.driver) is overridden by name: see git_drivers.h.
#pragma once

#include "core/workspace/git_runner.h"

namespace muster {

// Arguments after the program name.
[[nodiscard]] QStringList gitArguments(const GitCommand &command);
// The complete environment, "NAME=value". `inherited` is searched for PATH, HOME and TMPDIR and nothing else.
[[nodiscard]] QStringList gitEnvironment(const GitCommand &command, const QStringList &inherited);

// "refs/heads/<branch>" if that is a name that git accepts and that no option can be mistaken for, else an
// Error{InvalidArgument}. Rules of git-check-ref-format(1). A name that already begins with refs/ is kept.
[[nodiscard]] Result<QString> fullBranchRef(const QString &branch);
[[nodiscard]] bool isSafeRefName(const QString &fullRef);
// 40 or 64 lower-case hexadecimal digits.
[[nodiscard]] bool isObjectId(QStringView text);
// Any text made into one component of a ref or a folder name: [A-Za-z0-9._-], never empty, never "..".
[[nodiscard]] QString refComponent(const QString &text);

} // namespace muster
