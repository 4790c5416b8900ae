#include "core/viewmodel/known_errors.h"

#include <QtTranslation>

#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

using Known = KnownError;
using C = ErrorCode;

constexpr std::array known{
    Known{C::NotFound,
          "no_folder"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no folder %1. Check how it is written, or make it.")},
    Known{C::NotFound,
          "not_a_folder"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "%1 is not a folder. A project is a folder: choose the one that it is in.")},
    Known{C::PermissionDenied,
          "unreadable_folder"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "You may not look into %1. Agents work with your rights, so they "
                                        "cannot either: change its permissions, or choose another folder.")},
    Known{C::Unsupported,
          "git_folder"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "%1 belongs to git itself: a bare repository, or the inside of one. There are no files to work "
              "on. Choose the folder with the files, or clone it: git clone %1 FOLDER")},
    Known{C::Unsupported,
          "broken_git_file"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "%1 names no git repository, so this work tree has lost its own. Repair it (git "
                            "worktree repair, in the main work tree), or remove that file.")},
    Known{C::Unsupported,
          "not_git"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "%1 is not a git repository. This flow writes in a worktree of its own, and only "
                            "git can make one. In that folder: git init && git add -A && git commit")},
    Known{C::Unsupported,
          "no_commit"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "%1 has no commit yet. This flow works on a branch of its own, and "
                                        "that begins at a commit. In that folder: git add -A && git commit")},
    Known{C::Unsupported,
          "broken_head"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "git finds no commit at the HEAD of %1: the repository is damaged, or its branch "
                            "is gone. A run needs one to begin at. In that folder, git fsck says what is "
                            "wrong; git switch BRANCH puts HEAD on a branch that is there.")},
    Known{C::PermissionDenied,
          "git_read_only"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "You may not write to %1. A run keeps its branch and its worktree's "
                                        "records there. Make it writable, or work on a clone of your own.")},
    Known{C::Unsupported,
          "branch_in_way"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "%1 has a branch “muster”. Runs work on branches “muster/…”, and git "
                                        "cannot have both. In that folder: git branch -m muster OTHER-NAME")},
    Known{C::NotFound,
          "branch"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The branch %1 is not there any more. Nothing was changed.")},
    Known{C::NotFound, "target"_L1, "HEAD is detached"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "The project is on no branch, so there is nothing to merge into. Check out a "
                            "branch in it, then merge again.")},
};

} // namespace

std::span<const KnownError> knownProjectErrors() { return known; }

} // namespace muster
