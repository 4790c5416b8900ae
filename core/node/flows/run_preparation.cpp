#include "core/node/flows/run_preparation.h"

#include "core/flow/inputs.h"
#include "core/node/flows/run_environment.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// A line for each: name, code, what was found, what was expected, with tabs between.
Error inputError(const std::vector<InputProblem> &problems)
{
    QStringList parts;
    for (const InputProblem &problem : problems)
        parts += QStringList{problem.name, enumName(problem.code), problem.found,
                             problem.code == InputProblemCode::UnknownInput ? problem.suggestion
                                                                            : problem.expected.join(u", "_s)}
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

Status mayStart(const LoadedFlow &flow, const OpenedProject &project, bool trusted)
{
    if (flow.found.file.place == LookupPlace::Project && !trusted)
        return fail(ErrorCode::NotTrusted, project.info.root, flow.found.file.path);
    if (!flow.parsed.ok())
        return std::unexpected(flowError(flow));
    if (flow.parsed.definition->usesWorktrees() && !project.info.isGit)
        return fail(ErrorCode::Unsupported, project.info.root, u"not_git"_s);
    if (const QStringList missing = missingVariables(flow.parsed.definition->env); !missing.isEmpty())
        return fail(ErrorCode::InvalidArgument, missing.join(u", "_s), u"env"_s);
    return {};
}

} // namespace

FlowDefinitionRow PreparedRun::definitionRow() const
{
    return {.hash = QString::fromLatin1(flow.parsed.definition->contentHash),
            .name = flow.parsed.definition->name,
            .origin = enumName(flow.found.file.place),
            .path = flow.found.file.path,
            .text = QString::fromUtf8(flow.text)};
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

Async<PreparedRun> prepareRun(ProjectService &projects, QString personFolder, api::StartRun request)
{
    const auto project = co_await projects.open(request.project);
    if (!project)
        co_return std::unexpected(project.error());
    const bool trusted = project->trusted || request.trust;
    const FlowLibrary library(project->info.root, personFolder, trusted);
    const auto flow =
        co_await resultOf(onPool([library, name = request.flow] { return library.load(name); }));
    if (!flow)
        co_return std::unexpected(flow.error());
    if (const Status may = mayStart(*flow, *project, trusted); !may)
        co_return std::unexpected(may.error());
    if (flow->parsed.definition->usesWorktrees()) {
        if (const auto can = co_await projects.checkWorktrees(*project); !can)
            co_return std::unexpected(can.error());
    }
    const auto inputs = resolveInputs(*flow->parsed.definition, request.inputs);
    if (!inputs)
        co_return std::unexpected(inputError(inputs.error()));
    co_return PreparedRun{
        .request = request, .project = *project, .trusted = trusted, .flow = *flow, .inputs = *inputs};
}

} // namespace muster
