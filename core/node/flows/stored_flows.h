// What the names of flows that a run's flow starts stood for when it was started, from the store.
#pragma once

#include "core/node/flows/flow_library.h"
#include "core/store/connection.h"
#include "core/store/run_rows.h"

namespace muster {

[[nodiscard]] NamedFlow namedFlowOf(const QString &name, const FlowDefinitionRow &row);
// All that it starts, directly or over others, by name.
[[nodiscard]] Result<std::vector<NamedFlow>> storedFlows(Connection &db, RunId run);

} // namespace muster
