// FlowParser: text of a *.flow.yaml file to a FlowDefinition, or every problem in it at once. Pure: what must
// be looked up (profiles, runtimes) is passed in. Any thread. Limits: 1 MiB, 32 levels, 100 000 nodes,
// 5 000 steps, 16 KiB an expression.
#pragma once

#include "core/flow/flow_definition.h"
#include "core/flow/problem_codes.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace muster {

// Another flow, as far as one that starts it must know.
struct OtherFlow {
    FlowDefinitionPtr definition; // null: it cannot be used, for one of these reasons
    QString problem;              // PATH:LINE:COLUMN of its first
    QStringList circle;           // of names, from itself to itself
    int depth = 1;                // flows one within the other, itself counted
};

// Flows within flows, the outermost counted.
inline constexpr int kMostFlowDepth = 5;

// Names that a flow may use. Absent: not checked (a stored run is read again without the person's files).
struct FlowLookups {
    std::optional<QStringList> profiles;
    std::optional<QStringList> runtimes;
    std::optional<QStringList> flows;
    std::function<OtherFlow(const QString &name)> flow; // asked for what is in `flows` only
    std::optional<QStringList> skills;
    std::optional<QHash<QString, QStringList>> teams; // with their roles
};

struct FlowParseResult {
    FlowDefinitionPtr definition; // null if there is any problem
    FlowProblems problems;        // by line and column; at most 500

    [[nodiscard]] bool ok() const { return definition != nullptr; }
};

[[nodiscard]] FlowParseResult parseFlow(const QByteArray &text, const QString &fileName,
                                        const FlowLookups &lookups = {});

} // namespace muster
