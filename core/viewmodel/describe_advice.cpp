#include "core/viewmodel/describe.h"

#include <QCoreApplication>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

} // namespace

QString describeAdvice(const QString &code)
{
    if (code == "reinstall"_L1)
        return Describe::tr("It is missing or cannot be run. Build or install Muster again.");
    if (code == "free_disk"_L1)
        return Describe::tr(
            "Less than 2 GiB are free. Nothing is lost when the disk is full, but work stops.");
    if (code == "containment"_L1)
        return Describe::tr(
            "Control groups cannot be used here. What agents start is found by its parents instead, "
            "so a program that hides well may outlive its agent.");
    if (code == "install_git"_L1)
        return Describe::tr("git does not answer. Install it; worktrees and changes are made with it.");
    if (code == "project"_L1)
        return Describe::tr("The folder cannot be read. Check that it is there and yours.");
    if (code == "no_commit"_L1)
        return Describe::tr("It has no commit, so no worktree can be made from it. Commit something first.");
    if (code == "not_git"_L1)
        return Describe::tr("It is no git repository, so agents can read it but have no worktree to change. "
                            "“git init” and a first commit mend that.");
    return code;
}

} // namespace muster
