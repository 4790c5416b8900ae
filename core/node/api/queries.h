// What a client can ask a node to tell, and the type of each answer (`Reply`). Answers come from the store's
// read pool, so they hold what is committed. Any thread.
#pragma once

#include "core/node/api/key_values.h"
#include "core/node/api/rerun_values.h"
#include "core/node/api/schedule_values.h"
#include "core/node/api/values.h"

#include <variant>

namespace muster::api {

struct GetStatus {
    using Reply = NodeStatus;
};

struct ListProjects {
    using Reply = std::vector<ProjectInfo>;
};

struct ListFlows {
    QString project; // path; empty: only the person's own and built-in ones
    using Reply = std::vector<FlowInfo>;
};

struct CheckFlow {
    QString project;
    QString flow; // name or path; ignored when `text` is given
    QString text;
    using Reply = FlowCheckInfo;
};

// What a run would take and what it would meet, before it starts. Nothing is changed and nothing is begun.
struct Preflight {
    QString project;
    QString flow; // as in CheckFlow
    QString text;
    QJsonObject inputs; // as a start would give them; they need not be complete
    QString runtime;    // as a start would give it
    using Reply = PreflightInfo;
};

// The text of a flow file, to edit it: of one that ListFlows tells of, or the path of a file in a folder of
// flows. NotFound; PermissionDenied: another file.
struct ReadFlow {
    QString project;
    QString flow; // name or path
    using Reply = FlowTextInfo;
};

struct ListRuns {
    QString project; // empty: all
    bool activeOnly = false;
    int limit = 100;
    RunId before; // older than this one; none: from the newest
    using Reply = std::vector<RunInfo>;
};

struct GetRun {
    RunId run;
    using Reply = RunDetail;
};

// What each way to run it again would keep and do, or why it is refused.
struct GetRerunChoices {
    RunId run;
    QString step;                           // for From and Skip
    using Reply = std::vector<RerunChoice>; // in the order of RerunMode
};

struct ListTasks {
    RunId run;               // none: all
    TaskId task;             // this one only; NotFound
    bool activeOnly = false; // those that have not ended; the ones at work come first
    int limit = 200;
    using Reply = std::vector<TaskInfo>;
};

// What waits in the queue, in the order in which it begins, with why it has not.
struct ListQueue {
    QString project; // path; empty: all
    QString pool;    // empty: all
    int limit = 500; // at most 5 000
    using Reply = std::vector<QueuedInfo>;
};

struct ListPools {
    using Reply = std::vector<PoolInfo>;
};

struct ListInbox {
    bool openOnly = true;
    RunId run;
    int limit = 200;
    QString project; // path; empty: all
    InboxId item;    // this one only, open or not; NotFound
    using Reply = std::vector<InboxInfo>;
};

struct EventFilter {
    RunId run;
    SessionId session;
    ConversationId conversation;
    TaskId task;
    QStringList kinds; // prefixes; empty: all
    QString text;      // substring of kind or data; empty: all

    friend bool operator==(const EventFilter &, const EventFilter &) = default;
};

struct ListEvents {
    EventFilter filter;
    qint64 fromSeq = 0; // with `backwards`: older than this (0: from the newest); else: newer than this
    bool backwards = false;
    int limit = 500; // at most 5 000
    using Reply = std::vector<Event>;
};

struct ListConversations {
    QString project;
    int limit = 200;
    using Reply = std::vector<ConversationInfo>;
};

struct ListMessages {
    ConversationId conversation;
    MessageId before; // older than this one; none: from the newest
    int limit = 200;
    using Reply = std::vector<MessageInfo>; // oldest first
};

struct ListWorktrees {
    QString project;
    bool activeOnly = true;
    using Reply = std::vector<WorktreeInfo>;
};

struct GetChanges {
    WorktreeId worktree;
    QString path; // with hunks for this file only; empty: the list without hunks
    using Reply = ChangesInfo;
};

// What a task has streamed so far: its text, thinking or tool output.
struct GetStream {
    TaskId task;
    QString channel = QStringLiteral("text");
    qint64 fromOffset = 0;
    using Reply = StreamText;
};

// With what a tool was called and what it said.
struct GetToolCall {
    TaskId task;
    QString tool;
    using Reply = ToolDetail;
};

// NotFound: no such folder.
struct ListSettings {
    QString project; // path: as they hold for its work; empty: for work anywhere
    using Reply = std::vector<SettingInfo>;
};

struct RunDoctor {
    QString project;
    using Reply = std::vector<CheckItem>;
};

struct ListTableSizes {
    using Reply = std::vector<TableSize>;
};

struct ListRuntimes {
    QString runtime;    // this one only; empty: all
    bool again = false; // ask the programs anew instead of going by what they said within the hour
    using Reply = std::vector<RuntimeInfo>;
};

// The profiles that agents can work with (docs/flow-format.md).
struct ListProfiles {
    QString project;           // path; empty: only the person's own and built-in ones
    using Reply = QStringList; // names, sorted
};

// The skills that steps and profiles can name (docs/flow-format.md), by name. Of a project that is not
// trusted its own are told too, each beside the one that is taken in its place, if there is one.
struct ListSkills {
    QString project; // path; empty: only the person's own and built-in ones
    QString name;    // this one only, with its text: the one that is taken, else the one that is not trusted.
                     // NotFound. Empty: all
    using Reply = std::vector<SkillInfo>;
};

// Rules that answers "always" have made, and those that were said.
struct ListPermissions {
    QString project; // path; empty: all
    using Reply = std::vector<PermissionInfo>;
};

// The keys that runtimes take, and which of them are kept. Refused to agents.
struct ListSecrets {
    using Reply = std::vector<SecretInfo>;
};

// Where keys are kept, and whether the encrypted file of them is open. Refused to agents.
struct GetKeyStore {
    using Reply = KeyStoreInfo;
};

// What works in this node right now, and its agents that wait for their next turn. Not from the store.
struct ListWork {
    using Reply = std::vector<WorkInfo>;
};

using Query =
    std::variant<GetStatus, ListProjects, ListFlows, CheckFlow, ListRuns, GetRun, ListTasks, ListInbox,
                 ListEvents, ListConversations, ListMessages, ListWorktrees, GetChanges, GetStream,
                 ListSettings, RunDoctor, ListTableSizes, ListRuntimes, GetToolCall, ListPermissions,
                 ListSecrets, ListWork, GetKeyStore, ListProfiles, GetRerunChoices, Preflight, ReadFlow,
                 ListSchedules, ShowSchedule, PreviewWhen, CheckSchedules, ListQueue, ListPools, ListSkills>;

using QueryReply =
    std::variant<NodeStatus, std::vector<ProjectInfo>, std::vector<FlowInfo>, FlowCheckInfo,
                 std::vector<RunInfo>, RunDetail, std::vector<TaskInfo>, std::vector<InboxInfo>,
                 std::vector<Event>, std::vector<ConversationInfo>, std::vector<MessageInfo>,
                 std::vector<WorktreeInfo>, ChangesInfo, StreamText, std::vector<SettingInfo>,
                 std::vector<CheckItem>, std::vector<TableSize>, std::vector<RuntimeInfo>, ToolDetail,
                 std::vector<PermissionInfo>, std::vector<SecretInfo>, std::vector<WorkInfo>, KeyStoreInfo,
                 QStringList, std::vector<RerunChoice>, PreflightInfo, FlowTextInfo, ScheduleList,
                 ScheduleDetail, SchedulePreview, std::vector<ScheduleFileProblem>, std::vector<QueuedInfo>,
                 std::vector<PoolInfo>, std::vector<SkillInfo>>;

} // namespace muster::api
