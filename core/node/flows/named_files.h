// Files of a project that a flow names: looked at when the flow is read, so that what is missing or unfit is
// told with its place before anything starts. Schemas become part of the flow's text, and with it of what is
// kept of a run. Reads files: not on the core thread.
#pragma once

#include "core/base/result.h"
#include "core/flow/flow_definition.h"
#include "core/flow/problem_codes.h"

#include <QByteArray>
#include <QString>

namespace muster {

struct NamedFiles {
    QByteArray text; // the flow with its schemas in it
    FlowProblems problems;
};

[[nodiscard]] NamedFiles takeInFiles(const QByteArray &flow, const FlowDefinition &definition,
                                     const QString &projectRoot);

} // namespace muster
