#include "core/node/flows/stored_flows.h"

#include "core/store/run_repository.h"

namespace muster {

NamedFlow namedFlowOf(const QString &name, const FlowDefinitionRow &row)
{
    const QByteArray text = row.text.toUtf8();
    NamedFlow flow{
        .name = name, .found = {}, .text = text, .definition = parseFlow(text, row.path, {}).definition};
    flow.found.file = {.name = row.name,
                       .path = row.path,
                       .place = enumFromName<LookupPlace>(row.origin).value_or(LookupPlace::User)};
    return flow;
}

Result<std::vector<NamedFlow>> storedFlows(Connection &db, RunId run)
{
    RunRepository runs(db);
    const auto rows = runs.flows(run);
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<NamedFlow> flows;
    for (const RunFlowRow &row : *rows) {
        const auto definition = runs.definition(row.definition);
        if (!definition)
            return std::unexpected(definition.error());
        flows.push_back(namedFlowOf(row.name, *definition));
    }
    return flows;
}

} // namespace muster
