// Whether a branch is checked out in some work tree, and what in that tree a move of the branch would
// overwrite. Thread and errors as in git.h.
#pragma once

#include "core/workspace/git.h"

namespace muster {

// The tree in which `ref` is checked out; gitDir empty: in none.
[[nodiscard]] Async<GitPlace> placeWithBranch(Git git, QString ref);

struct TouchedFiles {
    QStringList inTheWay; // would be lost
    QStringList there;    // changed or unknown to git too, but already as in `to`
};

// Of the files that differ between the commits: those that are changed in the tree, and those that would
// appear over something git does not know (ignored files too).
[[nodiscard]] Async<TouchedFiles> touchedFiles(Git git, QString from, QString to);

} // namespace muster
