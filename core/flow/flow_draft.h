// FlowDraft: a flow file half read. Steps still name each other by words and remember where they stand, so
// that what concerns several steps can be checked and reported in its place. Not for other modules.
#pragma once

#include "core/flow/file_reader.h"
#include "core/flow/flow_definition.h"
#include "core/flow/flow_parser.h"

#include <optional>
#include <vector>

namespace muster {

inline constexpr int kMostTurns = 10000;

// A word of the file that must be resolved, with its place.
struct PlacedName {
    QString name;
    YamlNode at; // without children
    QString path;
};

struct CaseDraft {
    PlacedName label;
    bool always = false; // the default, or `when: true`
    std::vector<PlacedName> then;
};

struct StepDraft {
    StepDefinition step;
    QString path;
    YamlNode at;
    bool hasKind = false;
    std::vector<PlacedName> needs;
    std::optional<PlacedName> from;
    std::optional<PlacedName> batch;
    std::optional<PlacedName> profile;
    std::optional<PlacedName> runtime;
    std::optional<PlacedName> isolation; // as written
    std::optional<FlowPermissions> permissions;
    std::optional<RetryPolicy> retries;
    std::optional<qint64> timeoutMs;
    std::optional<qint64> budgetMicroUsd;
    std::optional<int> maxTurns;
    std::vector<PlacedReference> references;     // of prompt, command, question and what it shows
    std::vector<PlacedReference> listReferences; // of `when` and `foreach`: there is no item yet
    std::vector<PlacedReference> untilReferences;
    std::vector<CaseDraft> cases;
    std::optional<PlacedName> jump;
    std::optional<PlacedName> flow;
    std::vector<PlacedName> parts; // where step.parts stand, in the same order
    std::vector<PlacedName> mergeFrom;
    QStringList documents;
    std::vector<PlacedName> skills;
    std::vector<FlowFileUse> files;
    std::vector<StepDraft> body; // of a loop, until the draft is made flat
};

struct GroupDraft {
    PlacedName name;
    GroupMode mode = GroupMode::Parallel;
    ForeachJoin join = ForeachJoin::AllSuccess;
    qint64 joinTimeoutMs = 0;
    int limit = 0; // 0: none
    std::vector<PlacedName> steps;
    std::vector<PlacedName> needs;
};

struct FlowDefaults {
    QString runtime;
    std::optional<PlacedName> runtimeName;
    std::optional<StepIsolation> isolation;
    RetryPolicy retries;
    qint64 timeoutMs = 0;
    qint64 budgetMicroUsd = 0;
    int maxTurns = 0;
};

struct FlowDraft {
    FlowDefinition flow;
    QStringList documents;          // for every agent step
    std::vector<PlacedName> skills; // likewise
    std::optional<PlacedName> team;
    FlowDefaults defaults;
    std::vector<StepDraft> steps; // those of a loop behind it, those of `finally` at the end
    std::vector<GroupDraft> groups;
};

[[nodiscard]] PlacedName placed(const YamlNode &node, const QString &path);
[[nodiscard]] RetryPolicy readRetries(FileContext &file, const YamlNode &node, const QString &path);
[[nodiscard]] std::vector<FlowInput> readInputs(FileContext &file, const YamlNode &node);
// One name or a list of them.
[[nodiscard]] std::vector<PlacedName> readPlacedNames(FileContext &file, const YamlNode &node,
                                                      const QString &path);
[[nodiscard]] std::vector<GroupDraft> readGroups(FileContext &file, const YamlNode &node);
// What a step is to give: a word, or a map.
void readOutput(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft);
// A path within the project: relative, and not up and out of it.
[[nodiscard]] bool checkInnerPath(FileContext &file, const YamlNode &node, const QString &path);
// A path or pattern, or a list of them; at least one.
[[nodiscard]] QStringList readInnerPaths(FileContext &file, const YamlNode &node, const QString &path);
// A file or a list of them; each is added to `files` with its place.
[[nodiscard]] QStringList readDocuments(FileContext &file, const YamlNode &node, const QString &path,
                                        std::vector<FlowFileUse> &files);
[[nodiscard]] FlowFileUse fileUse(FlowFileUse::Kind kind, const YamlNode &node, const QString &path);
// A list of steps, appended with what is within them.
void readSteps(FileContext &file, const YamlNode &list, const QString &path, std::vector<StepDraft> &into);
[[nodiscard]] StepDraft readStep(FileContext &file, const YamlNode &node, const QString &path);

// Adds each group as a step that needs its members.
void linkGroups(FileContext &file, FlowDraft &draft);
// Resolves needs, branches, jumps, from, batches, profiles and runtimes, fills in defaults, finds cycles.
void linkSteps(FileContext &file, FlowDraft &draft, const FlowLookups &lookups);
// Part of linkSteps(), once ids are known and needs resolved: the branches of switches and the jumps of
// `on_error`.
void linkBranches(FileContext &file, FlowDraft &draft);
// Whether one may name the other: both of the same loop's body, or of none, and both of `finally` or neither.
[[nodiscard]] bool areTogether(const StepDefinition &one, const StepDefinition &other);
// Part of linkSteps(): the worktrees that merge steps take.
void linkMerges(FileContext &file, FlowDraft &draft);
// Part of linkSteps(): the flows that flow steps start, and what is given to them.
void linkFlows(FileContext &file, FlowDraft &draft, const FlowLookups &lookups);
// Needs linkSteps() before it.
void checkReferences(FileContext &file, FlowDraft &draft);

} // namespace muster
