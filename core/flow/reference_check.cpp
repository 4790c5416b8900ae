#include "core/flow/did_you_mean.h"
#include "core/flow/flow_draft.h"

#include <QSet>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

const QStringList kStepFields{u"status"_s, u"output"_s,   u"json"_s,    u"files"_s, u"exit_code"_s,
                              u"branch"_s, u"approved"_s, u"outputs"_s, u"items"_s, u"label"_s};
const QStringList kLoopFields{u"index"_s, u"last"_s};
const QStringList kRunFields{u"id"_s, u"number"_s, u"flow"_s, u"branch"_s};
const QStringList kProjectFields{u"name"_s, u"path"_s};

class ReferenceChecker {
public:
    ReferenceChecker(FileContext &file, FlowDraft &draft)
        : m_file(file)
        , m_draft(draft)
    {
        for (const FlowInput &input : draft.flow.inputs)
            m_inputs.append(input.name);
    }

    void run()
    {
        for (StepDraft &draft : m_draft.steps) {
            m_needed = visibleTo(draft, false);
            for (const PlacedReference &placed : draft.listReferences)
                check(draft, placed, false);
            for (const PlacedReference &placed : draft.references)
                check(draft, placed, draft.step.foreach.has_value());
            if (draft.step.until) {
                m_needed = visibleTo(draft, true);
                for (const PlacedReference &placed : draft.untilReferences)
                    check(draft, placed, false);
            }
        }
    }

private:
    void check(StepDraft &draft, const PlacedReference &placed, bool items);
    void checkName(const StepDraft &draft, const PlacedReference &placed, bool items);
    void checkStep(StepDraft &draft, const PlacedReference &placed);
    void checkField(const StepDefinition &target, const PlacedReference &placed);
    void checkFixed(const PlacedReference &placed, const QStringList &fields);
    FlowProblem &add(FlowProblemCode code, const PlacedReference &placed, const QString &found,
                     const QStringList &expected = {})
    {
        return m_file.addAt(code, placed.offset, placed.path, found, expected);
    }
    // Steps that have settled when this one begins: those that it needs, directly or not, and that its loop
    // needs; for `finally` all others; after a round also the loop's body.
    [[nodiscard]] QSet<int> visibleTo(const StepDraft &draft, bool withBody) const;
    void addBefore(int step, QSet<int> &seen) const;
    [[nodiscard]] const StepDefinition &stepAt(int index) const
    {
        return m_draft.steps[static_cast<size_t>(index)].step;
    }

    FileContext &m_file;
    FlowDraft &m_draft;
    QStringList m_inputs;
    QSet<int> m_needed; // of the step that is looked at
};

void ReferenceChecker::addBefore(int step, QSet<int> &seen) const
{
    std::vector<int> open{step};
    while (!open.empty()) {
        const StepDefinition &at = stepAt(open.back());
        open.pop_back();
        for (const std::vector<int> &before : {at.needs, at.jumpedFrom}) {
            for (const int need : before) {
                if (!seen.contains(need))
                    open.push_back(need);
                seen.insert(need);
            }
        }
    }
}

QSet<int> ReferenceChecker::visibleTo(const StepDraft &draft, bool withBody) const
{
    QSet<int> seen;
    const auto self = static_cast<int>(&draft - m_draft.steps.data());
    addBefore(self, seen);
    if (draft.step.loop >= 0)
        addBefore(draft.step.loop, seen);
    if (withBody) {
        for (const int step : draft.step.body)
            seen.insert(step);
    }
    for (int step = 0; draft.step.isFinal && step < static_cast<int>(m_draft.steps.size()); ++step) {
        if (!stepAt(step).isFinal && stepAt(step).loop < 0)
            seen.insert(step);
    }
    return seen;
}

void ReferenceChecker::check(StepDraft &draft, const PlacedReference &placed, bool items)
{
    const ExpressionReference &reference = placed.reference;
    const bool given =
        reference.root == "inputs"_L1 || reference.root == "steps"_L1 || reference.root == "env"_L1;
    if (given && reference.dynamic)
        add(FlowProblemCode::DynamicReference, placed, reference.root,
            {reference.root == "steps"_L1 ? u"steps.NAME.output"_s : QString(reference.root % u".NAME")});
    else if (reference.root == "inputs"_L1 && !m_inputs.contains(reference.name))
        add(FlowProblemCode::UnknownInput, placed, reference.name, m_inputs).suggestion =
            closestOf(reference.name, m_inputs);
    else if (reference.root == "steps"_L1)
        checkStep(draft, placed);
    else if (reference.root == "run"_L1)
        checkFixed(placed, kRunFields);
    else if (reference.root == "project"_L1)
        checkFixed(placed, kProjectFields);
    else if (reference.root == "loop"_L1 && (draft.step.loop >= 0 || draft.step.kind == StepKind::Loop))
        checkFixed(placed, kLoopFields);
    else if (reference.root == "env"_L1 && !m_draft.flow.env.contains(reference.name))
        add(FlowProblemCode::UnknownVariable, placed, reference.name, m_draft.flow.env).suggestion =
            closestOf(reference.name, m_draft.flow.env);
    else if (!given)
        checkName(draft, placed, items);
}

void ReferenceChecker::checkFixed(const PlacedReference &placed, const QStringList &fields)
{
    const ExpressionReference &reference = placed.reference;
    if (!reference.dynamic && !fields.contains(reference.name))
        add(FlowProblemCode::UnknownField, placed, reference.root % u'.' % reference.name, fields)
            .suggestion = closestOf(reference.name, fields);
}

void ReferenceChecker::checkName(const StepDraft &draft, const PlacedReference &placed, bool items)
{
    const ExpressionReference &reference = placed.reference;
    if (items && reference.root == draft.step.as)
        return;
    if (isImpureJsName(reference.root) || (reference.root == "Math"_L1 && reference.name == "random"_L1)) {
        const bool random = reference.root == "Math"_L1;
        add(FlowProblemCode::ImpureName, placed, random ? u"Math.random"_s : reference.root);
    } else if (!isPlainJsName(reference.root)) {
        QStringList known{u"inputs"_s, u"steps"_s, u"run"_s, u"project"_s};
        if (items)
            known.append(draft.step.as);
        add(FlowProblemCode::UnknownName, placed, reference.root, known).suggestion =
            closestOf(reference.root, known);
    }
}

void ReferenceChecker::checkStep(StepDraft &draft, const PlacedReference &placed)
{
    const ExpressionReference &reference = placed.reference;
    const int target = m_draft.flow.indexOf(reference.name);
    if (target < 0) {
        QStringList known;
        for (const int step : m_needed)
            known.append(m_draft.steps[static_cast<size_t>(step)].step.id);
        known.sort();
        add(FlowProblemCode::UnknownStepReference, placed, reference.name, known).suggestion =
            closestOf(reference.name, known);
        return;
    }
    if (!m_needed.contains(target)) {
        add(FlowProblemCode::StepNotNeeded, placed, reference.name, {draft.step.id});
        return;
    }
    if (!draft.step.references.contains(reference.name))
        draft.step.references.append(reference.name);
    if (!reference.field.isEmpty())
        checkField(m_draft.steps[static_cast<size_t>(target)].step, placed);
}

void ReferenceChecker::checkField(const StepDefinition &target, const PlacedReference &placed)
{
    const QString &field = placed.reference.field;
    const QString full = u"steps."_s % target.id % u'.' % field;
    if (!kStepFields.contains(field)) {
        add(FlowProblemCode::UnknownField, placed, full, kStepFields).suggestion =
            closestOf(field, kStepFields);
        return;
    }
    QString missing;
    const bool loop = target.kind == StepKind::Loop;
    if (field == "json"_L1 && !loop && (target.output != StepOutput::Json || target.foreach))
        missing = target.foreach ? u"outputs"_s : u"output: json"_s;
    else if (field == "output"_L1 && target.foreach)
        missing = u"outputs"_s;
    else if ((field == "outputs"_L1 || field == "items"_L1) && !target.foreach)
        missing = u"foreach"_s;
    else if (field == "approved"_L1 && target.kind != StepKind::Approval)
        missing = u"approval"_s;
    else if (field == "label"_L1 && target.kind != StepKind::Switch)
        missing = u"switch"_s;
    else if (field == "exit_code"_L1 && target.kind != StepKind::Shell)
        missing = u"run"_s;
    if (!missing.isEmpty())
        add(FlowProblemCode::FieldNotProduced, placed, full, {missing});
}

} // namespace

void checkReferences(FileContext &file, FlowDraft &draft) { ReferenceChecker(file, draft).run(); }

} // namespace muster
