#include "core/flow/evaluation.h"
#include "core/flow/rules.h"
#include "core/flow/state_editor.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

std::unexpected<Error> impossible(QString detail)
{
    return fail(ErrorCode::InvalidArgument, std::move(detail));
}

// Folds one fact; one overload for each kind.
class Folder {
public:
    Folder(const FlowDefinition &definition, FlowState &state, qint64 atMs)
        : m_definition(definition)
        , m_state(state)
        , m_editor(definition, state, atMs)
        , m_atMs(atMs)
    {
    }

    Result<Reduced> operator()(const RunStarted &fact);
    Result<Reduced> operator()(const StepKept &fact);
    Result<Reduced> operator()(const CancelRequested &fact);
    Result<Reduced> operator()(const PauseRequested &fact);
    Result<Reduced> operator()(const ContinueRequested &fact);
    Result<Reduced> operator()(const RunFinished &fact);
    Result<Reduced> operator()(const ConditionEvaluated &fact);
    Result<Reduced> operator()(const ForeachExpanded &fact);
    Result<Reduced> operator()(const JoinTimedOut &fact);
    Result<Reduced> operator()(const StepPrepared &fact);
    Result<Reduced> operator()(const EvaluationFailed &fact);
    Result<Reduced> operator()(const BranchTaken &fact);
    Result<Reduced> operator()(const ScriptEvaluated &fact);
    Result<Reduced> operator()(const DelayBegan &fact);
    Result<Reduced> operator()(const RoundBegan &fact);
    Result<Reduced> operator()(const RoundJudged &fact);
    Result<Reduced> operator()(const AttemptQueued &fact);
    Result<Reduced> operator()(const AttemptStarted &fact);
    Result<Reduced> operator()(const AttemptWaiting &fact);
    Result<Reduced> operator()(const AttemptContinued &fact);
    Result<Reduced> operator()(const AttemptStopping &fact);
    Result<Reduced> operator()(const AttemptFinished &fact);
    Result<Reduced> operator()(const RetryScheduled &fact);
    Result<Reduced> operator()(const ApprovalRequested &fact);
    Result<Reduced> operator()(const ApprovalAnswered &fact);
    Result<Reduced> operator()(const StepSettled &fact);
    Result<Reduced> operator()(const Noted &fact);

private:
    [[nodiscard]] Result<UnitRef> find(const QString &step, int item) const;
    // The unit of a key whose attempt is the one under way; Duplicate (nullopt) if that attempt is over.
    [[nodiscard]] Result<std::optional<UnitRef>> underWay(const AttemptKey &key) const;

    const FlowDefinition &m_definition;
    FlowState &m_state;
    StateEditor m_editor;
    qint64 m_atMs;
};

Result<UnitRef> Folder::find(const QString &step, int item) const
{
    const UnitRef ref{.step = m_definition.indexOf(step), .item = item};
    if (!m_state.hasUnit(ref))
        return impossible(u"no such step: "_s % step % u'[' % QString::number(item) % u']');
    return ref;
}

Result<std::optional<UnitRef>> Folder::underWay(const AttemptKey &key) const
{
    const auto ref = find(key.step, key.item);
    if (!ref)
        return std::unexpected(ref.error());
    const UnitState &unit = m_state.unit(*ref);
    if (key.attempt > unit.attempt)
        return impossible(u"never queued: "_s % key.toString());
    const bool current = key.attempt == unit.attempt;
    if (!current || (unit.phase != UnitPhase::Queued && unit.phase != UnitPhase::Started))
        return std::nullopt;
    return *ref;
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
    if (!m_state.cancelledBy)
        m_state.cancelledBy = fact.by;
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

Result<Reduced> Folder::operator()(const AttemptQueued &fact)
{
    const auto ref = find(fact.key.step, fact.key.item);
    if (!ref)
        return std::unexpected(ref.error());
    UnitState &unit = m_state.unit(*ref);
    if (fact.key.attempt <= unit.attempt)
        return Reduced::Duplicate;
    // That a backoff ended is not journalled, so a journal goes straight from it to the next attempt.
    const bool startable = unit.phase == UnitPhase::Startable || unit.phase == UnitPhase::Backoff;
    if (!startable || fact.key.attempt != unit.attempt + 1)
        return impossible(u"not startable: "_s % fact.key.toString());
    unit.attempt = fact.key.attempt;
    unit.stopRequested = false;
    unit.stopReason.reset();
    unit.approved.reset();
    m_editor.moveTo(*ref, UnitPhase::Queued);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const AttemptStarted &fact)
{
    const auto ref = underWay(fact.key);
    if (!ref)
        return std::unexpected(ref.error());
    if (!*ref || m_state.unit(**ref).phase == UnitPhase::Started)
        return Reduced::Duplicate;
    m_state.unit(**ref).startedAtMs = m_atMs;
    m_editor.moveTo(**ref, UnitPhase::Started);
    // An attempt that is being stopped has no deadline left to watch.
    if (!m_state.unit(**ref).stopRequested)
        m_editor.setWake(**ref, fact.deadlineMs.value_or(0));
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const AttemptWaiting &fact)
{
    const auto ref = underWay(fact.key);
    if (!ref)
        return std::unexpected(ref.error());
    // A limit may be met before the work has begun.
    const bool mayWait = *ref && (m_state.unit(**ref).phase == UnitPhase::Started || fact.untilMs);
    if (!mayWait || m_state.unit(**ref).paused)
        return Reduced::Duplicate;
    UnitState &unit = m_state.unit(**ref);
    unit.pausedLeftMs = unit.wakeAtMs == 0 ? 0 : std::max<qint64>(unit.wakeAtMs - m_atMs, 1);
    m_editor.setWake(**ref, 0);
    m_editor.setPaused(**ref, fact.untilMs ? StateEditor::Pause::ForReset : StateEditor::Pause::ForPerson);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const AttemptContinued &fact)
{
    const auto ref = underWay(fact.key);
    if (!ref)
        return std::unexpected(ref.error());
    if (!*ref || !m_state.unit(**ref).paused)
        return Reduced::Duplicate;
    const UnitState &unit = m_state.unit(**ref);
    m_editor.setPaused(**ref, StateEditor::Pause::None);
    if (unit.pausedLeftMs != 0 && !unit.stopRequested)
        m_editor.setWake(**ref, m_atMs + unit.pausedLeftMs);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const AttemptStopping &fact)
{
    const auto ref = underWay(fact.key);
    if (!ref)
        return std::unexpected(ref.error());
    if (!*ref || m_state.unit(**ref).stopRequested)
        return Reduced::Duplicate;
    UnitState &unit = m_state.unit(**ref);
    unit.stopRequested = true;
    unit.stopReason = fact.reason;
    m_editor.setWake(**ref, 0);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const AttemptFinished &fact)
{
    const auto ref = underWay(fact.key);
    if (!ref)
        return std::unexpected(ref.error());
    if (!*ref)
        return Reduced::Duplicate;
    UnitState &unit = m_state.unit(**ref);
    unit.result = fact.result;
    unit.detail = fact.result.detail;
    unit.endedAtMs = m_atMs;
    if (fact.result.outcome != AttemptOutcome::Lost)
        unit.losses = 0;
    m_editor.moveTo(**ref, UnitPhase::Ended);
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const RetryScheduled &fact)
{
    const auto ref = find(fact.key.step, fact.key.item);
    if (!ref)
        return std::unexpected(ref.error());
    UnitState &unit = m_state.unit(*ref);
    if (unit.phase != UnitPhase::Ended || fact.key.attempt != unit.attempt + 1)
        return fact.key.attempt <= unit.attempt + 1 ? Result<Reduced>(Reduced::Duplicate)
                                                    : impossible(u"no retry due: "_s % fact.key.toString());
    // What is run again because its end is unknown is not a retry of a failure.
    const bool lostCommand =
        unit.result.outcome == AttemptOutcome::Lost && m_definition.step(ref->step).kind == StepKind::Shell;
    ++(lostCommand ? unit.losses : unit.retriesUsed);
    unit.reason = fact.reason;
    m_editor.moveTo(*ref, UnitPhase::Backoff);
    m_editor.setWake(*ref, std::max<qint64>(fact.atMs, 1));
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const ApprovalRequested &fact)
{
    const auto ref = find(fact.key.step, fact.key.item);
    if (!ref)
        return std::unexpected(ref.error());
    UnitState &unit = m_state.unit(*ref);
    const bool again = fact.purpose == ApprovalPurpose::RunAgain;
    if (unit.phase != (again ? UnitPhase::Ended : UnitPhase::Startable) || unit.approved)
        return unit.attempt >= fact.key.attempt ? Result<Reduced>(Reduced::Duplicate)
                                                : impossible(u"nothing to ask: "_s % fact.key.toString());
    unit.attempt = fact.key.attempt;
    if (unit.startedAtMs == 0)
        unit.startedAtMs = m_atMs;
    m_editor.moveTo(*ref, UnitPhase::Asking);
    unit.asking = fact.purpose;
    m_editor.setWake(*ref, fact.deadlineMs.value_or(0));
    return Reduced::Changed;
}

Result<Reduced> Folder::operator()(const ApprovalAnswered &fact)
{
    const auto ref = find(fact.key.step, fact.key.item);
    if (!ref)
        return std::unexpected(ref.error());
    UnitState &unit = m_state.unit(*ref);
    if (fact.key.attempt > unit.attempt)
        return impossible(u"never asked: "_s % fact.key.toString());
    if (unit.phase != UnitPhase::Asking || fact.key.attempt != unit.attempt)
        return Reduced::Duplicate;
    const bool again = unit.asking == ApprovalPurpose::RunAgain;
    unit.approved = fact.approved;
    unit.endedAtMs = m_atMs;
    if (again && fact.approved)
        ++unit.losses;
    m_editor.moveTo(*ref, again && fact.approved ? UnitPhase::Startable : UnitPhase::Ended);
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

} // namespace

Result<Reduced> reduce(const FlowDefinition &definition, FlowState &state, const FlowEvent &event)
{
    if (state.verdict)
        return Reduced::Duplicate;
    if (!state.started && !std::holds_alternative<RunStarted>(event.fact))
        return impossible(u"the run has not started"_s);
    return std::visit(Folder(definition, state, event.atMs), event.fact);
}

} // namespace muster
