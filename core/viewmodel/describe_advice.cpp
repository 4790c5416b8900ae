#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_keys.h"
#include "core/viewmodel/describe_runtime.h"

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
    if (code == "sqlite_old"_L1)
        return Describe::tr(
            "It is too old for the search: new texts do not get into its index. Install SQLite 3.43 "
            "or newer and start Muster again.");
    if (code == "install_git"_L1)
        return Describe::tr("git does not answer. Install it; worktrees and changes are made with it.");
    if (code == "project"_L1)
        return Describe::tr("The folder cannot be read. Check that it is there and yours.");
    if (code == "project_settings"_L1)
        return Describe::tr("This is left out of the project's settings; all else of them counts.");
    if (code == "no_commit"_L1)
        return Describe::tr("It has no commit, so no worktree can be made from it. Commit something first.");
    if (code == "not_git"_L1)
        return Describe::tr("It is no git repository, so agents can read it but have no worktree to change. "
                            "“git init” and a first commit mend that.");
    if (code == "runtimes_missing"_L1)
        return Describe::tr(
            "They are not installed, or nobody has signed in. “muster runtimes show ID” says what to do.");
    if (code == "runtime_file"_L1)
        return Describe::tr(
            "This file of yours does not fit, so its runtime is left out. Mend it and start the "
            "node again.");
    if (code == "runtime_no_answer"_L1)
        return Describe::tr("It does not answer when it is asked for its version.");
    if (code == "mcp_file"_L1)
        return Describe::tr("Agents start without this server. Correct mcp.json; it counts from the next "
                            "agent on.");
    if (code == "account_home"_L1)
        return Describe::tr("The folder of this account's sign-in is gone. Put it back, give another with "
                            "“muster accounts add”, or remove the account.");
    if (code == "keychain_lost"_L1)
        return Describe::tr(
            "This key is no more where it was kept. Give it again with “muster secrets set”, or remove "
            "its name with “muster secrets remove”.");
    if (code == "keychain_locked"_L1)
        return Describe::tr(
            "The keychain is locked. Agents that need this key do not start until it is unlocked.");
    if (code == "keychain_silent"_L1)
        return Describe::tr("The keychain does not answer; it may wait for its password in a window.");
    if (code == "keychain_unavailable"_L1)
        return Describe::tr(
            "There is no keychain in the node's session, so this key cannot be read. Start one, and "
            "then the node again, from a session that has it; or choose another place with “muster "
            "config set keys.store ask” or “… file”, and give the key again.");
    if (code.startsWith("key_"_L1) || code.startsWith("store_keychain"_L1))
        return describeKeyAdvice(code);
    if (code.startsWith("runtime_"_L1))
        return describeRuntimeState(code.sliced(8));
    return code;
}

} // namespace muster
