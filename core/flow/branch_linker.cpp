#include "core/flow/flow_draft.h"

#include <QHash>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

class BranchLinker {
public:
    BranchLinker(FileContext &file, FlowDraft &draft)
        : m_file(file)
        , m_draft(draft)
    {
        for (const StepDraft &step : draft.steps)
            m_ids.append(step.step.id);
    }

    void run()
    {
        for (int i = 0; i < static_cast<int>(m_draft.steps.size()); ++i)
            cases(i);
        for (int i = 0; i < static_cast<int>(m_draft.steps.size()); ++i)
            jump(i);
    }

private:
    void cases(int index);
    void order(const std::vector<CaseDraft> &cases);
    void branch(int index, const CaseDraft &drafted, SwitchCase &made);
    void jump(int index);
    // -1 if the name is not of a step that this one may name.
    [[nodiscard]] int find(int from, const PlacedName &name);
    [[nodiscard]] StepDraft &at(int index) { return m_draft.steps[static_cast<size_t>(index)]; }

    FileContext &m_file;
    FlowDraft &m_draft;
    QStringList m_ids;
};

int BranchLinker::find(int from, const PlacedName &name)
{
    const int index = m_draft.flow.indexOf(name.name);
    if (index < 0) {
        addUnknown(m_file, FlowProblemCode::UnknownStep, name.at, name.path, name.name, m_ids);
    } else if (!areTogether(at(from).step, at(index).step)) {
        m_file.add(FlowProblemCode::StepElsewhere, name.at, name.path, name.name);
        return -1;
    }
    return index;
}

void BranchLinker::cases(int index)
{
    const std::vector<CaseDraft> drafted = at(index).cases;
    order(drafted);
    for (const CaseDraft &one : drafted) {
        SwitchCase made{.label = one.label.name, .then = {}};
        branch(index, one, made);
        at(index).step.cases.push_back(std::move(made));
    }
}

// A case behind one that is always taken is never taken, and a label names one case.
void BranchLinker::order(const std::vector<CaseDraft> &cases)
{
    QString always;
    QStringList labels;
    for (const CaseDraft &one : cases) {
        const PlacedName &label = one.label;
        if (labels.contains(label.name))
            m_file.add(FlowProblemCode::DuplicateCase, label.at, label.path, label.name);
        else if (!always.isEmpty())
            m_file.add(FlowProblemCode::CaseNeverTaken, label.at, label.path, label.name, {always});
        if (one.always && always.isEmpty())
            always = label.name;
        labels.append(label.name);
    }
}

void BranchLinker::branch(int index, const CaseDraft &drafted, SwitchCase &made)
{
    for (const PlacedName &name : drafted.then) {
        const int step = find(index, name);
        if (step < 0)
            continue;
        if (!std::ranges::contains(at(step).step.needs, index)) {
            m_file.add(FlowProblemCode::ThenWithoutNeed, name.at, name.path, name.name, {at(index).step.id});
            continue;
        }
        made.then.push_back(step);
        if (!std::ranges::contains(at(step).step.switchedBy, index))
            at(step).step.switchedBy.push_back(index);
    }
}

void BranchLinker::jump(int index)
{
    if (!at(index).jump)
        return;
    const PlacedName name = *at(index).jump;
    const int target = find(index, name);
    if (target < 0)
        return;
    if (target == index)
        m_file.add(FlowProblemCode::SelfNeed, name.at, name.path, name.name);
    else if (!at(target).step.needs.empty())
        m_file.add(FlowProblemCode::JumpTargetNeeds, name.at, name.path, name.name);
    else {
        at(index).step.jumpTo = target;
        at(target).step.jumpedFrom.push_back(index);
    }
}

} // namespace

bool areTogether(const StepDefinition &one, const StepDefinition &other)
{
    return one.loop == other.loop && one.isFinal == other.isFinal;
}

void linkBranches(FileContext &file, FlowDraft &draft) { BranchLinker(file, draft).run(); }

} // namespace muster
