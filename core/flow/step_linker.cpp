#include "core/flow/flow_draft.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

class Linker {
public:
    Linker(FileContext &file, FlowDraft &draft, const FlowLookups &lookups)
        : m_file(file)
        , m_draft(draft)
        , m_lookups(lookups)
    {
    }

    void run()
    {
        index();
        team();
        for (const PlacedName &skill : m_draft.skills)
            check(skill, m_lookups.skills, FlowProblemCode::UnknownSkill);
        for (StepDraft &step : m_draft.steps)
            needs(step);
        linkBranches(m_file, m_draft);
        cycles();
        for (StepDraft &step : m_draft.steps) {
            names(step);
            defaults(step);
        }
        for (StepDraft &step : m_draft.steps) {
            worktree(step);
            from(step);
        }
        linkMerges(m_file, m_draft);
        linkFlows(m_file, m_draft, m_lookups);
        lanes();
    }

private:
    void index();
    void needs(StepDraft &draft);
    void cycles();
    void team();
    void names(StepDraft &draft);
    void defaults(StepDraft &draft);
    void worktree(StepDraft &draft);
    void from(StepDraft &draft);
    [[nodiscard]] int ownerOf(int index);
    void lanes();
    void check(const PlacedName &name, const std::optional<QStringList> &known, FlowProblemCode code);
    void unknown(const PlacedName &name, const QStringList &known, FlowProblemCode code);
    [[nodiscard]] bool writes(const StepDraft &draft) const;
    [[nodiscard]] StepDefinition &stepAt(int index) { return m_draft.steps[static_cast<size_t>(index)].step; }

    FileContext &m_file;
    FlowDraft &m_draft;
    const FlowLookups &m_lookups;
    QStringList m_ids;
    QStringList m_batches;
    QHash<QString, int> m_batchOf;
    QStringList m_roles; // of the team
};

void Linker::index()
{
    for (int i = 0; i < static_cast<int>(m_draft.steps.size()); ++i) {
        const StepDraft &draft = m_draft.steps[static_cast<size_t>(i)];
        const QString &id = draft.step.id;
        if (id.isEmpty())
            continue;
        if (const auto first = m_draft.flow.indexById.constFind(id); first != m_draft.flow.indexById.cend()) {
            m_file.add(FlowProblemCode::DuplicateStep, draft.at, pathTo(draft.path, u"id"_s), id,
                       {QString::number(stepAt(*first).line)});
            continue;
        }
        m_draft.flow.indexById.insert(id, i);
        m_ids.append(id);
    }
    for (const FlowBatch &batch : m_draft.flow.batches) {
        if (!m_batchOf.contains(batch.name))
            m_batchOf.insert(batch.name, static_cast<int>(m_batches.size()));
        m_batches.append(batch.name);
    }
}

void Linker::unknown(const PlacedName &name, const QStringList &known, FlowProblemCode code)
{
    addUnknown(m_file, code, name.at, name.path, name.name, known);
}

void Linker::check(const PlacedName &name, const std::optional<QStringList> &known, FlowProblemCode code)
{
    if (known && !known->contains(name.name))
        unknown(name, *known, code);
}

void Linker::needs(StepDraft &draft)
{
    if (!draft.step.id.isEmpty() &&
        &m_draft.steps[static_cast<size_t>(m_draft.flow.indexOf(draft.step.id))] != &draft)
        return; // a second step of that name, which has been told
    for (const PlacedName &need : draft.needs) {
        const int index = m_draft.flow.indexOf(need.name);
        if (need.name == draft.step.id)
            m_file.add(FlowProblemCode::SelfNeed, need.at, need.path, need.name);
        else if (index < 0)
            unknown(need, m_ids, FlowProblemCode::UnknownStep);
        else if (!areTogether(draft.step, stepAt(index)))
            m_file.add(FlowProblemCode::StepElsewhere, need.at, need.path, need.name);
        else if (std::ranges::contains(draft.step.needs, index))
            m_file.add(FlowProblemCode::DuplicateNeed, need.at, need.path, need.name);
        else
            draft.step.needs.push_back(index);
    }
}

// Depth first without recursion, so that a chain as long as the limit allows does not use up the stack.
void Linker::cycles()
{
    enum : std::uint8_t { White, Grey, Black };
    std::vector<std::vector<int>> comesBefore;
    for (const StepDraft &draft : m_draft.steps) {
        comesBefore.push_back(draft.step.needs);
        comesBefore.back().insert(comesBefore.back().end(), draft.step.jumpedFrom.begin(),
                                  draft.step.jumpedFrom.end());
    }
    std::vector<std::uint8_t> colour(m_draft.steps.size(), White);
    std::vector<std::pair<int, size_t>> path;
    for (int root = 0; root < static_cast<int>(m_draft.steps.size()); ++root) {
        if (colour[static_cast<size_t>(root)] != White)
            continue;
        path.assign(1, {root, 0});
        colour[static_cast<size_t>(root)] = Grey;
        while (!path.empty()) {
            auto &[step, next] = path.back();
            const std::vector<int> &before = comesBefore[static_cast<size_t>(step)];
            if (next == before.size()) {
                colour[static_cast<size_t>(step)] = Black;
                path.pop_back();
                continue;
            }
            const int need = before[next++];
            if (colour[static_cast<size_t>(need)] == White) {
                colour[static_cast<size_t>(need)] = Grey;
                path.emplace_back(need, 0);
            } else if (colour[static_cast<size_t>(need)] == Grey) {
                QStringList names;
                auto at = std::ranges::find(path, need, &std::pair<int, size_t>::first);
                for (; at != path.end(); ++at)
                    names.append(stepAt(at->first).id);
                names.append(stepAt(need).id);
                const StepDraft &draft = m_draft.steps[static_cast<size_t>(step)];
                m_file.add(FlowProblemCode::Cycle, draft.at, pathTo(draft.path, u"needs"_s),
                           names.join(u" -> "_s));
            }
        }
    }
}

// Its roles are names that `agent` may say, beside those of profiles.
void Linker::team()
{
    if (!m_draft.team)
        return;
    const PlacedName &team = *m_draft.team;
    m_draft.flow.team = team.name;
    if (!m_lookups.teams)
        return;
    m_roles = m_lookups.teams->value(team.name);
    QStringList known = m_lookups.teams->keys();
    known.sort();
    check(team, known, FlowProblemCode::UnknownTeam);
}

void Linker::names(StepDraft &draft)
{
    StepDefinition &step = draft.step;
    if (draft.profile) {
        const auto known =
            m_lookups.profiles.transform([&](const QStringList &profiles) { return profiles + m_roles; });
        check(*draft.profile, known, FlowProblemCode::UnknownProfile);
        step.profile = draft.profile->name;
    }
    for (const PlacedName &skill : draft.skills)
        check(skill, m_lookups.skills, FlowProblemCode::UnknownSkill);
    if (draft.runtime) {
        check(*draft.runtime, m_lookups.runtimes, FlowProblemCode::UnknownRuntime);
        step.runtime = draft.runtime->name;
    }
    if (!draft.batch)
        return;
    step.batch = m_batchOf.value(draft.batch->name, -1);
    if (step.batch < 0)
        unknown(*draft.batch, m_batches, FlowProblemCode::UnknownBatch);
}

bool Linker::writes(const StepDraft &draft) const
{
    return !m_draft.flow.permissions.write.isEmpty() ||
           (draft.permissions && !draft.permissions->write.isEmpty());
}

void Linker::defaults(StepDraft &draft)
{
    StepDefinition &step = draft.step;
    if (!step.hasAttempts())
        return;
    const FlowDefaults &defaults = m_draft.defaults;
    // A flow's own steps have time limits and retries of their own.
    const bool isFlow = step.kind == StepKind::Flow;
    step.timeoutMs = draft.timeoutMs.value_or(isFlow ? 0 : defaults.timeoutMs);
    step.retries = draft.retries.value_or(isFlow ? RetryPolicy{} : defaults.retries);
    step.permissions = draft.permissions.value_or(isFlow ? FlowPermissions{} : m_draft.flow.permissions);
    if (!step.isWork())
        return;
    if (step.kind == StepKind::Agent && step.runtime.isEmpty())
        step.runtime = defaults.runtime;
    if (step.kind == StepKind::Agent) {
        step.budgetMicroUsd = draft.budgetMicroUsd.value_or(defaults.budgetMicroUsd);
        step.maxTurns = draft.maxTurns.value_or(defaults.maxTurns);
        for (const auto *skills : {&m_draft.skills, &draft.skills}) {
            for (const PlacedName &skill : *skills)
                step.skills.append(skill.name);
        }
        step.skills.removeDuplicates();
        step.documents = m_draft.documents + draft.documents;
        step.documents.removeDuplicates();
    }
    if (draft.isolation)
        return;
    // A shell step works where the run's writers work; an agent that may not write looks at the main tree.
    const bool shares = step.kind == StepKind::Shell || writes(draft);
    step.isolation = defaults.isolation.value_or(shares ? StepIsolation::Run : StepIsolation::None);
    if (step.foreach && step.isolation == StepIsolation::Run)
        step.isolation = StepIsolation::Step;
}

void Linker::worktree(StepDraft &draft)
{
    if (draft.step.foreach && draft.isolation && draft.step.isolation == StepIsolation::Run)
        m_file
            .add(FlowProblemCode::ForeachSharesWorktree, draft.isolation->at, draft.isolation->path, u"run"_s,
                 {u"step"_s, u"none"_s})
            .suggestion = u"step"_s;
}

void Linker::from(StepDraft &draft)
{
    if (!draft.from)
        return;
    StepDefinition &step = draft.step;
    const PlacedName &from = *draft.from;
    const int index = m_draft.flow.indexOf(from.name);
    QStringList needs;
    for (const int need : step.needs)
        needs.append(stepAt(need).id);
    if (index < 0)
        return unknown(from, m_ids, FlowProblemCode::UnknownStep);
    if (!std::ranges::contains(step.needs, index))
        return unknown(from, needs, FlowProblemCode::FromNotANeed);
    const bool ownHere = step.kind == StepKind::Shell || step.isolation == StepIsolation::Step;
    if (stepAt(index).foreach)
        m_file.add(FlowProblemCode::FromForeach, from.at, from.path, from.name);
    else if (!ownHere || stepAt(index).isolation != StepIsolation::Step)
        m_file.add(FlowProblemCode::FromWithoutOwnWorktree, from.at, from.path, from.name,
                   {u"isolation: step"_s});
    step.from = index;
}

// Whose worktree a step works in: its own, or, for a shell step with `from`, that one's. Bounded, as there
// may be a cycle.
int Linker::ownerOf(int index)
{
    for (size_t hops = 0; hops < m_draft.steps.size(); ++hops) {
        const StepDefinition &step = stepAt(index);
        if (step.kind != StepKind::Shell || step.from < 0)
            break;
        index = step.from;
    }
    return index;
}

// Whether a merge step may move the run's own branch: unless it says another outright.
bool mergesIntoRun(const StepDefinition &step)
{
    if (step.kind != StepKind::Merge)
        return false;
    const auto into = std::ranges::find(step.parts, u"into"_s, &NamedText::name);
    return into == step.parts.end() || into->constant.isUndefined() || into->constant == "run"_L1;
}

// Steps that work in one worktree take turns: the run's, or that of a step which others begin from.
void Linker::lanes()
{
    QHash<int, int> laneOf; // by the step whose worktree it is; -1 for the run's
    for (StepDraft &draft : m_draft.steps) {
        StepDefinition &step = draft.step;
        if (step.from >= 0)
            step.from = ownerOf(step.from);
        const bool shellInOther = step.kind == StepKind::Shell && step.from >= 0;
        const bool inRun = step.isWork() ? step.isolation == StepIsolation::Run : mergesIntoRun(step);
        if (!shellInOther && !inRun)
            continue;
        const int owner = shellInOther ? step.from : -1;
        if (!laneOf.contains(owner))
            laneOf.insert(owner, static_cast<int>(laneOf.size()));
        step.lane = laneOf.value(owner);
    }
    m_draft.flow.laneCount = static_cast<int>(laneOf.size());
}

} // namespace

void linkSteps(FileContext &file, FlowDraft &draft, const FlowLookups &lookups)
{
    Linker(file, draft, lookups).run();
}

} // namespace muster
