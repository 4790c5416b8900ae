// FlowParser: text of a *.flow.yaml file to a FlowDefinition, or every problem in it at once. Pure: what must
// be looked up (profiles, runtimes) is passed in. Any thread. Limits: 1 MiB, 32 levels, 100 000 nodes,
// 5 000 steps, 16 KiB an expression.
#pragma once

#include "core/flow/flow_definition.h"
#include "core/flow/problem_codes.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

namespace muster {

// Names that a flow may use. Absent: not checked (a stored run is read again without the person's files).
struct FlowLookups {
    std::optional<QStringList> profiles;
    std::optional<QStringList> runtimes;
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
