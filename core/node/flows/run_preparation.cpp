#include "core/node/flows/run_preparation.h"

#include "core/flow/inputs.h"
#include "core/node/flows/run_environment.h"

#include <QCryptographicHash>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// A line for each: name, code, what was found, what was expected, what may be meant, with tabs between.
Error inputError(const std::vector<InputProblem> &problems)
{
    QStringList parts;
    for (const InputProblem &problem : problems)
        parts += QStringList{problem.name, enumName(problem.code), problem.found,
                             problem.expected.join(u", "_s), problem.suggestion}
                     .join(u'\t');
    return {.code = ErrorCode::InvalidArgument, .detail = parts.join(u'\n'), .where = u"inputs"_s};
}

Error flowError(const LoadedFlow &flow)
{
    const FlowProblem &first = flow.parsed.problems.front();
    return {.code = ErrorCode::InvalidArgument,
            .detail = u"flow_problems"_s,
            .where = u"%1:%2:%3"_s.arg(flow.found.file.path).arg(first.line).arg(first.column)};
}

// It, or one that it starts.
bool usesWorktrees(const LoadedFlow &flow)
{
    return flow.parsed.definition->usesWorktrees() ||
           std::ranges::any_of(flow.flows, [](const NamedFlow &other) {
        return other.definition && other.definition->usesWorktrees();
    });
}

Status mayStart(const LoadedFlow &flow, const OpenedProject &project, bool trusted)
{
    if (flow.found.file.place == LookupPlace::Project && !trusted)
        return fail(ErrorCode::NotTrusted, project.info.root, flow.found.file.path);
    for (const NamedFlow &other : flow.flows) {
        if (other.found.file.place == LookupPlace::Project && !trusted)
            return fail(ErrorCode::NotTrusted, project.info.root, other.found.file.path);
    }
    if (!flow.parsed.ok())
        return std::unexpected(flowError(flow));
    if (usesWorktrees(flow) && !project.info.isGit)
        return fail(ErrorCode::Unsupported, project.info.root, u"not_git"_s);
    if (const QStringList missing = missingVariables(flow.parsed.definition->env); !missing.isEmpty())
        return fail(ErrorCode::InvalidArgument, missing.join(u", "_s), u"env"_s);
    return {};
}

FlowDefinitionRow definitionRowOf(const FlowDefinition &definition, const ResolvedFile &found,
                                  const QByteArray &text)
{
    return {.hash = QString::fromLatin1(definition.contentHash),
            .name = definition.name,
            .origin = enumName(found.file.place),
            .path = found.file.path,
            .text = QString::fromUtf8(text)};
}

} // namespace

FlowDefinitionRow PreparedRun::definitionRow() const
{
    return definitionRowOf(*flow.parsed.definition, flow.found, flow.text);
}

std::vector<std::pair<QString, FlowDefinitionRow>> PreparedRun::otherDefinitions() const
{
    std::vector<std::pair<QString, FlowDefinitionRow>> rows;
    for (const NamedFlow &other : flow.flows) {
        if (other.definition)
            rows.emplace_back(other.name, definitionRowOf(*other.definition, other.found, other.text));
    }
    return rows;
}

QString PreparedRun::contentHash() const
{
    const QByteArray &own = flow.parsed.definition->contentHash;
    if (flow.flows.empty())
        return QString::fromLatin1(own);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(own);
    for (const NamedFlow &other : flow.flows) {
        hash.addData(other.name.toUtf8());
        hash.addData(other.definition ? other.definition->contentHash : QByteArray());
    }
    return QString::fromLatin1(hash.result().toHex());
}

RunRow PreparedRun::row(const QString &by) const
{
    return {.project = project.row.id,
            .flow = flow.parsed.definition->name,
            .inputs = inputs,
            .unattended = request.unattended,
            .yes = request.approve,
            .runtime = request.runtime,
            .createdBy = by};
}

namespace {

Async<PreparedRun> checked(ProjectService &projects, PreparedRun prepared)
{
    if (const Status may = mayStart(prepared.flow, prepared.project, prepared.trusted); !may)
        co_return std::unexpected(may.error());
    if (usesWorktrees(prepared.flow)) {
        if (const auto can = co_await projects.checkWorktrees(prepared.project); !can)
            co_return std::unexpected(can.error());
    }
    co_return prepared;
}

} // namespace

Async<PreparedRun> prepareStored(ProjectService &projects, FlowDefinitionRow definition,
                                 std::vector<NamedFlow> flows, api::StartRun request)
{
    const auto project = co_await projects.open(request.project);
    if (!project)
        co_return std::unexpected(project.error());
    LoadedFlow flow{.text = definition.text.toUtf8(), .flows = std::move(flows)};
    flow.parsed = parseFlow(flow.text, definition.path, {});
    flow.found.file = {.name = definition.name,
                       .path = definition.path,
                       .place = enumFromName<LookupPlace>(definition.origin).value_or(LookupPlace::Project)};
    co_return co_await checked(projects, {.request = request,
                                          .project = *project,
                                          .trusted = project->trusted || request.trust,
                                          .flow = std::move(flow),
                                          .inputs = request.inputs});
}

namespace {

Result<LoadedFlow> loadToRun(const FlowLibrary &library, const QString &name)
{
    auto flow = library.load(name);
    if (flow && flow->parsed.ok())
        flow->files = library.filesOf(*flow);
    return flow;
}

} // namespace

Async<PreparedRun> prepareRun(ProjectService &projects, QString personFolder, api::StartRun request)
{
    const auto project = co_await projects.open(request.project);
    if (!project)
        co_return std::unexpected(project.error());
    const bool trusted = project->trusted || request.trust;
    const FlowLibrary library(project->info.root, personFolder, trusted);
    const auto flow =
        co_await resultOf(onPool([library, name = request.flow] { return loadToRun(library, name); }));
    if (!flow)
        co_return std::unexpected(flow.error());
    auto prepared = co_await checked(
        projects, {.request = request, .project = *project, .trusted = trusted, .flow = *flow});
    if (!prepared)
        co_return prepared;
    const auto inputs = resolveInputs(*flow->parsed.definition, request.inputs);
    if (!inputs)
        co_return std::unexpected(inputError(inputs.error()));
    prepared->inputs = *inputs;
    co_return prepared;
}

} // namespace muster
