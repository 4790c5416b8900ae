#include "core/flow/evaluation.h"
#include "core/flow/folder.h"

namespace muster {

using namespace Qt::StringLiterals;

Result<UnitRef> Folder::find(const QString &step, int item) const
{
    const UnitRef ref{.step = m_definition.indexOf(step), .item = item};
    if (!m_state.hasUnit(ref))
        return impossible(u"no such step: "_s % step % u'[' % QString::number(item) % u']');
    return ref;
}

Result<Reduced> Folder::operator()(const RunStarted &fact)
{
    if (m_state.started)
        return Reduced::Duplicate;
    m_state.started = true;
    m_state.run = fact.run;
    m_state.unattended = fact.unattended;
    m_state.inputs = fact.inputs;
    m_state.runInfo = fact.runInfo;
    m_state.project = fact.project;
    m_state.startedAtMs = m_atMs;
    m_state.keptDue = fact.kept;
    if (m_state.keptDue == 0)
        m_editor.beginRun();
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const StepKept &fact)
{
    const auto ref = find(fact.step, kNoItem);
    if (!ref)
        return std::unexpected(ref.error());
    if (m_state.keptDue == 0)
        return Reduced::Duplicate;
    if (!m_editor.keep(ref->step, fact))
        return impossible(u"cannot be kept: "_s % fact.step);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const CancelRequested &fact)
{
    if (m_state.forced)
        return Reduced::Duplicate;
    m_state.forced = m_state.cancelledBy.has_value();
    if (!m_state.cancelledBy) {
        m_state.cancelledBy = fact.by;
        m_state.endedFor = fact.reason;
        m_state.endedDetail = fact.detail;
    }
    m_state.pausedBy.reset(); // what ends a run is not held up
    m_state.sweepDue = true;
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const PauseRequested &fact)
{
    if (m_state.pausedBy || m_state.cancelledBy)
        return Reduced::Duplicate;
    m_state.pausedBy = fact.by;
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const ContinueRequested &)
{
    if (!m_state.pausedBy)
        return Reduced::Duplicate;
    m_state.pausedBy.reset();
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const RunFinished &fact)
{
    m_state.verdict = fact;
    m_state.endedAtMs = m_atMs;
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const ConditionEvaluated &fact)
{
    const auto ref = find(fact.step, kNoItem);
    if (!ref)
        return std::unexpected(ref.error());
    if (m_state.unit(*ref).phase != UnitPhase::Condition)
        return Reduced::Duplicate;
    if (fact.value)
        m_editor.afterCondition(ref->step);
    else
        m_editor.moveTo(*ref, UnitPhase::Ended); // plan() settles it as skipped
    m_state.unit(*ref).conditionFalse = !fact.value;
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const ForeachExpanded &fact)
{
    const auto ref = find(fact.step, kNoItem);
    if (!ref)
        return std::unexpected(ref.error());
    if (m_state.unit(*ref).phase != UnitPhase::List)
        return Reduced::Duplicate;
    m_editor.expand(ref->step, fact.items);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const JoinTimedOut &fact)
{
    const auto ref = find(fact.step, kNoItem);
    if (!ref)
        return std::unexpected(ref.error());
    const UnitPhase phase = m_state.unit(*ref).phase;
    const bool isOpen = phase == UnitPhase::Items || phase == UnitPhase::Pending;
    if (!isOpen || m_state.steps[static_cast<size_t>(ref->step)].joinTimedOut)
        return Reduced::Duplicate;
    m_editor.joinTimedOut(ref->step);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const StepPrepared &fact)
{
    const auto ref = find(fact.step, fact.item);
    if (!ref)
        return std::unexpected(ref.error());
    UnitState &unit = m_state.unit(*ref);
    if (unit.phase != UnitPhase::Text)
        return Reduced::Duplicate;
    unit.prepared = true;
    unit.text = fact.text;
    unit.show = fact.show;
    m_editor.prepared(*ref);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const EvaluationFailed &fact)
{
    const auto ref = find(fact.step, fact.item);
    if (!ref)
        return std::unexpected(ref.error());
    UnitState &unit = m_state.unit(*ref);
    if (unit.phase != UnitPhase::Condition && unit.phase != UnitPhase::List &&
        unit.phase != UnitPhase::Text && unit.phase != UnitPhase::Until)
        return Reduced::Duplicate;
    unit.evaluationFailed = true;
    unit.detail = fact.detail;
    m_editor.moveTo(*ref, UnitPhase::Ended);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const BranchTaken &fact)
{
    const auto ref = find(fact.step, kNoItem);
    if (!ref)
        return std::unexpected(ref.error());
    if (m_state.unit(*ref).phase != UnitPhase::Text)
        return Reduced::Duplicate;
    const std::vector<SwitchCase> &cases = m_definition.step(ref->step).cases;
    if (fact.index < -1 || fact.index >= static_cast<int>(cases.size()))
        return impossible(u"no such case: "_s % fact.step);
    m_state.steps[static_cast<size_t>(ref->step)].branch = fact.index;
    if (fact.index >= 0)
        m_state.unit(*ref).result.output = cases[static_cast<size_t>(fact.index)].label;
    m_editor.moveTo(*ref, UnitPhase::Ended);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const ScriptEvaluated &fact)
{
    const auto ref = find(fact.step, kNoItem);
    if (!ref)
        return std::unexpected(ref.error());
    UnitState &unit = m_state.unit(*ref);
    if (unit.phase != UnitPhase::Text)
        return Reduced::Duplicate;
    unit.result.json = fact.value;
    unit.result.output = valueAsText(fact.value);
    m_editor.moveTo(*ref, UnitPhase::Ended);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const DelayBegan &fact)
{
    const auto ref = find(fact.step, kNoItem);
    if (!ref)
        return std::unexpected(ref.error());
    UnitState &unit = m_state.unit(*ref);
    if (unit.phase != UnitPhase::Startable)
        return Reduced::Duplicate;
    unit.startedAtMs = m_atMs;
    m_editor.moveTo(*ref, UnitPhase::Delaying);
    m_editor.setWake(*ref, std::max<qint64>(fact.untilMs, 1));
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const RoundBegan &fact)
{
    const auto ref = find(fact.step, kNoItem);
    if (!ref)
        return std::unexpected(ref.error());
    UnitState &unit = m_state.unit(*ref);
    const int round = m_state.steps[static_cast<size_t>(ref->step)].round;
    if (fact.round <= round)
        return Reduced::Duplicate;
    if (unit.phase != (round == 0 ? UnitPhase::Startable : UnitPhase::Rounds) || fact.round != round + 1)
        return impossible(u"no round due: "_s % fact.step);
    if (round == 0)
        unit.startedAtMs = m_atMs;
    m_editor.beginRound(ref->step, fact.round);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const RoundJudged &fact)
{
    const auto ref = find(fact.step, kNoItem);
    if (!ref)
        return std::unexpected(ref.error());
    if (m_state.unit(*ref).phase != UnitPhase::Until)
        return Reduced::Duplicate;
    m_editor.judgeRound(ref->step, fact.done);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const StepSettled &fact)
{
    const auto ref = find(fact.step, fact.item);
    if (!ref)
        return std::unexpected(ref.error());
    UnitState &unit = m_state.unit(*ref);
    if (unit.phase == UnitPhase::Settled)
        return Reduced::Duplicate;
    if (unit.phase == UnitPhase::Queued || unit.phase == UnitPhase::Started)
        return impossible(u"still under way: "_s % fact.step);
    unit.endedAtMs = m_atMs;
    if (ref->item == kNoItem)
        m_editor.settleStep(ref->step, fact);
    else
        m_editor.settleItem(*ref, fact);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const Noted &fact)
{
    if (fact.note == FlowNote::Swept)
        m_state.sweepDue = false;
    if (fact.note == FlowNote::Swept || fact.note == FlowNote::Tick)
        return Reduced::Changed;
    const auto ref = find(fact.step, fact.item);
    if (!ref)
        return std::unexpected(ref.error());
    if (fact.note == FlowNote::Evaluating && m_state.toEvaluate.erase(*ref) > 0)
        m_state.evaluating.insert(*ref);
    else if (fact.note == FlowNote::BackoffEnded && m_state.unit(*ref).phase == UnitPhase::Backoff)
        m_editor.moveTo(*ref, UnitPhase::Startable);
    else if (fact.note == FlowNote::ItemsClosed &&
             m_state.steps[static_cast<size_t>(ref->step)].itemsOpen > 0)
        m_state.joinable.erase(ref->step);
    else if (fact.note == FlowNote::BodyClosed)
        m_state.bodiesClosing.erase(ref->step);
    else if (fact.note == FlowNote::GroupClosed)
        m_state.groupsClosing.erase(ref->step);
    return Reduced::Changed;
}

Result<Reduced> reduce(const FlowDefinition &definition, FlowState &state, const FlowEvent &event)
{
    if (state.verdict)
        return Reduced::Duplicate;
    if (!state.started && !std::holds_alternative<RunStarted>(event.fact))
        return fail(ErrorCode::InvalidArgument, u"the run has not started"_s);
    return std::visit(Folder(definition, state, event.atMs), event.fact);
}

} // namespace muster
