#include "core/flow/folder.h"
#include "core/flow/run_budget.h"

namespace muster {

using namespace Qt::StringLiterals;

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
    takeFinalCost(m_state, **ref, fact.result.usage);
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

Result<Reduced> Folder::operator()(const AttemptSpent &fact)
{
    const auto ref = underWay(fact.key);
    if (!ref)
        return std::unexpected(ref.error());
    return *ref && takeSpent(m_state, **ref, fact.costMicroUsd) ? Reduced::Changed : Reduced::Duplicate;
}

Result<Reduced> Folder::operator()(const BudgetNear &)
{
    return std::exchange(m_state.nearlyBroke, true) ? Reduced::Duplicate : Reduced::Changed;
}

Result<Reduced> Folder::operator()(const BudgetCrossed &fact)
{
    if (std::exchange(m_state.broke, true))
        return Reduced::Duplicate;
    m_state.crossed = fact;
    m_editor.halt();
    return Reduced::Changed;
}

} // namespace muster
