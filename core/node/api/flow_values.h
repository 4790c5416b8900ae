// What a node tells about flow files: which there are, what is in one and wrong with it, and what a run of it
// would take; and about the skills that they name. Plain values with JSON codecs (flow_fields.h). Money is
// micro-USD. Any thread.
#pragma once

#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace muster::api {

struct FlowInput {
    QString name;
    QString type; // string | number | boolean | choice
    QJsonValue defaultValue;
    QString help;
    QStringList choices;
    bool required = false;
};

struct FlowInfo {
    QString name;
    QString description;
    QString origin;     // built-in | user | project
    QString path;       // empty for built-in
    bool usable = true; // false: not trusted, or it has problems
    bool trusted = true;
    QStringList hides; // paths or origins of flows of the same name that this one wins over
    std::vector<FlowInput> inputs;
    int problemCount = 0;
};

struct FlowProblemInfo {
    QString code; // see core/flow/problem_codes.h
    int line = 0; // 1-based; 0: the file as a whole
    int column = 0;
    QString found;        // what the file says
    QStringList expected; // what it may say instead; of very many only the first
    QString suggestion;   // the closest of them; empty if none is close
    bool warning = false;
};

struct FlowBranchInfo {
    QString label; // of a case; "default"
    QStringList then;
};

struct FlowStepInfo {
    QString id;
    QString kind; // of core/flow/flow_definition.h: agent, shell, approval, …
    QStringList needs;
    QString runtime;
    QString isolation; // of agent and shell steps
    QStringList mayWrite;
    QStringList mayRun;
    QStringList mayMerge; // branches
    QString flow;         // that it starts
    int line = 0;         // 1-based
    int column = 0;
    QString does;    // the first line of its prompt, command or question, at most 120 characters
    QString profile; // empty: none
    bool foreach = false;
    bool conditional = false;             // has a `when`
    bool isFinal = false;                 // of `finally`
    QString loop;                         // the loop step in whose body it is; empty: none
    QString jumpsTo;                      // the step that begins when this one fails; empty: none
    std::vector<FlowBranchInfo> branches; // of a switch
    int atATime = 0;                      // most attempts of its batch or group under way at once; 0: no cap
    QString batch;                        // that has this cap: its name in the file, or the group's
};

struct FlowCheckInfo {
    QString name;
    QString path;
    QString origin;
    std::vector<FlowProblemInfo> problems;
    std::vector<FlowStepInfo> steps; // in the order of the file; empty if there is a problem
    // What is accepted by starting it: of all its steps, and of the flows that it starts.
    QStringList mayWrite;
    QStringList mayRun;
    QStringList mayMerge;
};

struct FlowTextInfo {
    QString name;
    QString path;   // of the file; of a built-in one where it is built in
    QString origin; // built-in | user | project
    QString text;
    QString hash;          // SHA-256 of the bytes, in hex: what WriteFlow expects
    bool writable = false; // false: built in, or the system does not let it be written
};

struct SkillInfo {
    QString name; // by which steps and profiles ask for it: that of its folder
    QString description;
    QString origin;     // built-in | user | project
    QString path;       // empty for built-in
    bool usable = true; // false: not trusted, or it has problems
    bool trusted = true;
    QStringList hides; // as in FlowInfo
    std::vector<FlowProblemInfo> problems;
    QString text; // what an agent is told; only where this one was asked for
};

// At the least, most likely, at the most.
struct RangeInfo {
    qint64 low = 0;
    qint64 likely = 0;
    qint64 high = 0;

    friend bool operator==(const RangeInfo &, const RangeInfo &) = default;
};

// What an agent step would take (core/insight/estimator.h says how it is estimated), and which runtime works.
struct StepForecast {
    QString step;
    RangeInfo attempts;
    bool attemptsAssumed = false; // a list or a loop of which nobody knows the length
    QString basis;                // same_step | same_profile | assumed
    int samples = 0;              // earlier attempts that it is taken from
    RangeInfo tokensIn;
    RangeInfo tokensOut;
    std::optional<RangeInfo> costMicroUsd; // none: the price is not known
    QString runtime;                       // that would work
    QString runtimeBy;                     // who wishes for it: step | profile | default
    QString model;                         // empty: the runtime's own choice
};

// A runtime that steps wish for and that cannot be used.
struct RuntimeForecast {
    QString runtime;
    QString problem; // a state of RuntimeInfo
    QString needs;   // the variable that must be set, where that is the problem
    QString taken;   // works in its place; empty: nothing does, those steps would fail
    QStringList steps;
};

// A cap that the estimate is over.
struct CapForecast {
    QString step; // whose attempts have it; empty: the whole run
    qint64 capMicroUsd = 0;
    bool likely = false; // else only at the most
    QStringList blame;   // steps that cost the most, dearest first
};

struct PreflightInfo {
    FlowCheckInfo check; // with problems there is nothing else
    std::vector<StepForecast> steps;
    RangeInfo tokensIn;
    RangeInfo tokensOut;
    RangeInfo costMicroUsd; // of the steps with a price
    QStringList unpriced;   // steps whose price nobody knows
    std::vector<CapForecast> caps;
    std::vector<RuntimeForecast> runtimes;
    bool needsGit = false; // its steps work in worktrees and the project is no git repository
};

} // namespace muster::api
