// What a node tells about things: plain values with JSON codecs (field lists in value_fields.h). Times are
// UTC milliseconds (0: not yet), money is micro-USD, ids are the store's. Any thread.
#pragma once

#include "core/base/strong_id.h"
#include "core/events/event.h"
#include "core/events/permission_risk.h"
#include "core/events/reasons.h"
#include "core/events/rerun.h"
#include "core/events/schedule_words.h"
#include "core/events/session_event.h"
#include "core/node/api/flow_values.h"
#include "core/node/api/task_values.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace muster::api {

// Raised when a client of another version could misunderstand this node.
inline constexpr int protocolVersion = 1;

// Of what is scheduled or in a flow; the counts beside it are of all work, chats too.
enum class SwarmLoad : std::uint8_t { Quiet, Working, Saturated };

struct NodeStatus {
    QString version;
    int protocol = protocolVersion;
    qint64 pid = 0;
    QString home;
    QString durability; // full | normal
    qint64 startedAt = 0;
    qint64 lastSeq = 0; // newest event
    SwarmLoad load = SwarmLoad::Quiet;
    int running = 0;  // tasks that hold a slot
    int chatting = 0; // of those: turns of conversations, which are no load
    int queued = 0;
    int resting = 0;        // of those: wait for a limit of their runtime to be over, not for a slot
    int waitingForSlot = 0; // of those: could begin if a slot, and room on the machine, were free; no chats
    std::vector<RunningInfo> foremost; // up to three of the load that runs, the longest at work first
    std::optional<HeldBack> heldBack;  // nothing new begins on this machine: Memory, Disk or Load
    qint64 heldBackUntil = 0;          // when it is looked at again
    int waitingForYou = 0;             // open inbox items
    int activeRuns = 0;
    QString pausedReason; // why the store takes no writes (disk full…); empty when all is well
    QStringList notes;    // what the person should know since the start (restored backup, ended survivors…)
};

struct ProjectInfo {
    ProjectId id;
    QString path;
    QString name;
    bool trusted = false;
    bool isGit = false;
    QString branch;
    QStringList stack; // dominant first
    qint64 lastUsedAt = 0;
};

struct RunInfo {
    RunId id;
    int number = 0;
    QString flow;
    ProjectId projectId;
    QString project; // path
    RunStatus status = RunStatus::Queued;
    std::optional<FailureReason> reason;
    QString detail;
    qint64 startedAt = 0;
    qint64 endedAt = 0;
    qint64 costMicroUsd = 0;
    qint64 tokensIn = 0;
    qint64 tokensOut = 0;
    int stepsTotal = 0;
    int stepsSettled = 0;
    int waitingForYou = 0;
    bool unattended = false;
    bool pauseAsked = false; // nothing more of it begins; `paused` once nothing runs any more
    QJsonObject inputs;
    RunId rerunOf; // the run that it runs again; none: it does not, or that one is gone
    int rerunOfNumber = 0;
    std::optional<RerunMode> rerunMode;
    QString rerunStep;
    int stepsKept = 0; // of stepsTotal: done by an earlier run
    RunId parent;      // of whose flow step it is; none: it was started by itself
    int parentNumber = 0;
    QString parentFlow;
    QString parentStep; // with its item: read[2]
};

// How an agent or a command at work does, from its process, what it says, its tools and what it counts
// together.
enum class WorkState : std::uint8_t {
    Working,
    WaitingForYou,
    Blocked, // by Muster: it may not go on before the store has taken what it said
    Stalled, // silent for longer than it may be
    Ending,  // its processes are being stopped
    Idle,    // an agent's session between two turns
};

// Of one thing at work in this node now. What has ended is not at work.
struct WorkInfo {
    TaskId task; // none: Idle
    RunId run;
    StepRunId step;
    ConversationId conversation;
    SessionId session;
    QString runtime; // empty: a command
    QString title;
    WorkState state = WorkState::Working;
    QString tool;          // that it uses
    qint64 lastSignAt = 0; // when it last got on
};

// Another runtime works than the one that was wished for.
struct FallbackInfo {
    QString wished;
    QString problem; // of it: a state of RuntimeInfo, or how its launch failed
    QString taken;

    friend bool operator==(const FallbackInfo &, const FallbackInfo &) = default;
};

// A part of what an agent was given.
struct ContextInfo {
    QString kind; // prompt, profile, schema, document, skill
    QString name;
    QString origin;    // of a profile or a skill: project, user, built-in
    QStringList hides; // paths of others of that name, which were passed over
    qint64 bytes = 0;
    qint64 tokens = 0; // estimated

    friend bool operator==(const ContextInfo &, const ContextInfo &) = default;
};

struct StepInfo {
    StepRunId id;
    RunId run;
    QString stepId;
    int index = -1; // item of a foreach; -1: the step itself
    RunId keptFrom; // the earlier run that did it
    int keptFromNumber = 0;
    QString label; // of an item: what it is about
    QString kind;
    StepStatus status = StepStatus::Pending;
    int attempt = 0;
    int attemptsMax = 1;
    std::optional<FailureReason> reason;
    QString detail;
    qint64 startedAt = 0;
    qint64 endedAt = 0;
    qint64 deadlineAt = 0;
    qint64 notBefore = 0; // it waits for a limit to be over until then; 0: it does not
    QStringList needs;
    TaskId task;
    QString runtime; // of its agent, once one was taken
    std::optional<FallbackInfo> fallback;
    std::vector<ContextInfo> context; // of its agent's last attempt
    SessionId session;
    InboxId inbox;
    QString currentTool;
    int agentSteps = 0;
    qint64 tokensIn = 0;
    qint64 tokensOut = 0;
    qint64 costMicroUsd = 0;
    QString output; // at most 4 KiB, the last of a step that failed; the whole is in StreamText and in the
                    // run's files
    RunId child;    // of a flow step: the run that it started last
    int childNumber = 0;
    QString childFlow;
};

struct WorktreeInfo {
    WorktreeId id;
    ProjectId project;
    QString projectPath;
    RunId run;
    QString step;
    QString path;
    QString branch;
    QString target; // branch that it would be merged into
    QString state;  // active | clean | ahead | dirty | merged | dropped | kept
    int filesChanged = 0;
    int added = 0;
    int removed = 0;
    int uncommitted = 0; // files
    int commitsAhead = 0;
    QStringList nested; // git repositories inside, which git does not look into
    qint64 createdAt = 0;
    qint64 endedAt = 0;
    QString result; // merge commit, salvage ref
};

struct RunDetail {
    RunInfo run;
    std::vector<StepInfo> steps;
    std::vector<WorktreeInfo> worktrees;
    QString definition; // the text that this run runs
    QString result;     // what the run has to show for itself, as Markdown
};

struct TaskInfo {
    TaskId id;
    QString key;
    QString source; // chat | schedule | flow | board | manual
    QString kind;   // agent | shell | merge
    ProjectId projectId;
    RunId run;
    ConversationId conversation;
    TaskStatus status = TaskStatus::Queued;
    QString pool; // the first of its pools
    int priority = 0;
    QString runtime;
    QString
        runtimeReason; // who wished for it, and what was wished and why it was not taken: "step; pi: bad_key"
    QString profile;
    QString title;
    int attempt = 1;
    std::optional<FailureReason> reason;
    QString detail;
    qint64 createdAt = 0;
    qint64 startedAt = 0;
    qint64 endedAt = 0;
    qint64 deadlineAt = 0;
    qint64 notBefore = 0; // it waits for a limit to be over until then; 0: it does not
    int agentSteps = 0;
    int stepsMax = 0; // 0: as many as it needs
    qint64 tokensIn = 0;
    qint64 tokensOut = 0;
    qint64 costMicroUsd = 0;
    int exitCode = 0;
    TaskId retryOf;      // that it does again
    TaskId supersededBy; // that does it again
};

using muster::InboxKind;
using muster::InboxStatus;

struct InboxInfo {
    InboxId id;
    InboxKind kind = InboxKind::Warning;
    InboxStatus status = InboxStatus::Open;
    QString title;
    QString body;    // Markdown or plain text: what is asked and why
    QString command; // exactly what would run; empty if nothing
    QString diff;    // exactly what would be written; empty if nothing
    QStringList paths;
    PermissionRisk risk = PermissionRisk::None; // why a permission is asked for; None: no rule allows it
    QString riskDetail;                         // the path or word that it is about
    WorkPlace place = WorkPlace::None;
    QString folder; // of the place
    // Of what has no title: run_again | runaway_output | merge | deadline_near; and with more, each on its
    // own line: budget_near and the limit; schedule_paused, schedule_turn_limit; schedule_result, the status
    // of the firing, its reason and its detail.
    QString purpose;
    QString who;     // "survey #3, step write (demo)"
    QString project; // path; empty: of none
    QString projectName;
    EventRefs refs;
    QStringList choices;  // of a question; empty: it is answered with a text
    QStringList details;  // of the choices, one each
    bool several = false; // more than one choice may be taken: the answer has one a line
    qint64 createdAt = 0;
    qint64 expiresAt = 0;
    bool later = false; // put off by the person; still open
    qint64 answeredAt = 0;
    QString answer;      // yes | no | the text that a question was answered with
    QString answeredBy;  // person, rule:<id>, flow, timeout; node: whoever asked was gone
    ScheduleId schedule; // whose result it is, or what is warned of
};

using muster::MessageStatus;

struct ConversationInfo {
    ConversationId id;
    ProjectId project;
    QString title;
    QString runtime;
    bool working = false; // on an answer, which does not wait for a limit
    qint64 notBefore = 0; // the answer waits for a limit of its runtime to be over until then; 0: it does not
    int queuedMessages = 0;
    int waitingForYou = 0;                   // requests of its agent
    bool unread = false;                     // an answer has ended that was not looked at
    std::optional<MessageStatus> lastAnswer; // how the newest answer stands; none: there is none
    qint64 updatedAt = 0;
};

using muster::ToolKind;
using muster::ToolOutcome;

// One thing that an agent did within a turn.
struct ToolCall {
    QString id; // of the runtime; unique within the task
    QString title;
    ToolKind kind = ToolKind::Other;
    QStringList paths;
    std::optional<ToolOutcome> outcome; // none: under way, or cut off when the turn ended
    bool waitsForYou = false;           // its agent asked whether it may
    qint64 startedAt = 0;
    qint64 endedAt = 0;
    qint64 textOffset = 0; // how much of the answer's text came before it, in UTF-16 units
    int added = 0;         // lines of what it wrote, where that is known
    int removed = 0;
};

// With what, and what came of it: cut to what a person reads.
struct ToolDetail {
    ToolCall call;
    QString input; // the command, or its arguments as JSON
    QString diff;  // unified; empty if it wrote nothing or the runtime does not say
    QString output;
    bool outputCut = false; // `output` is only the end of it
};

struct MessageInfo {
    MessageId id;
    ConversationId conversation;
    QString role; // user | assistant
    MessageStatus status = MessageStatus::Complete;
    QString text;
    QString thinking;
    std::optional<FailureReason> reason;
    QString detail;
    QStringList attachments;
    TaskId task;
    QString runtime; // of an answer's agent, once one was taken
    std::optional<FallbackInfo> fallback;
    qint64 notBefore =
        0;         // an answer that waits for a limit of its runtime to be over until then; 0: it does not
    QString limit; // what the provider said of that limit
    qint64 createdAt = 0;
    qint64 endedAt = 0;
    std::vector<ToolCall> tools; // of this answer, in the order in which they began
};

struct DiffLine {
    QString kind; // context | added | removed | note
    int oldLine = 0;
    int newLine = 0;
    QString text;
};

struct DiffHunk {
    QString header;
    std::vector<DiffLine> lines;
};

struct FileChange {
    QString path;
    QString oldPath;
    QString status; // added | modified | deleted | renamed
    int added = 0;
    int removed = 0;
    bool binary = false;
    bool truncated = false;
    std::vector<DiffHunk> hunks; // empty unless asked for
};

struct ChangesInfo {
    WorktreeInfo worktree;
    std::vector<FileChange> files;
};

struct StreamText {
    qint64 offset = 0; // of the first character of `text` in the whole stream, in UTF-16 units
    QString text;
    qint64 total = 0;
    bool complete = false;
};

struct SettingInfo {
    QString key;
    QJsonValue value;
    QJsonValue defaultValue;
    QString origin;     // default | user | environment | project
    QString writableBy; // person | nobody (the environment has set it); an agent never writes any
    QString range;      // what is allowed, for a person
    QString help;
};

struct CheckItem {
    QString name;
    QString state; // ok | warning | problem
    QString detail;
    QString advice;
};

struct TableSize {
    QString name;
    std::optional<qint64> rows; // none: a full text index, which holds no text of its own
    qint64 bytes = 0;           // with its indexes
};

// Of a million tokens, in millionths of a dollar.
struct PriceInfo {
    qint64 inputMicroUsd = 0;
    qint64 outputMicroUsd = 0;
    qint64 cachedMicroUsd = 0;
    QString date; // on which it was looked up
    QString source;
};

struct ModelInfo {
    QString id;
    QString label;
    std::optional<PriceInfo> prices; // none: not known
};

// The newest word of a provider about its limits.
struct LimitInfo {
    bool hard = false;     // else a warning, which changes nothing
    qint64 resetAt = 0;    // 0: nobody said
    qint64 restsUntil = 0; // until then nothing is begun on it; 0: it is not rested
    qint64 seenAt = 0;
    QString detail;
    std::optional<int> usedPercent = std::nullopt; // of the limit; none: nobody said
};

// One of several accounts of a runtime.
struct AccountInfo {
    QString name;  // empty: the first, which the program finds by itself
    QString state; // ready | rests | auth_required
    QString configHome;
    QString homeVariable;                          // that names it to the program
    QStringList keys;                              // names of the variables whose values are kept for it
    qint64 usedAt = 0;                             // a session last began with it; 0: not known
    std::optional<LimitInfo> limit = std::nullopt; // none: none was ever told of
};

struct RuntimeInfo {
    QString id;
    QString label;
    // ready, or what a start would meet first: not_installed | not_executable | wrong_version | auth_required
    // | system_refused
    QString state;
    QString detail; // the program as the catalog names it
    QString path;   // of the program; empty: not found
    QString version;
    QString versionState; // known | not_asked | unreadable | no_answer | failed
    QString minimumVersion;
    QString signIn;         // not_needed | signed_in | not_signed_in | unknown
    QString signedInBy;     // name of a variable or path of a file; never what is in it
    bool keyIsKept = false; // that variable's value is one that was given to be kept
    QString needs;          // the variable that must be set, in the state not_configured
    QStringList keys;       // names of the variables that sign it in
    QStringList signInCommand;
    QString npm;  // name of the package that installs it
    QString file; // of a person's own; empty: comes with Muster
    bool isDefault = false;
    QString defaultModel;
    std::vector<ModelInfo> models;
    QStringList abilities;
    std::optional<LimitInfo> limit;    // of the first account; none: none was ever told of
    std::vector<AccountInfo> accounts; // empty: there is only the first
    QString homeVariable;              // a further account may have a folder of its own; empty: it may not
    qint64 checkedAt = 0;
};

// What was answered "always" in a project, or what a person said.
struct PermissionInfo {
    PermissionRuleId id;
    ProjectId project; // none: every project
    QString projectPath;
    QString projectName;
    QString profile; // empty: every profile
    ToolKind kind = ToolKind::Other;
    QString pattern; // a command, or a path in the project
    bool allowed = false;
    bool exact = true; // the pattern is the act to the letter; else it may have wildcards
    QString createdBy;
    qint64 createdAt = 0;
    qint64 usedCount = 0;
    qint64 usedAt = 0; // 0: never
};

} // namespace muster::api
