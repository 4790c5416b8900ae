#include "core/viewmodel/describe_refusal.h"

#include <QCoreApplication>
#include <QHash>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// %1 is the path.
const QHash<QString, const char *> &refusals()
{
    static const QHash<QString, const char *> table{
        {u"no_folder"_s,
         QT_TRANSLATE_NOOP("Refusal", "There is no folder %1. Check how it is written, or make it.")},
        {u"not_a_folder"_s,
         QT_TRANSLATE_NOOP("Refusal",
                           "%1 is not a folder. A project is a folder: choose the one that it is in.")},
        {u"unreadable_folder"_s,
         QT_TRANSLATE_NOOP("Refusal",
                           "You may not look into %1. Agents work with your rights, so they cannot "
                           "either: change its permissions, or choose another folder.")},
        {u"git_folder"_s,
         QT_TRANSLATE_NOOP("Refusal",
                           "%1 belongs to git itself: a bare repository, or the inside of one. There are "
                           "no files to work on. Choose the folder with the files, or clone it: git clone "
                           "%1 FOLDER")},
        {u"broken_git_file"_s,
         QT_TRANSLATE_NOOP("Refusal",
                           "%1 names no git repository, so this work tree has lost its own. Repair it (git "
                           "worktree repair, in the main work tree), or remove that file.")},
        {u"not_git"_s,
         QT_TRANSLATE_NOOP("Refusal",
                           "%1 is not a git repository. This flow writes in a worktree of its own, and only "
                           "git can make one. In that folder: git init && git add -A && git commit")},
        {u"no_commit"_s,
         QT_TRANSLATE_NOOP("Refusal",
                           "%1 has no commit yet. This flow works on a branch of its own, and that begins at "
                           "a commit. In that folder: git add -A && git commit")},
        {u"broken_head"_s,
         QT_TRANSLATE_NOOP("Refusal",
                           "git finds no commit at the HEAD of %1: the repository is damaged, or its branch "
                           "is gone. A run needs one to begin at. In that folder, git fsck says what is "
                           "wrong; git switch BRANCH puts HEAD on a branch that is there.")},
        {u"git_read_only"_s,
         QT_TRANSLATE_NOOP("Refusal",
                           "You may not write to %1. A run keeps its branch and its worktree's records "
                           "there. Make it writable, or work on a clone of your own.")},
        {u"branch_in_way"_s,
         QT_TRANSLATE_NOOP("Refusal",
                           "%1 has a branch “muster”. Runs work on branches “muster/…”, and git cannot have "
                           "both. In that folder: git branch -m muster OTHER-NAME")},
    };
    return table;
}

} // namespace

QString describeRefusal(const Error &error)
{
    const char *text = refusals().value(error.where, nullptr);
    if (!text)
        return {};
    return QCoreApplication::translate("Refusal", text).replace("%1"_L1, error.detail);
}

} // namespace muster
