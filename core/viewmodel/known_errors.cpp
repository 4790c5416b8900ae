#include "core/viewmodel/known_errors.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

using Known = KnownError;
using C = ErrorCode;

constexpr std::array known{
    Known{C::InvalidArgument,
          "env"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The flow needs variables that are not set where the node runs: %1. Set "
                            "them there and start the node anew.")},
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
          "flow_folder"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "%1 is not a flow file of this project or of yours. Those are in the folder "
                            "“flows” and end with .flow.yaml.")},
    Known{C::InvalidArgument,
          "flow_name"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "%1 is no name for a flow file: letters, digits, “_” and “-”, and .flow.yaml at "
                            "the end.")},
    Known{C::Unsupported,
          "steps_in_line"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The steps of %1 are written between brackets, so no step can be "
                                        "inserted. Write them as a list, one “- id: …” below the other.")},
    Known{C::AlreadyExists,
          "flow"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is a flow %1 in this project already. Choose another name.")},
    Known{C::Conflict,
          {},
          "flow_changed"_L1,
          QT_TRANSLATE_NOOP("Describe", "The file was changed by another program meanwhile.")},
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
          "flow"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is no flow “%1” here. “muster flow list” names those there are.")},
    Known{C::NotFound,
          "profile"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is no profile “%1”. Correct the flow's “agent:”, or add the profile.")},
    Known{C::NotFound,
          "run"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no run %1. “muster runs” lists those there are.")},
    Known{C::NotFound,
          "runs"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no run %1. “muster runs” lists those there are.")},
    Known{C::NotFound,
          "inbox"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "Nothing with the number %1 waits. “muster inbox” lists what does.")},
    Known{
        C::NotFound,
        "worktrees"_L1,
        {},
        QT_TRANSLATE_NOOP("Describe", "There is no worktree %1. “muster worktrees” lists those there are.")},
    Known{C::NotFound,
          "setting"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no setting “%1”. “muster config” lists those there are.")},
    Known{C::NotFound,
          "branch"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The branch %1 is not there any more. Nothing was changed.")},
    Known{C::NotFound, "target"_L1, "HEAD is detached"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "The project is on no branch, so there is nothing to merge into. Check out a "
                            "branch in it, then merge again.")},
    Known{C::InvalidArgument,
          "MUSTER_HOME"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "MUSTER_HOME is “%1”, which cannot be used. Set it to an absolute path, or unset it.")},
    Known{C::InvalidArgument,
          {},
          "the path is too long for a socket"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "The path %2 is too long for a socket (107 bytes at most). Set MUSTER_HOME to a "
                            "shorter one.")},
    Known{C::InvalidArgument, "text"_L1, "empty_message"_L1,
          QT_TRANSLATE_NOOP("Describe", "The message is empty.")},
    Known{C::TooLarge,
          "text"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The message is too long: at most %1 characters.")},
    Known{C::NotTrusted,
          {},
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The project %1 is not trusted, so its own files do nothing. Read %2, then run "
                            "“muster trust %1”.")},
    Known{C::Conflict, "inbox_closed"_L1, "withdrawn"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "Nobody waits for this answer any more: what asked has ended. Nothing "
                            "was recorded, and nothing runs because of it.")},
    Known{C::Conflict, "inbox_closed"_L1, "timeout"_L1,
          QT_TRANSLATE_NOOP("Describe", "The time for this answer is over, and the flow has gone on without "
                                        "it. Nothing was recorded.")},
    Known{C::Conflict,
          "inbox_closed"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "This was answered before: %1. The first answer stands.")},
    Known{C::InvalidArgument,
          "no_answer_text"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "This is a question, and is answered with a text: “muster inbox answer "
                            "%1 yes --message TEXT”. Answer “no” to leave it unanswered.")},
    Known{C::InvalidArgument,
          "runtime"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no such runtime. This version has: %1.")},
    Known{C::InvalidArgument,
          "account"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "“%1” is no name for an account: small letters, digits and “-”, 32 at "
                            "most.")},
    Known{C::InvalidArgument,
          "account_home"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "%1 is no folder that is there. Give the whole path of one.")},
    Known{C::InvalidArgument,
          "account_key"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe", "An account of this runtime is known by its key alone. Give one with --key: %1.")},
    Known{C::Unsupported,
          "account_home"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "%1 keeps no sign-in in a folder that could be another. Give the "
                                        "account a key.")},
    Known{C::NotFound,
          "account"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no account %1. “muster accounts” lists those there are.")},
    Known{C::InvalidArgument,
          "permission_rule"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe", "“%1” cannot be a rule: it is empty, too long, has invisible characters, or is of "
                          "a kind that only answers make rules of. Nothing was changed; write it again.")},
    Known{C::InvalidArgument,
          "permission_command"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "“%1” would never allow anything: a rule with “*” allows one plain command, which begins with "
              "its program. Make a rule for each command, or leave out “*” to allow exactly this line.")},
    Known{C::AlreadyExists,
          "permission_rule"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is this very rule already (%1), so nothing was changed. Change "
                            "that one, or write another.")},
    Known{C::NotFound,
          "permission_project"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "No project %1 is known, so nothing was changed. Open it first, or choose "
                            "another.")},
    Known{C::NotFound,
          "permission_rules"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is no rule %1, so nothing was changed; it may have been revoked "
                            "meanwhile. Look at the list again.")},
    Known{C::InvalidArgument,
          "secret"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "No runtime is signed in by a key of that name. These are: %1.")},
    Known{C::InvalidArgument,
          "secret_value"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "That cannot be a key: it is empty, has line breaks or other control characters, or is "
              "longer than %1. Nothing was changed.")},
    Known{C::NotFound,
          "secret"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "No key %1 is kept. “muster secrets” lists those there are, and where.")},
    Known{C::NotFound,
          "key_asked"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "%1 is not there: keys are asked for after each start of the node, and this one "
                            "has not been given since. Give it with “muster secrets set”, or in the "
                            "settings.")},
    Known{C::PermissionDenied,
          "key_file_locked"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The encrypted file of keys is locked (%1), so nothing was read or changed. Open "
                            "it with its passphrase: “muster secrets unlock”, or in the settings.")},
    Known{C::PermissionDenied,
          "key_file_new"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is no encrypted file of keys yet (%1), so nothing was kept. Choose a "
                            "passphrase for it first: “muster secrets unlock”, or in the settings.")},
    Known{C::PermissionDenied,
          "passphrase"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "That is not the passphrase of the encrypted file of keys. The file is whole, "
                            "and nothing was changed. Try again; without the passphrase nobody can open "
                            "it.")},
    Known{C::InvalidArgument,
          "passphrase_short"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "That is too short for a passphrase: whoever gets hold of the file can guess as "
                            "long as they like. Take at least %1 characters, for example five words. Nothing "
                            "was made.")},
    Known{C::InvalidArgument,
          "passphrase_differs"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The two are not the same, so nothing was made. Try again.")},
    Known{C::Conflict,
          "key_file_unused"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is no encrypted file of keys, and keys.store (%1) asks for none. To keep "
                            "keys in one: “muster config set keys.store file”, then “muster secrets "
                            "unlock”.")},
    Known{C::NotFound,
          "key_file_gone"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The encrypted file of keys is gone (%1), and the keys that were in it. Put it "
                            "back from a backup, or give the keys again.")},
    Known{C::Corrupt,
          "key_file_damaged"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The encrypted file of keys is damaged: %1. It was left as it is, and nothing "
                            "was changed. Put it back from a backup, or move it away and give the keys "
                            "again.")},
    Known{C::NewerStore,
          "key_file_version"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The encrypted file of keys was written by a newer Muster (form %1). It was left "
                            "as it is. Use that Muster, or move the file away and give the keys again.")},
    Known{C::Io,
          "key_file"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The encrypted file of keys could not be read or written: %1. Nothing was "
                            "changed. Check the folder and the file: they must be yours, and the disk have "
                            "room.")},
    Known{C::TooLarge,
          "key_file"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is not enough memory to open the encrypted file of keys (%1). Nothing was "
                            "changed. End something that takes much, then try again.")},
    Known{C::PermissionDenied,
          "keychain"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The system's keychain is locked or refused (%1), so nothing was read or "
                            "changed. Unlock it, then try again.")},
    Known{C::Timeout,
          "keychain"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The system's keychain did not answer in time; it may wait for its password "
                            "in a window. Answer it, then try again.")},
    Known{C::Unavailable,
          "keychain"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "There is no keychain in the node's session (%1), so nothing was read or changed. Start "
              "one (GNOME Keyring, KWallet, KeePassXC), or choose what to do without, in "
              "the settings under Keys or like this: “muster config set keys.store ask” asks for keys "
              "after each start and keeps none; “muster config set keys.store file”, then “muster "
              "secrets unlock”, keeps them in a file that a passphrase encrypts. Then give the key "
              "again.")},
    Known{C::Conflict,
          {},
          "node_runs"_L1,
          QT_TRANSLATE_NOOP(
              "Describe",
              "Another node of Muster works with %2 already. Use it (without --in-process), or end "
              "it with “muster serve --stop”.")},
    Known{C::Conflict,
          {},
          "busy"_L1,
          QT_TRANSLATE_NOOP("Describe", "The node is at work, so it was not stopped. Wait, or add "
                                        "--force: what was under way then goes on at the next start.")},
    Known{C::Conflict,
          "inbox"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "Number %1 does not wait any more: it was answered or withdrawn before.")},

    Known{C::Conflict, "runs"_L1, {}, QT_TRANSLATE_NOOP("Describe", "Run %1 is not under way any more.")},
    Known{
        C::PermissionDenied, "agent_start"_L1, "options"_L1,
        QT_TRANSLATE_NOOP(
            "Describe",
            "An agent cannot answer for its person: start the flow without approve, trust and unattended.")},
    Known{C::PermissionDenied, "agent_start"_L1, "file"_L1,
          QT_TRANSLATE_NOOP("Describe", "An agent starts flows by their names only: list_flows tells them.")},
    Known{C::PermissionDenied, "agent_start"_L1, "project"_L1,
          QT_TRANSLATE_NOOP("Describe", "An agent may start flows in its own project only, and where it has "
                                        "none in one that Muster knows: list_projects tells them.")},
    Known{C::PermissionDenied, "agent_start"_L1, "nested"_L1,
          QT_TRANSLATE_NOOP("Describe", "A run that an agent has started may not start another one.")},
    Known{C::PermissionDenied, "agent_start"_L1, "unattended"_L1,
          QT_TRANSLATE_NOOP("Describe", "Nobody is here to be asked, and no rule allows to start this. Ask "
                                        "for it where a person answers.")},
    Known{C::PermissionDenied, "agent_start"_L1, "rule"_L1,
          QT_TRANSLATE_NOOP("Describe", "A rule of this project forbids to start this.")},
    Known{
        C::PermissionDenied, "agent_start"_L1, "secret"_L1,
        QT_TRANSLATE_NOOP(
            "Describe", "There is a key among the inputs. Leave it out: agents get their keys from Muster.")},
    Known{C::PermissionDenied,
          "agent_start_no"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The person has said no to this. %1")},
    Known{C::Conflict,
          "agent_start"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "This is being started already. Ask again in a moment.")},
    Known{C::PermissionDenied,
          {},
          "agent"_L1,
          QT_TRANSLATE_NOOP(
              "Describe",
              "This command came from within an agent's or a step's own processes. Those may read, "
              "but never answer, start, configure or trust. Run it in a terminal of yours.")},
    Known{C::PermissionDenied,
          {},
          "open to others"_L1,
          QT_TRANSLATE_NOOP(
              "Describe",
              "Others could read or write in %2, so nothing is kept there. Run “chmod 700” on it.")},
    Known{C::PermissionDenied,
          {},
          "not a folder of this user"_L1,
          QT_TRANSLATE_NOOP(
              "Describe",
              "%2 is not a folder of yours, so nothing is kept there. Choose another MUSTER_HOME.")},
    Known{C::NewerStore,
          {},
          {},
          QT_TRANSLATE_NOOP(
              "Describe", "The store was written by a newer Muster (version %1). It was not touched: install "
                          "that Muster, or set MUSTER_HOME to another folder.")},
    Known{C::VersionMismatch,
          "application_id"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "The store's file belongs to another program. It was not touched: set MUSTER_HOME to "
              "another folder.")},
    Known{C::DiskFull,
          {},
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The disk is full. Nothing that was kept is lost; make room, then try again.")},
    Known{C::Io,
          {},
          "a folder"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "%2 should be a file and is a folder. It was not touched: move it away, "
                            "or set MUSTER_HOME to another folder.")},
    Known{C::Io,
          {},
          "cannot make the folder"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "The folder %2 cannot be made: something else is in the way, its disk is "
                            "read-only or full, or it is not yours. Set MUSTER_HOME to a folder that "
                            "you can write to.")},
    Known{
        C::Corrupt,
        {},
        "in use"_L1,
        QT_TRANSLATE_NOOP(
            "Describe",
            "The store %2 is damaged, and another process has it open, so it was not touched. End the other "
            "one with “muster serve --stop”, then try again: the newest backup is restored.")},
    Known{C::Io,
          "store"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The store cannot be opened or written: %1. Nothing was changed. Check "
                            "that its folder and files are yours and can be written, or set "
                            "MUSTER_HOME to another folder.")},
    Known{C::InvalidArgument,
          "setting"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "That value is not allowed. It must be: %1.")},
    Known{C::LaunchFailed,
          "node"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "The background node could not be started (%1). “muster doctor --in-process” looks for "
              "the cause.")},
};

bool fits(const Known &row, const Error &error)
{
    return row.code == error.code && (row.where.isEmpty() || row.where == error.where) &&
           (row.detail.isEmpty() || row.detail == error.detail);
}

} // namespace

const char *knownErrorText(const Error &error)
{
    for (const std::span<const Known> rows : {knownRerunErrors(), knownFlowErrors(), knownScheduleErrors(),
                                              knownTaskErrors(), std::span<const Known>(known)}) {
        const auto row = std::ranges::find_if(rows, [&](const Known &k) { return fits(k, error); });
        if (row != rows.end())
            return row->text;
    }
    return nullptr;
}

} // namespace muster
