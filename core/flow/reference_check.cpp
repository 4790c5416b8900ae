#include "core/flow/did_you_mean.h"
#include "core/flow/flow_draft.h"

#include <QSet>

#include <vector>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

const QStringList kStepFields{u"status"_s, u"output"_s,   u"json"_s,    u"files"_s, u"exit_code"_s,
                              u"branch"_s, u"approved"_s, u"outputs"_s, u"items"_s, u"label"_s};
const QStringList kLoopFields{u"index"_s, u"last"_s};
const QStringList kRunFields{u"id"_s, u"number"_s, u"flow"_s, u"branch"_s};
const QStringList kProjectFields{u"name"_s, u"path"_s};

// The steps that one may refer to: those that have settled when it begins, which are those that it needs,
// directly or not, and those that its loop needs; for `finally` all others; after a round also the loop's
// body. Walked only as far as somebody asks, as most refer to a step right before them.
class VisibleSteps {
public:
    explicit VisibleSteps(const FlowDraft &draft)
        : m_draft(draft)
        , m_seen(draft.steps.size(), 0)
    {
    }

    void begin(int self, bool withBody)
    {
        m_self = self;
        m_withBody = withBody;
        ++m_mark;
        m_open.assign(1, self);
        if (at(self).loop >= 0)
            m_open.push_back(at(self).loop);
    }

    [[nodiscard]] bool contains(int step)
    {
        if (at(m_self).isFinal && !at(step).isFinal && at(step).loop < 0)
            return true;
        if (m_withBody && at(step).loop == m_self)
            return true;
        while (!isSeen(step) && !m_open.empty())
            walk();
        return isSeen(step);
    }

    [[nodiscard]] QStringList names()
    {
        QStringList names;
        for (int step = 0; step < static_cast<int>(m_seen.size()); ++step) {
            if (contains(step))
                names.append(at(step).id);
        }
        names.sort();
        return names;
    }

private:
    [[nodiscard]] const StepDefinition &at(int step) const
    {
        return m_draft.steps[static_cast<size_t>(step)].step;
    }
    [[nodiscard]] bool isSeen(int step) const { return m_seen[static_cast<size_t>(step)] == m_mark; }
    void walk()
    {
        const StepDefinition &next = at(m_open.back());
        m_open.pop_back();
        for (const auto *before : {&next.needs, &next.jumpedFrom}) {
            for (const int need : *before) {
                if (!isSeen(need))
                    m_open.push_back(need);
                m_seen[static_cast<size_t>(need)] = m_mark;
            }
        }
    }

    const FlowDraft &m_draft;
    std::vector<int> m_seen; // by step: the mark of the walk that came there last
    std::vector<int> m_open;
    int m_mark = 0;
    int m_self = 0;
    bool m_withBody = false;
};

class ReferenceChecker {
public:
    ReferenceChecker(FileContext &file, FlowDraft &draft)
        : m_file(file)
        , m_draft(draft)
        , m_visible(draft)
    {
        for (const FlowInput &input : draft.flow.inputs)
            m_inputs.append(input.name);
        m_inputNames = {m_inputs.cbegin(), m_inputs.cend()};
    }

    void run()
    {
        for (int self = 0; self < static_cast<int>(m_draft.steps.size()); ++self) {
            StepDraft &draft = m_draft.steps[static_cast<size_t>(self)];
            m_visible.begin(self, false);
            for (const PlacedReference &placed : draft.listReferences)
                check(draft, placed, false);
            for (const PlacedReference &placed : draft.references)
                check(draft, placed, draft.step.foreach.has_value());
            if (draft.step.until) {
                m_visible.begin(self, true);
                for (const PlacedReference &placed : draft.untilReferences)
                    check(draft, placed, false);
            }
        }
    }

private:
    void check(StepDraft &draft, const PlacedReference &placed, bool items);
    void checkName(const StepDraft &draft, const PlacedReference &placed, bool items);
    void checkInput(StepDefinition &reader, const PlacedReference &placed);
    void checkStep(StepDraft &draft, const PlacedReference &placed);
    void checkField(const StepDefinition &target, const PlacedReference &placed);
    void checkFixed(const PlacedReference &placed, const QStringList &fields);
    FlowProblem &add(FlowProblemCode code, const PlacedReference &placed, const QString &found,
                     const QStringList &expected = {})
    {
        return m_file.addAt(code, placed.offset, placed.path, found, expected);
    }

    FileContext &m_file;
    FlowDraft &m_draft;
    QStringList m_inputs;
    QSet<QString> m_inputNames;
    VisibleSteps m_visible; // to the step that is looked at
};

void ReferenceChecker::check(StepDraft &draft, const PlacedReference &placed, bool items)
{
    const ExpressionReference &reference = placed.reference;
    const bool given =
        reference.root == "inputs"_L1 || reference.root == "steps"_L1 || reference.root == "env"_L1;
    if (given && reference.dynamic)
        add(FlowProblemCode::DynamicReference, placed, reference.root,
            {reference.root == "steps"_L1 ? u"steps.NAME.output"_s : QString(reference.root % u".NAME")});
    else if (reference.root == "inputs"_L1)
        checkInput(draft.step, placed);
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

void ReferenceChecker::checkInput(StepDefinition &reader, const PlacedReference &placed)
{
    const QString &name = placed.reference.name;
    if (!m_inputNames.contains(name))
        add(FlowProblemCode::UnknownInput, placed, name, m_inputs).suggestion =
            m_file.isFull() ? QString() : closestOf(name, m_inputs);
    else if (!reader.inputsRead.contains(name))
        reader.inputsRead.append(name);
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
        const QStringList known = m_file.isFull() ? QStringList() : m_visible.names();
        add(FlowProblemCode::UnknownStepReference, placed, reference.name, known).suggestion =
            closestOf(reference.name, known);
        return;
    }
    if (!m_visible.contains(target)) {
        add(FlowProblemCode::StepNotNeeded, placed, reference.name, {draft.step.id});
        return;
    }
    StepDefinition &reader = draft.step;
    const StepDefinition &read = m_draft.steps[static_cast<size_t>(target)].step;
    if (!reader.references.contains(reference.name))
        reader.references.append(reference.name);
    // Without a field it may be any.
    const bool items =
        reference.field.isEmpty() || reference.field == "outputs"_L1 || reference.field == "items"_L1;
    if (items && read.foreach && !reader.itemsRead.contains(reference.name))
        reader.itemsRead.append(reference.name);
    if (!reference.field.isEmpty())
        checkField(read, placed);
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
    const bool always = target.kind == StepKind::Loop || target.kind == StepKind::Merge ||
                        (target.kind == StepKind::Flow && !target.foreach);
    if (field == "json"_L1 && !always && (target.output != StepOutput::Json || target.foreach))
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
