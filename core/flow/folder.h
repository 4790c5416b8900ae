// Folder: what one fact changes in the state; one overload for each kind. Used by reduce() alone, in two
// files: reduce.cpp (the run, what was evaluated, what settled) and reduce_attempts.cpp (attempts and
// approvals).
#pragma once

#include "core/flow/rules.h"
#include "core/flow/state_editor.h"

namespace muster {

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
    Result<Reduced> operator()(const AttemptSpent &fact);
    Result<Reduced> operator()(const BudgetNear &fact);
    Result<Reduced> operator()(const BudgetCrossed &fact);
    Result<Reduced> operator()(const Noted &fact);

private:
    // What can not have happened.
    [[nodiscard]] static std::unexpected<Error> impossible(QString detail)
    {
        return fail(ErrorCode::InvalidArgument, std::move(detail));
    }
    [[nodiscard]] Result<UnitRef> find(const QString &step, int item) const;
    // The unit of a key whose attempt is the one under way; Duplicate (nullopt) if that attempt is over.
    [[nodiscard]] Result<std::optional<UnitRef>> underWay(const AttemptKey &key) const;

    const FlowDefinition &m_definition;
    FlowState &m_state;
    StateEditor m_editor;
    qint64 m_atMs;
};

} // namespace muster
