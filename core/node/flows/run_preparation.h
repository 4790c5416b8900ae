// PreparedRun: all that is looked at before a run begins: the project, the flow with its text, and the inputs
// with their types. Nothing has started and nothing of the run is in the store. Value type.
#pragma once

#include "core/base/async.h"
#include "core/node/api/commands.h"
#include "core/node/flows/flow_library.h"
#include "core/node/projects/project_service.h"
#include "core/store/run_rows.h"

namespace muster {

struct PreparedRun {
    api::StartRun request;
    OpenedProject project;
    bool trusted = false; // for this run
    LoadedFlow flow;
    QJsonObject inputs;

    [[nodiscard]] FlowDefinitionRow definitionRow() const;
    // Of the flows that it starts, each with the name that it has there.
    [[nodiscard]] std::vector<std::pair<QString, FlowDefinitionRow>> otherDefinitions() const;
    // Of the flow and all that it starts.
    [[nodiscard]] QString contentHash() const;
    [[nodiscard]] RunRow row(const QString &by) const;
};

// A definition as it was run with what it starts, and the inputs that it was given; errors as below.
[[nodiscard]] Async<PreparedRun> prepareStored(ProjectService &projects, FlowDefinitionRow definition,
                                               std::vector<NamedFlow> flows, api::StartRun request);
// NotFound, NotTrusted, InvalidArgument (problems, inputs), Unsupported (no git where the flow writes).
[[nodiscard]] Async<PreparedRun> prepareRun(ProjectService &projects, QString personFolder,
                                            api::StartRun request);

} // namespace muster
