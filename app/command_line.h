// argv to a plain value: what the person asked for on the command line. Pure: no file, no process, no output.
// The commands, their options and exit codes are documented in docs/cli.md.
#pragma once

#include "core/base/result.h"
#include "core/node/api/commands.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <variant>

namespace muster::app {

struct WindowOptions {
    QString theme; // light | dark | system; empty: as set
};

struct RunOptions {
    QString flow;
    QJsonObject inputs; // values as text; the node gives them their type
    QString runtime;
    bool yes = false;
    bool trust = false;
    bool demo = false;
};

struct RerunOptions {
    api::RerunRun ask; // its file as it was given
};

struct RunsOptions {
    enum class Action : std::uint8_t { List, Show, Cancel, Pause, Continue } action = Action::List;
    RunId run;
    bool activeOnly = false;
    bool allProjects = false;
    int limit = 50;
};

struct TasksOptions {
    enum class Action : std::uint8_t {
        List,
        Queue,
        Show,
        Start,
        Now,
        Cancel,
        Retry,
        Priority
    } action = Action::List;
    RunId run;
    TaskId task;
    bool activeOnly = false;
    bool force = false;
    QString pool;
    int priority = 0;
    api::StartTask start;
};

struct PoolsOptions {
    enum class Action : std::uint8_t { List, Set } action = Action::List;
    api::SetPool set;
};

struct StatusOptions {};

struct InboxOptions {
    enum class Action : std::uint8_t { List, Show, Answer } action = Action::List;
    bool all = false;
    QList<InboxId> items;
    api::AnswerInbox answer; // to each of them
};

struct WorktreesOptions {
    enum class Action : std::uint8_t { List, Show, Merge, Drop } action = Action::List;
    WorktreeId worktree;
    bool all = false;
    bool keepCommits = false; // merge commit instead of one squashed commit
    bool losingNested = false;
};

struct FlowOptions {
    enum class Action : std::uint8_t { Check, List } action = Action::List;
    QString flow;
};

struct SkillsOptions {
    QString skill; // show this one; empty: list
};

struct TrustOptions {
    QString dir;
    bool revoke = false;
};

struct ConfigOptions {
    enum class Action : std::uint8_t { List, Get, Set, Unset } action = Action::List;
    QString key;
    QString value;
};

struct DoctorOptions {};

// schedules when: needs no node.
struct WhenOptions {
    QString text;
    QString zone; // empty: this machine's
    QString from; // empty: now
    int count = 5;
};

struct SchedulesOptions {
    enum class Action : std::uint8_t {
        List,
        Show,
        Add,
        Edit,
        Remove,
        Pause,
        Resume,
        RunNow,
        Check,
        PauseAll,
        ResumeAll
    } action = Action::List;
    ScheduleId schedule;
    QJsonObject changes;                     // Add, Edit: what is given of api::ScheduleSpec, by its keys
    bool paused = false;                     // Add
    AtCapacity atCapacity = AtCapacity::Ask; // RunNow
    QString file;                            // Check; empty: all
    qint64 pauseMs = 0;                      // PauseAll: for so long; 0: until tomorrow
};

struct RuntimesOptions {
    QString runtime; // show this one; empty: list
    bool again = false;
};

struct PermissionsOptions {
    PermissionRuleId revoke; // none: list
};

struct SecretsOptions {
    enum class Action : std::uint8_t { List, Set, Remove, Unlock } action = Action::List;
    QString name; // of a variable; its value is read from stdin
};

struct AccountsOptions {
    enum class Action : std::uint8_t { List, Add, Remove } action = Action::List;
    QString runtime;
    QString name;
    QString home; // absolute
    QString key;  // name of a variable; its value is read from stdin
};

// debug decode: needs no node.
struct DecodeOptions {
    QString runtime;
    QString file;
};

// mcp: this command line speaks for an agent, and may what an agent may.
struct McpOptions {};

struct ServeOptions {
    bool stop = false;
    bool force = false;
    bool background = false; // started by a client: ends by itself when idle
};

using CommandOptions = std::variant<WindowOptions, RunOptions, RerunOptions, RunsOptions, TasksOptions,
                                    PoolsOptions, StatusOptions, InboxOptions, WorktreesOptions, FlowOptions,
                                    SkillsOptions, TrustOptions, ConfigOptions, DoctorOptions, WhenOptions,
                                    SchedulesOptions, RuntimesOptions, PermissionsOptions, SecretsOptions,
                                    AccountsOptions, DecodeOptions, McpOptions, ServeOptions>;

struct Options {
    CommandOptions command;
    QString project; // as given; empty: from the current folder
    bool json = false;
    bool quiet = false;
    bool inProcess = false;
    QString help; // not empty: print this and end with success
};

// `arguments` is what follows the program's name. An Error{InvalidArgument} holds a sentence in `detail`.
[[nodiscard]] Result<Options> parseCommandLine(const QStringList &arguments);

} // namespace muster::app
