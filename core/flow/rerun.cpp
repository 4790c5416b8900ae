#include "core/flow/rerun.h"

#include "core/flow/rules.h"
#include "core/flow/same_step.h"

namespace muster {

namespace {

std::unexpected<Error> refuse(RerunRefusal why, QString detail = {})
{
    const bool unknown = why == RerunRefusal::UnknownStep;
    return fail(unknown ? ErrorCode::NotFound : ErrorCode::Conflict, std::move(detail), enumName(why));
}

// Of steps outside loops, each behind all that comes before it.
std::vector<int> inOrder(const FlowDefinition &flow)
{
    std::vector<int> open(flow.steps.size());
    std::vector<int> order;
    for (int step = 0; step < flow.stepCount(); ++step) {
        const StepDefinition &definition = flow.step(step);
        open[static_cast<size_t>(step)] =
            static_cast<int>(definition.needs.size() + definition.jumpedFrom.size());
        if (open[static_cast<size_t>(step)] == 0 && definition.loop < 0)
            order.push_back(step);
    }
    const auto passed = [&](int step) {
        if (--open[static_cast<size_t>(step)] == 0)
            order.push_back(step);
    };
    // NOLINTNEXTLINE(modernize-loop-convert): the list grows meanwhile
    for (size_t at = 0; at < order.size(); ++at) {
        const StepDefinition &definition = flow.step(order[at]);
        std::ranges::for_each(definition.neededBy, passed);
        if (definition.jumpTo >= 0)
            passed(definition.jumpTo);
    }
    return order;
}

KeptUnit keptUnit(const UnitState &unit, int item)
{
    KeptUnit kept{.item = item,
                  .status = unit.status,
                  .attempt = unit.attempt,
                  .reason = unit.reason,
                  .detail = unit.detail,
                  .approved = unit.approved,
                  .result = unit.result};
    kept.result.usage = {};
    return kept;
}

bool hasFailed(const UnitState &unit)
{
    return unit.status == StepStatus::Failed || unit.status == StepStatus::TimedOut;
}

class Planner {
public:
    Planner(const FlowDefinition &earlier, const FlowState &state, const FlowDefinition &now,
            const RerunAsk &ask)
        : m_earlier(earlier)
        , m_state(state)
        , m_now(now)
        , m_ask(ask)
        , m_anew(now.steps.size())
    {
    }

    Result<RerunPlan> run()
    {
        if (const Status valid = aim(); !valid)
            return std::unexpected(valid.error());
        for (const int step : inOrder(m_now))
            decide(step);
        if (!isWorth())
            return refuse(RerunRefusal::NothingToRedo, m_ask.step);
        return std::move(m_plan);
    }

private:
    Status aim();
    void decide(int step);
    void keep(int step);
    void keepBody(int loop);
    void passOver(int step);
    int keepItems(int step);
    [[nodiscard]] std::optional<RedoReason> own(int step) const;
    [[nodiscard]] bool hasResult(int step) const;
    [[nodiscard]] bool isRejected(int step) const;
    [[nodiscard]] int anewBefore(int step) const; // -1: none
    [[nodiscard]] bool isWorth() const;
    [[nodiscard]] const StepState *before(int step) const
    {
        const int index = m_earlier.indexOf(m_now.step(step).id);
        return index < 0 ? nullptr : &m_state.steps[static_cast<size_t>(index)];
    }
    [[nodiscard]] RunId doerOf(const UnitState &unit) const
    {
        return unit.keptFrom.isValid() ? unit.keptFrom : m_state.run;
    }

    const FlowDefinition &m_earlier;
    const FlowState &m_state;
    const FlowDefinition &m_now;
    const RerunAsk &m_ask;
    std::vector<bool> m_anew; // done anew, or skipped now
    std::vector<int> m_aims;  // the step that is asked for, and those of its group
    RerunPlan m_plan;
};

Status Planner::aim()
{
    if (m_ask.mode != RerunMode::From && m_ask.mode != RerunMode::Skip)
        return {};
    const int index = m_now.indexOf(m_ask.step);
    if (index < 0)
        return refuse(RerunRefusal::UnknownStep, m_ask.step);
    const StepDefinition &step = m_now.step(index);
    if (step.loop >= 0)
        return refuse(RerunRefusal::StepInLoop, m_now.step(step.loop).id + u'/' + m_ask.step);
    if (m_ask.mode == RerunMode::Skip && !hasFailed(before(index)->unit))
        return refuse(RerunRefusal::DidNotFail, m_ask.step);
    if (step.kind == StepKind::Group)
        m_aims = step.needs;
    m_aims.push_back(index);
    return {};
}

bool Planner::isRejected(int step) const
{
    const UnitState &unit = before(step)->unit;
    return m_now.step(step).kind == StepKind::Approval && unit.status == StepStatus::Completed &&
           unit.approved == false;
}

bool Planner::hasResult(int step) const
{
    const UnitState &unit = before(step)->unit;
    if (unit.phase != UnitPhase::Settled)
        return false;
    const bool failureCounts =
        m_ask.mode != RerunMode::Failed && isMadeGood(m_now.step(step), unit.status, unit.reason);
    return !isFailure(unit.status) || failureCounts;
}

// Why a step is done anew for what it is itself.
std::optional<RedoReason> Planner::own(int step) const
{
    if (m_ask.mode == RerunMode::Whole)
        return RedoReason::Asked;
    if (m_ask.mode == RerunMode::From && std::ranges::contains(m_aims, step))
        return RedoReason::Asked;
    if (!before(step))
        return RedoReason::Added;
    if (m_ask.mode == RerunMode::Edited && !isSameStep(m_earlier, m_now, m_now.step(step).id))
        return RedoReason::Changed;
    const UnitState &unit = before(step)->unit;
    if (hasFailed(unit) && unit.reason != FailureReason::DependencyFailed && !hasResult(step))
        return RedoReason::Failed;
    const bool asksAgain = m_ask.mode == RerunMode::Failed || m_ask.mode == RerunMode::Edited;
    if (asksAgain && isRejected(step))
        return RedoReason::Rejected;
    return std::nullopt;
}

int Planner::anewBefore(int step) const
{
    const StepDefinition &definition = m_now.step(step);
    for (const std::vector<int> *before : {&definition.needs, &definition.jumpedFrom}) {
        const auto found =
            std::ranges::find_if(*before, [&](int need) { return m_anew[static_cast<size_t>(need)]; });
        if (found != before->end())
            return *found;
    }
    return -1;
}

void Planner::decide(int step)
{
    const StepDefinition &definition = m_now.step(step);
    const bool isAim = std::ranges::contains(m_aims, step);
    if (m_ask.mode == RerunMode::Skip && isAim && (step == m_aims.back() || !hasResult(step))) {
        passOver(step);
        return;
    }
    const int need = anewBefore(step);
    auto why = own(step);
    if (!why && definition.isFinal && hasResult(step))
        why = RedoReason::Finally;
    if (!why && need >= 0)
        why = RedoReason::Needs;
    if (!why && !hasResult(step))
        why = hasFailed(before(step)->unit) ? RedoReason::Failed : RedoReason::Unfinished;
    if (!why) {
        keep(step);
        return;
    }
    m_anew[static_cast<size_t>(step)] = true;
    RedoneStep redone{.step = definition.id, .why = *why};
    if (why == RedoReason::Needs)
        redone.because = m_now.step(need).id;
    if (need < 0 && !definition.isFinal && (why == RedoReason::Failed || why == RedoReason::Unfinished))
        redone.keptItems = keepItems(step);
    m_plan.redone.push_back(std::move(redone));
}

void Planner::keep(int step)
{
    const StepState &state = *before(step);
    if (state.unit.status == StepStatus::Excluded)
        return; // what left it out is kept, and does so again
    keepBody(step);
    StepKept kept{.step = m_now.step(step).id,
                  .from = doerOf(state.unit),
                  .unit = keptUnit(state.unit, kNoItem),
                  .passedOver = state.passedOver,
                  .branch = state.branch,
                  .round = state.round,
                  .lastRound = state.lastRound,
                  .list = state.list,
                  .items = {}};
    for (int item = 0; item < static_cast<int>(state.items.size()); ++item)
        kept.items.push_back(keptUnit(state.items[static_cast<size_t>(item)], item));
    m_plan.kept.push_back(std::move(kept));
}

// As they were when the last round was over; those that it left out too.
void Planner::keepBody(int loop)
{
    for (const int step : m_now.step(loop).body) {
        const StepState &state = *before(step);
        StepKept kept{.step = m_now.step(step).id,
                      .from = doerOf(state.unit),
                      .unit = keptUnit(state.unit, kNoItem),
                      .branch = state.branch,
                      .lastRound = {},
                      .list = state.list,
                      .items = {}};
        for (int item = 0; item < static_cast<int>(state.items.size()); ++item)
            kept.items.push_back(keptUnit(state.items[static_cast<size_t>(item)], item));
        m_plan.kept.push_back(std::move(kept));
    }
}

void Planner::passOver(int step)
{
    m_anew[static_cast<size_t>(step)] = true;
    for (const int within : m_now.step(step).body)
        m_plan.kept.push_back({.step = m_now.step(within).id,
                               .from = {},
                               .unit = {.status = StepStatus::Excluded, .detail = {}, .result = {}},
                               .lastRound = {},
                               .list = {},
                               .items = {}});
    m_plan.kept.push_back({.step = m_now.step(step).id,
                           .from = {},
                           .unit = {.status = StepStatus::Skipped, .detail = {}, .result = {}},
                           .passedOver = true,
                           .lastRound = {},
                           .list = {},
                           .items = {}});
}

int Planner::keepItems(int step)
{
    const StepState &state = *before(step);
    if (!m_now.step(step).foreach)
        return 0;
    StepKept kept{.step = m_now.step(step).id,
                  .from = m_state.run,
                  .unit = {.status = StepStatus::Pending, .detail = {}, .result = {}},
                  .lastRound = {},
                  .list = state.list,
                  .items = {}};
    for (int item = 0; item < static_cast<int>(state.items.size()); ++item) {
        const UnitState &unit = state.items[static_cast<size_t>(item)];
        if (unit.phase == UnitPhase::Settled && unit.status == StepStatus::Completed)
            kept.items.push_back(keptUnit(unit, item));
    }
    const auto count = static_cast<int>(kept.items.size());
    if (count > 0)
        m_plan.kept.push_back(std::move(kept));
    return count;
}

// Something besides `finally`, which ended well, is done; and what was asked for is not left out again.
bool Planner::isWorth() const
{
    if (m_ask.mode == RerunMode::Whole || m_ask.mode == RerunMode::Skip)
        return true;
    if (m_ask.mode == RerunMode::From) {
        const int aim = m_aims.back();
        const bool leftOut = before(aim)->unit.status == StepStatus::Excluded && anewBefore(aim) < 0;
        return !leftOut;
    }
    return std::ranges::any_of(m_plan.redone,
                               [](const RedoneStep &step) { return step.why != RedoReason::Finally; });
}

} // namespace

QStringList RerunPlan::keptSteps() const
{
    QStringList steps;
    for (const StepKept &step : kept) {
        if (step.from.isValid() && isSettled(step.unit.status))
            steps += step.step;
    }
    return steps;
}

Result<RerunPlan> planRerun(const FlowDefinition &earlier, const FlowState &state, const FlowDefinition &now,
                            const RerunAsk &ask)
{
    return Planner(earlier, state, now, ask).run();
}

} // namespace muster
