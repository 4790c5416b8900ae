// What it may use, and money before a call: where the price of its model is known, what it will read is set
// aside, of the run's budget and the day's, before it is asked. What does not fit is not asked.
#include "core/agent/pricing.h"
#include "core/node/work/agent_job.h"
#include "core/store/cost_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

Async<bool> AgentJob::findLimits()
{
    const bool trusted = m_place.project.trusted || m_data.trusted;
    const auto said = co_await settingsOf(m_place.project.info.root, trusted);
    m_projectSettings = said.value_or(ProjectSettings{});
    co_return said.has_value();
}

bool AgentJob::lacksPrice() const
{
    const TaskLimits limits =
        limitsOf(m_data, m_task.request.source, m_projectSettings, m_context.watchLimits());
    return limits.personsCap && !costIsKnown(*m_runtime, m_resolution.model);
}

QString AgentJob::priceDetail() const
{
    const QString model = m_resolution.model.isEmpty() ? m_runtime->defaultModel : m_resolution.model;
    return QString(u"price_unknown: "_s % m_runtime->id % u' ' % model).trimmed();
}

// Once for each task, and of the day's budget once a day: what ends with it is no news any more then.
void AgentJob::warnOfBudget(const WatchFinding &found)
{
    if (found.reason != FailureReason::BudgetExceeded && found.reason != FailureReason::TurnLimitExceeded)
        return;
    const bool ofDay = found.detail.startsWith("day_cost"_L1);
    m_warned = m_warned || !ofDay;
    m_context.inbox.open({.key = ofDay ? QString(u"day_budget:"_s % m_context.dayCosts.day())
                                       : QString(u"budget:"_s % m_task.id.toString()),
                          .kind = InboxKind::Warning,
                          .refs = ofDay ? EventRefs{} : refs(),
                          .title = {},
                          .body = {{u"purpose"_s, QString(u"budget_near\n"_s % found.detail)},
                                   {u"who"_s, ofDay ? QString() : m_data.title}}});
}

// What it will say nobody knows; what it reads at least is what it is given.
qint64 AgentJob::leastCost() const
{
    const RuntimeModel *model = modelInUse();
    if (!model || !model->prices || m_givenTokens <= 0)
        return 0;
    return costOf({.tokensIn = m_givenTokens}, *model->prices);
}

Async<bool> AgentJob::askWithin(Prompt prompt, qint64 microUsd)
{
    const CostRepository::Wish wish{.task = m_task.id,
                                    .epoch = m_task.epoch,
                                    .microUsd = microUsd,
                                    .runCap = m_data.runBudgetMicroUsd,
                                    .dayCap = m_context.dayCosts.cap(),
                                    .day = m_context.dayCosts.day()};
    const auto fits = co_await resultOf(m_context.ledger.commitAsync(
        [wish](Connection &db, EventBatch &) { return CostRepository(db).reserve(wish); }));
    if (m_stopReason || !m_session)
        co_return false;
    const qint64 own = m_watchLimits.costMicroUsd;
    const qint64 after = used().costMicroUsd.value_or(0) + microUsd;
    const bool fitsOwn = own <= 0 || after <= own;
    // A store that takes no writes holds everything else up too: this is not the place to say so.
    if (fitsOwn && (!fits || *fits)) {
        send(prompt);
        co_return true;
    }
    const qint64 cap = !fitsOwn ? own : wish.runCap > 0 ? wish.runCap : wish.dayCap;
    stop(FailureReason::BudgetExceeded, u"call_limit %1 %2"_s.arg(microUsd).arg(cap));
    co_return false;
}

// The rest of the day is shared by all work.
void AgentJob::countForDay()
{
    const auto cost = used().costMicroUsd;
    if (!cost)
        return;
    m_context.dayCosts.add(*cost - std::exchange(m_countedMicroUsd, *cost));
}

} // namespace muster
