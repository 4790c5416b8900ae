// FlowDefinition: what a flow file says, checked and with its defaults filled in. Immutable once parsed
// (shared_ptr<const>), so that any thread may read it. Times are milliseconds, money is micro-USD; 0 means
// "none set". Source: spec "flows", The file; docs/flow-format.md.
#pragma once

#include "core/base/enum_names.h"
#include "core/events/reasons.h"

#include <QHash>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace muster {

enum class StepKind : std::uint8_t {
    Agent,
    Shell,
    Approval,
    Script,
    Switch,
    Delay,
    Loop,
    Group,
    Flow,
    Merge
};
enum class StepIsolation : std::uint8_t { None, Run, Step };
enum class StepOutput : std::uint8_t { Text, Json };
enum class StepTrigger : std::uint8_t { AllSuccess, OneSuccess, AllDone, Always };
enum class ForeachJoin : std::uint8_t { AllSuccess, AllDone, OneSuccess };
enum class OnFailure : std::uint8_t { Stop, Continue };
enum class OnApprovalTimeout : std::uint8_t { Reject, Fail };
enum class OnError : std::uint8_t { Fail, Continue, Goto };
enum class OnSkip : std::uint8_t { Success, Propagate };
enum class GroupMode : std::uint8_t { Parallel, Sequence };
enum class MergeHow : std::uint8_t { Squash, Merge };
enum class GateKind : std::uint8_t { Format, Lint, Build, Test };
enum class FlowInputType : std::uint8_t { String, Number, Boolean, Choice };

template <> struct EnumNames<StepKind> {
    static constexpr std::array table{
        std::pair{StepKind::Agent, "agent"},       std::pair{StepKind::Shell, "shell"},
        std::pair{StepKind::Approval, "approval"}, std::pair{StepKind::Script, "script"},
        std::pair{StepKind::Switch, "switch"},     std::pair{StepKind::Delay, "delay"},
        std::pair{StepKind::Loop, "loop"},         std::pair{StepKind::Group, "group"},
        std::pair{StepKind::Flow, "flow"},         std::pair{StepKind::Merge, "merge"}};
};
template <> struct EnumNames<StepIsolation> {
    static constexpr std::array table{std::pair{StepIsolation::None, "none"},
                                      std::pair{StepIsolation::Run, "run"},
                                      std::pair{StepIsolation::Step, "step"}};
};
template <> struct EnumNames<StepOutput> {
    static constexpr std::array table{std::pair{StepOutput::Text, "text"},
                                      std::pair{StepOutput::Json, "json"}};
};
template <> struct EnumNames<StepTrigger> {
    static constexpr std::array table{
        std::pair{StepTrigger::AllSuccess, "all_success"}, std::pair{StepTrigger::OneSuccess, "one_success"},
        std::pair{StepTrigger::AllDone, "all_done"}, std::pair{StepTrigger::Always, "always"}};
};
template <> struct EnumNames<ForeachJoin> {
    static constexpr std::array table{std::pair{ForeachJoin::AllSuccess, "all_success"},
                                      std::pair{ForeachJoin::AllDone, "all_done"},
                                      std::pair{ForeachJoin::OneSuccess, "one_success"}};
};
template <> struct EnumNames<OnFailure> {
    static constexpr std::array table{std::pair{OnFailure::Stop, "stop"},
                                      std::pair{OnFailure::Continue, "continue"}};
};
template <> struct EnumNames<OnApprovalTimeout> {
    static constexpr std::array table{std::pair{OnApprovalTimeout::Reject, "reject"},
                                      std::pair{OnApprovalTimeout::Fail, "fail"}};
};
template <> struct EnumNames<OnSkip> {
    static constexpr std::array table{std::pair{OnSkip::Success, "success"},
                                      std::pair{OnSkip::Propagate, "propagate"}};
};
template <> struct EnumNames<GroupMode> {
    static constexpr std::array table{std::pair{GroupMode::Parallel, "parallel"},
                                      std::pair{GroupMode::Sequence, "sequence"}};
};
template <> struct EnumNames<MergeHow> {
    static constexpr std::array table{std::pair{MergeHow::Squash, "squash"},
                                      std::pair{MergeHow::Merge, "merge"}};
};
template <> struct EnumNames<GateKind> {
    static constexpr std::array table{std::pair{GateKind::Format, "format"},
                                      std::pair{GateKind::Lint, "lint"}, std::pair{GateKind::Build, "build"},
                                      std::pair{GateKind::Test, "test"}};
};
template <> struct EnumNames<FlowInputType> {
    static constexpr std::array table{
        std::pair{FlowInputType::String, "string"}, std::pair{FlowInputType::Number, "number"},
        std::pair{FlowInputType::Boolean, "boolean"}, std::pair{FlowInputType::Choice, "choice"}};
};

// Text of the file that may hold `${{ … }}`. Literals and expressions alternate: literals[0] expressions[0]
// literals[1] … ; there is always one literal more than there are expressions.
struct FlowText {
    QString source;
    QStringList literals;
    QStringList expressions;
    int line = 0;
    int column = 0;

    [[nodiscard]] bool isConstant() const { return expressions.isEmpty(); }
    // One expression and nothing around it: the value keeps its type.
    [[nodiscard]] bool isOneExpression() const;
};

// One of several texts of a step, each with its own name.
struct NamedText {
    QString name;
    FlowText text;
    QJsonValue constant = QJsonValue::Undefined; // what it is where there is nothing to evaluate
};

struct FlowInput {
    QString name;
    FlowInputType type = FlowInputType::String;
    QJsonValue defaultValue = QJsonValue::Undefined; // undefined: must be given at the start
    QString help;
    QStringList choices;
};

// What a step may do without asking: an agent by path patterns and command patterns, a merge step by the
// names or patterns of the branches that it may move.
struct FlowPermissions {
    QStringList write;
    QStringList run;
    QStringList merge;

    friend bool operator==(const FlowPermissions &, const FlowPermissions &) = default;
};

struct RetryPolicy {
    int max = 0; // attempts beyond the first
    std::vector<FailureReason> on;
    qint64 backoffMs = 0; // before the first retry; doubles
};

struct FlowBatch {
    QString name;
    int maxConcurrent = 0;
};

// A file of the project that the flow names, and where it does.
struct FlowFileUse {
    enum class Kind : std::uint8_t { Schema, Document };
    Kind kind = Kind::Document;
    QString file; // relative to the project's folder, as written
    QString path; // within the flow file: "steps[0].output.json"
    int line = 0;
    int column = 0;
    qsizetype offset = 0; // in bytes, of the name in the text
};

// A branch of a switch: the steps that run only if it is taken.
struct SwitchCase {
    QString label; // "default" for that one
    std::vector<int> then;
};

struct StepDefinition {
    QString id;
    StepKind kind = StepKind::Agent;
    int line = 0;
    int column = 0;

    std::vector<int> needs;    // indexes into FlowDefinition::steps
    std::vector<int> neededBy; // the same edges from the other end
    StepTrigger trigger = StepTrigger::AllSuccess;
    std::optional<FlowText> when;
    bool optional = false;
    OnSkip onSkip = OnSkip::Success; // what being skipped means for steps that need it
    OnError onError = OnError::Fail; // what a failure of its own means for the run and for steps that need it
    int jumpTo = -1;                 // Goto: the step that then begins
    std::vector<int> jumpedFrom;     // steps whose failure begins this one; it is excluded otherwise
    std::vector<int> switchedBy;     // switches that have it in a branch
    bool isFinal = false;            // of `finally`: begins when all others have settled, also when cancelled
    int loop = -1;                   // the loop step in whose body it is
    int group = -1;                  // the group that has it

    // The prompt, the command, what an approval asks, the code of a script, the time of a delay; of a switch
    // one expression that gives the index of the case to take, or -1.
    FlowText text;
    std::optional<FlowText> show; // approval: what the person sees
    std::optional<FlowText> foreach;
    QString as;
    ForeachJoin join = ForeachJoin::AllSuccess;
    qint64 joinTimeoutMs = 0; // foreach, group: for all of it, from when the first of it begins
    QStringList references;   // ids of the steps that this one's expressions read
    QStringList itemsRead;    // of them, foreach steps of which they read what came of each item
    QStringList inputsRead;   // names of the inputs that they read

    QString flow;                 // flow: its name
    std::vector<NamedText> parts; // flow: inputs; merge: into, message and gates. As JSON they are `text`
    std::vector<int> mergeFrom;   // merge: the steps whose worktrees it takes
    MergeHow mergeHow = MergeHow::Squash;
    std::vector<qint64> gateTimeoutsMs;             // merge: of each gate, in order
    std::vector<std::optional<GateKind>> gateKinds; // likewise; none: not said

    std::vector<SwitchCase> cases; // switch
    std::vector<int> body;         // loop: its steps, in the order of the file
    std::optional<FlowText> until; // loop: ends it when true after a round
    int mostRounds = 0;            // loop: at most, or exactly where there is no `until`

    QString profile;
    QString runtime; // empty: the profile's, else the project's
    QString model;
    StepOutput output = StepOutput::Text;
    QJsonObject schema;      // that the JSON must fit; empty: any will do
    QStringList outputFiles; // patterns of files that must be there afterwards
    QStringList documents;   // files of the project that the agent is given: the flow's, then its own
    QStringList skills;      // by name, in the same order
    StepIsolation isolation = StepIsolation::None;
    int from = -1; // step in whose own worktree (shell) or at whose commit (agent) this one begins
    FlowPermissions permissions;
    qint64 budgetMicroUsd = 0; // of an attempt
    int maxTurns = 0;          // agent steps of an attempt

    qint64 timeoutMs = 0; // of an attempt; of the answer, for an approval
    OnApprovalTimeout onTimeout = OnApprovalTimeout::Reject;
    RetryPolicy retries;
    bool idempotent = false; // a shell step that may run again when its result was lost

    // Shared caps: how many attempts of one lane or batch may be under way. -1: none.
    int batch = -1; // into FlowDefinition::batches
    int lane = -1;  // steps of one lane share a worktree, so one at a time

    // An agent's or a command's.
    [[nodiscard]] bool isWork() const { return kind == StepKind::Agent || kind == StepKind::Shell; }
    [[nodiscard]] bool hasAttempts() const
    {
        return isWork() || kind == StepKind::Flow || kind == StepKind::Merge;
    }
};

struct FlowDefinition {
    QString name;
    QString description;
    QString fileName;
    QByteArray contentHash; // SHA-256 of the text, in hex
    std::vector<FlowInput> inputs;
    FlowPermissions permissions;
    OnFailure onFailure = OnFailure::Stop;
    bool parallelRuns = false; // several runs at a time
    qint64 budgetMicroUsd = 0; // of a run, all attempts together
    QStringList env;           // variables of the node's environment that expressions and commands see
    QString team;              // gives roles to profiles
    std::vector<FlowFileUse> files;
    std::vector<FlowBatch> batches;
    std::vector<StepDefinition> steps;
    QHash<QString, int> indexById;
    int laneCount = 0;

    [[nodiscard]] int indexOf(const QString &stepId) const { return indexById.value(stepId, -1); }
    [[nodiscard]] const StepDefinition &step(int index) const { return steps[static_cast<size_t>(index)]; }
    [[nodiscard]] int stepCount() const { return static_cast<int>(steps.size()); }
    // Whether any step may change files: then there are worktrees and branches.
    [[nodiscard]] bool usesWorktrees() const;
    // Names of the flows that its own steps start, each once.
    [[nodiscard]] QStringList flows() const;
};

using FlowDefinitionPtr = std::shared_ptr<const FlowDefinition>;

} // namespace muster
