// FlowDraft: a flow file half read. Steps still name each other by words and remember where they stand, so
// that what concerns several steps can be checked and reported in its place. Not for other modules.
#pragma once

#include "core/flow/file_reader.h"
#include "core/flow/flow_definition.h"
#include "core/flow/flow_parser.h"

#include <optional>
#include <vector>

namespace muster {

// A word of the file that must be resolved, with its place.
struct PlacedName {
    QString name;
    YamlNode at; // without children
    QString path;
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
    std::vector<PlacedReference> references;     // of prompt, command, question and what it shows
    std::vector<PlacedReference> listReferences; // of `when` and `foreach`: there is no item yet
};

struct FlowDefaults {
    QString runtime;
    std::optional<PlacedName> runtimeName;
    std::optional<StepIsolation> isolation;
    RetryPolicy retries;
    qint64 timeoutMs = 0;
    qint64 budgetMicroUsd = 0;
};

struct FlowDraft {
    FlowDefinition flow;
    FlowDefaults defaults;
    std::vector<StepDraft> steps;
};

[[nodiscard]] PlacedName placed(const YamlNode &node, const QString &path);
[[nodiscard]] RetryPolicy readRetries(FileContext &file, const YamlNode &node, const QString &path);
[[nodiscard]] std::vector<FlowInput> readInputs(FileContext &file, const YamlNode &node);
[[nodiscard]] StepDraft readStep(FileContext &file, const YamlNode &node, const QString &path);

// Resolves needs, from, batches, profiles and runtimes, fills in defaults, finds cycles.
void linkSteps(FileContext &file, FlowDraft &draft, const FlowLookups &lookups);
// Needs linkSteps() before it.
void checkReferences(FileContext &file, FlowDraft &draft);

} // namespace muster
