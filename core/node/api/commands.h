// What a client can ask a node to do. A command is validated and then either takes effect (CommandDone with
// the ids it made) or is refused with an Error; nothing in between. Any thread.
#pragma once

#include "core/node/api/schedule_values.h"
#include "core/node/api/values.h"

#include <variant>

namespace muster::api {

struct OpenProject {
    QString path;
    bool demo = false; // make (or find) the bundled demo project instead of `path`
};

struct TrustProject {
    QString path;
    bool trusted = true;
};

struct StartRun {
    QString project; // path
    QString flow;    // name, or path of a file
    QJsonObject inputs;
    QString runtime;         // empty: resolved as usual
    bool unattended = false; // what goes beyond the flow's permissions is denied at once
    bool approve = false;    // approvals are answered yes (--yes)
    bool trust = false;      // trust the project for this run only
};

struct CancelRun {
    RunId run;
};

// What is under way ends as usual, and nothing more of the run begins until it is continued. Conflict: it has
// ended.
struct PauseRun {
    RunId run;
    bool paused = true; // false: it goes on
};

// A new run from an earlier one, which stays as it is; its inputs and runtime are taken over. Errors: those
// of StartRun, and RerunRefusal.
struct RerunRun {
    RunId run;
    RerunMode mode = RerunMode::Whole;
    QString step;            // From, Skip; a group stands for its steps
    QString file;            // Edited: path of the flow; empty: where the earlier run had it from
    bool unattended = false; // as in StartRun, and the next two
    bool approve = false;
    bool trust = false;
};

enum class AnswerKind : std::uint8_t { Yes, No, Later };
enum class AnswerScope : std::uint8_t { Once, Task, Always };

struct AnswerInbox {
    InboxId inbox;
    AnswerKind answer = AnswerKind::Later;
    AnswerScope scope = AnswerScope::Once;
    QString message; // to the agent, or the chosen text of a question
};

struct NewConversation {
    QString project;
    QString runtime;
    QString title;
};

struct SendMessage {
    ConversationId conversation;
    QString text;
    QStringList attachments; // paths
    // Into the turn that runs, where its runtime can be steered; chat.steered tells that the agent has it.
    // Else, and where no turn runs, it waits for its own turn like any other.
    bool steer = false;
};

struct StopTurn {
    ConversationId conversation;
    bool clearQueue = false;
};

// After an interrupted or failed turn: the last message again, in the same conversation.
struct RetryTurn {
    ConversationId conversation;
};

// The person has seen what there is of it.
struct MarkRead {
    ConversationId conversation;
};

struct MergeWorktree {
    WorktreeId worktree;
    bool squash = true;
    bool losingNested = false; // false: refused with Conflict while there are git repositories inside
};

struct DropWorktree {
    WorktreeId worktree;
    bool losingNested = false; // as in MergeWorktree
};

struct SetSetting {
    QString key;
    QJsonValue value; // null: back to the default
};

// A lasting rule that a person says, or a change of one that is there. What was answered to the letter stays
// so while its act is the same; any other pattern may have wildcards (docs/flow-format.md, permissions).
// InvalidArgument: it could never apply; NotFound; AlreadyExists.
struct SetPermission {
    PermissionRuleId rule; // that is changed; none: a new one
    QString project;       // path; empty: every project
    QString profile;       // empty: every profile
    ToolKind kind = ToolKind::Execute;
    QString pattern; // a command, or a path in the project
    bool allowed = false;
};

// The agents of the project ask again. NotFound.
struct RevokePermission {
    PermissionRuleId rule;
};

// The key of a runtime, kept on the node's machine where keys.store says (Credentials). The answer's list has
// the place.
struct SetSecret {
    QString name; // of the variable
    QString value;
};

// NotFound: none is kept by that name.
struct RemoveSecret {
    QString name;
};

// The encrypted file of keys is opened until the node ends; where there is none yet, one is made with this
// passphrase (KeyPlaces). The answer's text is its path.
struct UnlockKeys {
    QString passphrase;
};

// A further account of a runtime, or what is given of one that is there (Accounts).
struct AddAccount {
    QString runtime;
    QString name;
    QString configHome; // folder of its sign-in; empty: as it was; without a key one is made
    QString key;        // name of a variable; empty: none is given
    QString value;      // of the key
};

// Its keys go with it. NotFound.
struct RemoveAccount {
    QString runtime;
    QString name;
};

// Writes a flow file into the project's folder of flows or the person's, whole or not at all. Refused to
// agents. PermissionDenied: the path is not in such a folder, or leads out of it. Conflict: the file is not
// what `expectedHash` says; the answer's `where` is the hash of what is there ("" when it is gone).
// TooLarge; Io.
struct WriteFlow {
    QString project;
    QString path; // absolute, or relative to the project
    QString text;
    QString expectedHash; // of FlowTextInfo; empty: there is no such file yet
};

// A task of an agent by itself, without a flow, a schedule or a chat. NotFound: no such pool.
struct StartTask {
    QString project; // path
    QString prompt;
    QString title;             // empty: the beginning of the prompt
    QString runtime;           // empty: resolved as usual
    QString model;             // the same
    QString profile;           // empty: none
    QStringList pools;         // beside `manual`
    int priority = 0;          // higher is earlier
    int maxSteps = 0;          // 0: as agent.max_turns says
    qint64 deadlineMs = 0;     // how long its work may take; 0: as its pools say
    qint64 budgetMicroUsd = 0; // 0: as the settings say
    bool unattended = false;   // what goes beyond its permissions is denied at once
    bool trust = false;        // trust the project for this task only
};

// Of a queued task: it begins before all others as soon as each of its pools has a slot; what it was put off
// for is not waited for. Conflict `at_capacity` (the place: name of the full pool, and the moment when a slot
// of it is expected to be free, in UTC milliseconds, 0: nobody knows): it stays as it was. With `force` it
// begins over the cap, which is written down (audit manual_force_bypass). Conflict `not_queued`; NotFound.
struct RunTaskNow {
    TaskId task;
    bool force = false;
};

// A queued task ends at once; one that runs is stopped by whoever runs it. Conflict `ended`; NotFound.
struct CancelTask {
    TaskId task;
};

// A new task that does the same again; the earlier one names it as what superseded it. Only of tasks that
// stand for themselves: those of flows and chats are tried again by their run or conversation (Unsupported).
// Conflict `not_ended` or `superseded` (the place: by which); NotFound.
struct RetryTask {
    TaskId task;
};

// Of a queued task: higher is earlier. Conflict `not_queued`; NotFound.
struct SetPriority {
    TaskId task;
    int priority = 0; // -100 … 100
};

// Makes a pool, or changes what is given of one that is there. Tasks name it in `pools`. InvalidArgument: no
// name for a pool, a cap for `chat`. Conflict `in_use`: it is to be removed and tasks that have not ended
// name it, or it comes with Muster.
struct SetPool {
    QString name;                     // letters, digits, "-", "_", "."
    std::optional<int> cap;           // none: as it was; of a new one: no cap
    bool uncapped = false;            // no cap from now on
    std::optional<bool> keepsSlot;    // while a task waits for a person
    std::optional<qint64> deadlineMs; // of tasks that are made from now on and say nothing else; 0: none
    bool remove = false;
};

struct StopNode {
    bool force = false; // false: refused with Conflict while work runs
};

using Command = std::variant<OpenProject, TrustProject, StartRun, CancelRun, AnswerInbox, NewConversation,
                             SendMessage, StopTurn, RetryTurn, MergeWorktree, DropWorktree, SetSetting,
                             StopNode, MarkRead, RevokePermission, SetSecret, RemoveSecret, AddAccount,
                             RemoveAccount, UnlockKeys, SetPermission, PauseRun, RerunRun, WriteFlow,
                             SaveSchedule, RemoveSchedule, PauseSchedule, ResumeSchedule, RunScheduleNow,
                             StartTask, RunTaskNow, CancelTask, RetryTask, SetPriority, SetPool>;

struct CommandDone {
    EventRefs refs;   // ids that the command made or found
    QString text;     // for a person: path of a project, commit of a merge
    QStringList list; // for example files in conflict
};

} // namespace muster::api
