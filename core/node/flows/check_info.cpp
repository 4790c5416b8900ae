#include "core/node/flows/preflight_desk.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostExpected = 40;
constexpr qsizetype mostOfWhatItDoes = 120;

} // namespace

api::FlowProblemInfo problemInfo(const FlowProblem &problem)
{
    api::FlowProblemInfo info{.code = enumName(problem.code),
                              .line = problem.line,
                              .column = problem.column,
                              .found = problem.found,
                              .expected = problem.expected,
                              .suggestion = problem.suggestion};
    if (info.expected.size() > mostExpected) {
        info.expected.resize(mostExpected);
        info.expected += u"…"_s;
    }
    return info;
}

namespace {

// The limit of a group is a batch of its name, to which its steps belong.
const FlowBatch *batchOf(const FlowDefinition &flow, const StepDefinition &step)
{
    const auto of = [&flow](const StepDefinition &one) {
        return one.batch < 0 ? nullptr : &flow.batches[static_cast<size_t>(one.batch)];
    };
    if (step.kind != StepKind::Group)
        return of(step);
    for (const int need : step.needs) {
        if (const FlowBatch *batch = of(flow.step(need)); batch && batch->name == step.id)
            return batch;
    }
    return nullptr;
}

QStringList namesOf(const FlowDefinition &flow, const std::vector<int> &steps)
{
    QStringList names;
    for (const int step : steps)
        names += flow.step(step).id;
    return names;
}

api::FlowStepInfo infoOf(const FlowDefinition &flow, const StepDefinition &step)
{
    api::FlowStepInfo info{.id = step.id,
                           .kind = enumName(step.kind),
                           .needs = namesOf(flow, step.needs),
                           .runtime = step.runtime,
                           .isolation = enumName(step.isolation),
                           .mayWrite = step.permissions.write,
                           .mayRun = step.permissions.run,
                           .mayMerge = step.permissions.merge,
                           .flow = step.flow,
                           .line = step.line,
                           .column = step.column,
                           .profile = step.profile,
                           .foreach = step.foreach.has_value(),
                           .conditional = step.when.has_value(),
                           .isFinal = step.isFinal};
    if (step.kind != StepKind::Switch) // its text is an expression of ours
        info.does = step.text.source.trimmed().section(u'\n', 0, 0).left(mostOfWhatItDoes);
    if (step.loop >= 0)
        info.loop = flow.step(step.loop).id;
    if (step.jumpTo >= 0)
        info.jumpsTo = flow.step(step.jumpTo).id;
    for (const SwitchCase &one : step.cases)
        info.branches.push_back({.label = one.label, .then = namesOf(flow, one.then)});
    if (const FlowBatch *batch = batchOf(flow, step)) {
        info.atATime = batch->maxConcurrent;
        info.batch = batch->name;
    }
    return info;
}

// Each once, in the order of the steps.
void addPermissions(const FlowDefinition &definition, api::FlowCheckInfo &info)
{
    const auto add = [](const QStringList &patterns, QStringList &all) {
        for (const QString &pattern : patterns) {
            if (!all.contains(pattern))
                all += pattern;
        }
    };
    for (const StepDefinition &step : definition.steps) {
        if (step.kind == StepKind::Agent) {
            add(step.permissions.write, info.mayWrite);
            add(step.permissions.run, info.mayRun);
        } else if (step.kind == StepKind::Merge) {
            add(step.permissions.merge, info.mayMerge);
        }
    }
}

} // namespace

api::FlowCheckInfo checkInfo(const LoadedFlow &flow)
{
    const FlowDefinitionPtr &definition = flow.parsed.definition;
    api::FlowCheckInfo info{.name = definition ? definition->name : flow.found.file.name,
                            .path = flow.found.file.path,
                            .origin = enumName(flow.found.file.place)};
    for (const FlowProblem &problem : flow.parsed.problems)
        info.problems.push_back(problemInfo(problem));
    if (!flow.parsed.ok())
        return info;
    for (const StepDefinition &step : definition->steps)
        info.steps.push_back(infoOf(*definition, step));
    addPermissions(*definition, info);
    for (const NamedFlow &other : flow.flows)
        addPermissions(*other.definition, info);
    return info;
}

} // namespace muster
