// Merging a worktree's branch into another branch: the values. The merge is made of objects only (git
// merge-tree, commit-tree) and becomes visible by one compare-and-swap of the ref, so that the target is
// either where it was or where it should be. If the target is checked out, the files there follow first, and
// only if those concerned are as committed; files that the merge does not touch may be dirty.
#pragma once

#include "core/base/enum_names.h"
#include "core/base/json_codec.h"

#include <QString>
#include <QStringList>

namespace muster {

enum class MergeMode : std::uint8_t { Squash, Merge };

struct GitAuthor {
    QString name = QStringLiteral("Muster");
    QString email = QStringLiteral("muster@localhost");
};

struct MergeRequest {
    QString target; // branch name, short or full; empty: the branch checked out in the main tree
    MergeMode mode = MergeMode::Squash;
    QString message;
    GitAuthor author;
};

enum class MergeOutcome : std::uint8_t {
    Merged,
    Conflict,      // files: those in conflict; nothing was changed
    TargetMoved,   // somebody else moved the target meanwhile; try again
    NoChanges,     // the target has all of it already
    MainTreeDirty, // files: changed or untracked files in the target's tree that the merge would overwrite;
                   // empty: a merge or rebase is under way there
};

template <> struct EnumNames<MergeMode> {
    static constexpr std::array table{std::pair{MergeMode::Squash, "squash"},
                                      std::pair{MergeMode::Merge, "merge"}};
};

template <> struct EnumNames<MergeOutcome> {
    static constexpr std::array table{
        std::pair{MergeOutcome::Merged, "merged"},
        std::pair{MergeOutcome::Conflict, "conflict"},
        std::pair{MergeOutcome::TargetMoved, "target_moved"},
        std::pair{MergeOutcome::NoChanges, "no_changes"},
        std::pair{MergeOutcome::MainTreeDirty, "main_tree_dirty"},
    };
};

struct MergeReport {
    MergeOutcome outcome = MergeOutcome::Merged;
    QString target;    // full ref name
    QString oldCommit; // where the target was: undo moves it back
    QString commit;    // where it is now; empty unless Merged
    QString treePath;  // the work tree that was brought along; empty: the target is not checked out
    QStringList files;
};

template <> struct Fields<MergeReport> {
    static constexpr auto list =
        std::tuple{field("outcome", &MergeReport::outcome),      field("target", &MergeReport::target),
                   field("old_commit", &MergeReport::oldCommit), field("commit", &MergeReport::commit),
                   field("tree_path", &MergeReport::treePath),   field("files", &MergeReport::files)};
};

} // namespace muster
