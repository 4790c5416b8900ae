#include "core/flow/flow_event.h"

#include "core/base/json_codec.h"

namespace muster {

using namespace Qt::StringLiterals;

template <> struct JsonCodec<QJsonArray> {
    static QJsonValue write(const QJsonArray &value) { return value; }
    static Status read(const QJsonValue &json, QJsonArray &out)
    {
        if (!json.isArray())
            return detail::wrongType("a list");
        out = json.toArray();
        return {};
    }
};

// Written with each step of a run, most of it untouched.
template <> inline constexpr bool leavesOutDefaults<AttemptResult> = true;
template <> inline constexpr bool leavesOutDefaults<AttemptStarted> = true;
template <> inline constexpr bool leavesOutDefaults<StepSettled> = true;

template <> struct Fields<AttemptUsage> {
    using T = AttemptUsage;
    static constexpr auto list =
        std::tuple{field("tokens_in", &T::tokensIn), field("tokens_out", &T::tokensOut),
                   field("tokens_cached", &T::tokensCached), field("cost_micro_usd", &T::costMicroUsd)};
};
template <> struct Fields<AttemptResult> {
    using T = AttemptResult;
    static constexpr auto list = std::tuple{
        field("outcome", &T::outcome), field("reason", &T::reason), field("detail", &T::detail),
        field("output", &T::output),   field("json", &T::json),     field("exit_code", &T::exitCode),
        field("files", &T::files),     field("branch", &T::branch), field("reset_at", &T::resetAtMs),
        field("blocked", &T::blocked), field("usage", &T::usage)};
};
template <> struct Fields<RunStarted> {
    using T = RunStarted;
    static constexpr auto list = std::tuple{
        field("run", &T::run),         field("inputs", &T::inputs),         field("run_info", &T::runInfo),
        field("project", &T::project), field("unattended", &T::unattended), field("kept", &T::kept)};
};
template <> struct Fields<KeptUnit> {
    using T = KeptUnit;
    static constexpr auto list =
        std::tuple{field("item", &T::item),     field("status", &T::status), field("attempt", &T::attempt),
                   field("reason", &T::reason), field("detail", &T::detail), field("approved", &T::approved),
                   field("result", &T::result)};
};
template <> struct Fields<StepKept> {
    using T = StepKept;
    static constexpr auto list = std::tuple{field("step", &T::step),
                                            field("from", &T::from),
                                            field("unit", &T::unit),
                                            field("passed_over", &T::passedOver),
                                            field("branch", &T::branch),
                                            field("round", &T::round),
                                            field("last_round", &T::lastRound),
                                            field("list", &T::list),
                                            field("items", &T::items)};
};
template <> struct Fields<CancelRequested> {
    using T = CancelRequested;
    static constexpr auto list =
        std::tuple{field("by", &T::by), field("reason", &T::reason), field("detail", &T::detail)};
};
template <> struct Fields<PauseRequested> {
    static constexpr auto list = std::tuple{field("by", &PauseRequested::by)};
};
template <> struct Fields<ContinueRequested> {
    static constexpr auto list = std::tuple{field("by", &ContinueRequested::by)};
};
template <> struct Fields<RunFinished> {
    using T = RunFinished;
    static constexpr auto list = std::tuple{field("status", &T::status), field("reason", &T::reason),
                                            field("detail", &T::detail), field("step", &T::step)};
};
template <> struct Fields<ConditionEvaluated> {
    using T = ConditionEvaluated;
    static constexpr auto list = std::tuple{field("step", &T::step), field("value", &T::value)};
};
template <> struct Fields<ForeachExpanded> {
    using T = ForeachExpanded;
    static constexpr auto list = std::tuple{field("step", &T::step), field("items", &T::items)};
};
template <> struct Fields<JoinTimedOut> {
    static constexpr auto list = std::tuple{field("step", &JoinTimedOut::step)};
};
template <> struct Fields<StepPrepared> {
    using T = StepPrepared;
    static constexpr auto list = std::tuple{field("step", &T::step), field("item", &T::item),
                                            field("text", &T::text), field("show", &T::show)};
};
template <> struct Fields<EvaluationFailed> {
    using T = EvaluationFailed;
    static constexpr auto list =
        std::tuple{field("step", &T::step), field("item", &T::item), field("detail", &T::detail)};
};
template <> struct Fields<BranchTaken> {
    using T = BranchTaken;
    static constexpr auto list =
        std::tuple{field("step", &T::step), field("index", &T::index), field("label", &T::label)};
};
template <> struct Fields<ScriptEvaluated> {
    using T = ScriptEvaluated;
    static constexpr auto list = std::tuple{field("step", &T::step), field("value", &T::value)};
};
template <> struct Fields<DelayBegan> {
    static constexpr auto list =
        std::tuple{field("step", &DelayBegan::step), field("until", &DelayBegan::untilMs)};
};
template <> struct Fields<RoundBegan> {
    static constexpr auto list =
        std::tuple{field("step", &RoundBegan::step), field("round", &RoundBegan::round)};
};
template <> struct Fields<RoundJudged> {
    static constexpr auto list =
        std::tuple{field("step", &RoundJudged::step), field("done", &RoundJudged::done)};
};
template <> struct Fields<AttemptQueued> {
    static constexpr auto list = std::tuple{field("key", &AttemptQueued::key)};
};
template <> struct Fields<AttemptStarted> {
    using T = AttemptStarted;
    static constexpr auto list = std::tuple{field("key", &T::key), field("deadline_at", &T::deadlineMs)};
};
template <> struct Fields<AttemptWaiting> {
    static constexpr auto list =
        std::tuple{field("key", &AttemptWaiting::key), field("until", &AttemptWaiting::untilMs)};
};
template <> struct Fields<AttemptContinued> {
    static constexpr auto list = std::tuple{field("key", &AttemptContinued::key)};
};
template <> struct Fields<AttemptStopping> {
    using T = AttemptStopping;
    static constexpr auto list = std::tuple{field("key", &T::key), field("reason", &T::reason)};
};
template <> struct Fields<AttemptFinished> {
    using T = AttemptFinished;
    static constexpr auto list = std::tuple{field("key", &T::key), field("result", &T::result)};
};
template <> struct Fields<BudgetNear> {
    using T = BudgetNear;
    static constexpr auto list = std::tuple{field("spent_micro_usd", &T::spentMicroUsd),
                                            field("budget_micro_usd", &T::budgetMicroUsd)};
};
template <> struct Fields<BudgetCrossed> {
    using T = BudgetCrossed;
    static constexpr auto list = std::tuple{field("spent_micro_usd", &T::spentMicroUsd),
                                            field("budget_micro_usd", &T::budgetMicroUsd)};
};
template <> struct Fields<RetryScheduled> {
    using T = RetryScheduled;
    static constexpr auto list =
        std::tuple{field("key", &T::key), field("at", &T::atMs), field("reason", &T::reason)};
};
template <> struct Fields<ApprovalRequested> {
    using T = ApprovalRequested;
    static constexpr auto list = std::tuple{field("key", &T::key), field("purpose", &T::purpose),
                                            field("deadline_at", &T::deadlineMs)};
};
template <> struct Fields<ApprovalAnswered> {
    using T = ApprovalAnswered;
    static constexpr auto list = std::tuple{field("key", &T::key), field("approved", &T::approved),
                                            field("by", &T::by), field("note", &T::note)};
};
template <> struct Fields<StepSettled> {
    using T = StepSettled;
    static constexpr auto list =
        std::tuple{field("step", &T::step),     field("item", &T::item),     field("status", &T::status),
                   field("reason", &T::reason), field("detail", &T::detail), field("at_fault", &T::atFault)};
};

namespace {

template <typename T> constexpr const char *kindName = nullptr;
template <> constexpr const char *kindName<RunStarted> = "run.started";
template <> constexpr const char *kindName<StepKept> = "step.kept";
template <> constexpr const char *kindName<CancelRequested> = "run.cancel_requested";
template <> constexpr const char *kindName<PauseRequested> = "run.pause_requested";
template <> constexpr const char *kindName<ContinueRequested> = "run.continue_requested";
template <> constexpr const char *kindName<RunFinished> = "run.finished";
template <> constexpr const char *kindName<ConditionEvaluated> = "step.condition";
template <> constexpr const char *kindName<ForeachExpanded> = "step.expanded";
template <> constexpr const char *kindName<JoinTimedOut> = "step.join_timed_out";
template <> constexpr const char *kindName<StepPrepared> = "step.prepared";
template <> constexpr const char *kindName<EvaluationFailed> = "step.evaluation_failed";
template <> constexpr const char *kindName<BranchTaken> = "step.branch";
template <> constexpr const char *kindName<ScriptEvaluated> = "step.evaluated";
template <> constexpr const char *kindName<DelayBegan> = "step.delayed";
template <> constexpr const char *kindName<RoundBegan> = "step.round";
template <> constexpr const char *kindName<RoundJudged> = "step.round_judged";
template <> constexpr const char *kindName<AttemptQueued> = "step.queued";
template <> constexpr const char *kindName<AttemptStarted> = "step.started";
template <> constexpr const char *kindName<AttemptWaiting> = "step.waiting";
template <> constexpr const char *kindName<AttemptContinued> = "step.continued";
template <> constexpr const char *kindName<AttemptStopping> = "step.stopping";
template <> constexpr const char *kindName<AttemptFinished> = "step.finished";
template <> constexpr const char *kindName<RetryScheduled> = "step.retry";
template <> constexpr const char *kindName<ApprovalRequested> = "step.approval_requested";
template <> constexpr const char *kindName<ApprovalAnswered> = "step.approval_answered";
template <> constexpr const char *kindName<StepSettled> = "step.settled";
template <> constexpr const char *kindName<AttemptSpent> = "step.spent";
template <> constexpr const char *kindName<BudgetNear> = "run.near_budget";
template <> constexpr const char *kindName<BudgetCrossed> = "run.budget_crossed";
template <> constexpr const char *kindName<Noted> = "run.noted";

template <typename T> bool readAs(const QString &kind, const QJsonObject &data, std::optional<FlowFact> &out)
{
    if constexpr (HasFields<T>) {
        if (kind != QLatin1StringView(kindName<T>))
            return false;
        if (auto value = fromJsonObject<T>(data))
            out = std::move(*value);
        return true;
    }
    return false;
}

template <typename... T>
std::optional<FlowFact> readAny(const QString &kind, const QJsonObject &data, const std::variant<T...> *)
{
    std::optional<FlowFact> out;
    (void)(readAs<T>(kind, data, out) || ...);
    return out;
}

} // namespace

bool isJournalled(const FlowFact &fact)
{
    return !std::holds_alternative<Noted>(fact) && !std::holds_alternative<AttemptSpent>(fact);
}

QString kindOf(const FlowFact &fact)
{
    return std::visit(
        [](const auto &f) { return QString(QLatin1StringView(kindName<std::decay_t<decltype(f)>>)); }, fact);
}

QJsonObject toJson(const FlowFact &fact)
{
    return std::visit([](const auto &f) -> QJsonObject {
        if constexpr (HasFields<std::decay_t<decltype(f)>>)
            return toJsonObject(f);
        else
            return {};
    }, fact);
}

std::optional<FlowFact> flowFactFromJson(const QString &kind, const QJsonObject &data)
{
    return readAny(kind, data, static_cast<const FlowFact *>(nullptr));
}

Event toEvent(const FlowEvent &event, const EventRefs &refs)
{
    return Event{.seq = 0,
                 .atMs = event.atMs,
                 .kind = kindOf(event.fact),
                 .refs = refs,
                 .source = u"flow"_s,
                 .data = toJson(event.fact)};
}

std::optional<FlowEvent> flowEventFrom(const Event &event)
{
    auto fact = flowFactFromJson(event.kind, event.data);
    if (!fact)
        return std::nullopt;
    return FlowEvent{.atMs = event.atMs, .fact = std::move(*fact)};
}

} // namespace muster
