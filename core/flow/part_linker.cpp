// What flow steps and merge steps name: other flows with their inputs, and worktrees of other steps.
#include "core/flow/did_you_mean.h"
#include "core/flow/flow_draft.h"
#include "core/flow/inputs.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

class FlowLinker {
public:
    FlowLinker(FileContext &file, const FlowLookups &lookups)
        : m_file(file)
        , m_lookups(lookups)
    {
    }

    void check(const StepDraft &draft)
    {
        const PlacedName &name = *draft.flow;
        if (!m_lookups.flows->contains(name.name)) {
            m_file.add(FlowProblemCode::UnknownFlow, name.at, name.path, name.name, *m_lookups.flows)
                .suggestion = closestOf(name.name, *m_lookups.flows);
            return;
        }
        const OtherFlow other = m_lookups.flow(name.name);
        if (!other.circle.isEmpty())
            m_file.add(FlowProblemCode::FlowCircle, name.at, name.path, other.circle.join(u" -> "_s));
        else if (other.depth >= kMostFlowDepth)
            m_file.add(FlowProblemCode::FlowTooDeep, name.at, name.path, name.name,
                       {QString::number(kMostFlowDepth)});
        else if (!other.definition)
            m_file.add(FlowProblemCode::FlowHasProblems, name.at, name.path, name.name, {other.problem});
        else
            inputs(draft, other.definition->inputs);
    }

private:
    void inputs(const StepDraft &draft, const std::vector<FlowInput> &declared)
    {
        QStringList names;
        for (const FlowInput &input : declared)
            names.append(input.name);
        for (size_t i = 0; i < draft.step.parts.size(); ++i) {
            const NamedText &given = draft.step.parts[i];
            const PlacedName &at = draft.parts[i];
            const auto input = std::ranges::find(declared, given.name, &FlowInput::name);
            if (input == declared.end())
                m_file.add(FlowProblemCode::UnknownFlowInput, at.at, at.path, given.name, names).suggestion =
                    closestOf(given.name, names);
            else if (!given.constant.isUndefined())
                value(*input, given.constant, at);
        }
        for (const FlowInput &input : declared) {
            const bool given = std::ranges::contains(draft.step.parts, input.name, &NamedText::name);
            if (!given && input.defaultValue.isUndefined())
                m_file.add(FlowProblemCode::MissingFlowInput, draft.flow->at, draft.flow->path, input.name,
                           {draft.flow->name});
        }
    }

    // Text for any type is read as at the start of a run.
    void value(const FlowInput &input, const QJsonValue &constant, const PlacedName &at)
    {
        FlowDefinition one;
        one.inputs = {input};
        const auto resolved = resolveInputs(one, inputsFromValues(one, {{input.name, constant}}));
        if (!resolved)
            m_file.add(FlowProblemCode::FlowInputNotOfType, at.at, at.path, at.name,
                       resolved.error().front().expected);
    }

    FileContext &m_file;
    const FlowLookups &m_lookups;
};

class MergeLinker {
public:
    MergeLinker(FileContext &file, FlowDraft &draft)
        : m_file(file)
        , m_draft(draft)
    {
        for (const StepDraft &step : draft.steps)
            m_ids.append(step.step.id);
    }

    void link(StepDraft &merge)
    {
        QStringList needs;
        for (const int need : merge.step.needs)
            needs.append(at(need).step.id);
        for (const PlacedName &from : merge.mergeFrom) {
            const int index = m_draft.flow.indexOf(from.name);
            if (index < 0)
                add(FlowProblemCode::UnknownStep, from, m_ids).suggestion = closestOf(from.name, m_ids);
            else if (!std::ranges::contains(merge.step.needs, index))
                add(FlowProblemCode::FromNotANeed, from, needs).suggestion = closestOf(from.name, needs);
            else if (std::ranges::contains(merge.step.mergeFrom, index))
                add(FlowProblemCode::DuplicateNeed, from, {});
            else if (!hasOwnWorktree(at(index)))
                add(FlowProblemCode::FromWithoutOwnWorktree, from, {u"isolation: step"_s});
            else
                merge.step.mergeFrom.push_back(index);
        }
    }

private:
    FlowProblem &add(FlowProblemCode code, const PlacedName &from, const QStringList &expected)
    {
        return m_file.add(code, from.at, from.path, from.name, expected);
    }
    // A shell step with `from` works in that one's.
    static bool hasOwnWorktree(const StepDraft &draft)
    {
        return draft.step.isWork() && draft.step.isolation == StepIsolation::Step &&
               (draft.step.kind != StepKind::Shell || !draft.from);
    }
    [[nodiscard]] const StepDraft &at(int index) const { return m_draft.steps[static_cast<size_t>(index)]; }

    FileContext &m_file;
    FlowDraft &m_draft;
    QStringList m_ids;
};

} // namespace

void linkFlows(FileContext &file, FlowDraft &draft, const FlowLookups &lookups)
{
    if (!lookups.flows)
        return;
    FlowLinker linker(file, lookups);
    for (const StepDraft &step : draft.steps) {
        if (step.flow)
            linker.check(step);
    }
}

void linkMerges(FileContext &file, FlowDraft &draft)
{
    MergeLinker linker(file, draft);
    for (StepDraft &step : draft.steps) {
        if (step.step.kind == StepKind::Merge)
            linker.link(step);
    }
}

} // namespace muster
