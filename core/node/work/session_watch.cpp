#include "core/node/work/session_watch.h"

#include "core/base/near_limit.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;

} // namespace

WatchFinding SessionWatch::look(const WatchLook &look, const WatchLimits &limits)
{
    struct Measure {
        QString what;
        qint64 used = 0;
        qint64 limit = 0;
        FailureReason reason = FailureReason::Unknown;
    };
    const Measure measures[] = {
        {u"memory"_s, look.memoryBytes, limits.memoryBytes, FailureReason::RuntimeError},
        {u"cost"_s, look.usage.costMicroUsd.value_or(0), limits.costMicroUsd, FailureReason::BudgetExceeded},
        {u"day_cost"_s, look.dayMicroUsd, limits.dayMicroUsd, FailureReason::BudgetExceeded},
        {u"tokens"_s, look.usage.tokensIn + look.usage.tokensOut - look.usage.tokensCached, limits.tokens,
         FailureReason::BudgetExceeded},
        {u"turns"_s, look.usage.agentSteps, limits.steps, FailureReason::TurnLimitExceeded},
    };
    WatchFinding worst;
    for (const Measure &one : measures) {
        const auto found = measure(one.what, one.used, one.limit, one.reason);
        if (found && found->kind > worst.kind)
            worst = *found;
    }
    if (runsAway(look, limits.textBytesPerMinute) && worst.kind != WatchFinding::Kind::Stop)
        worst = {.kind = WatchFinding::Kind::Runaway,
                 .reason = FailureReason::RuntimeError,
                 .detail = u"runaway_output %1"_s.arg(limits.textBytesPerMinute)};
    return worst;
}

std::optional<WatchFinding> SessionWatch::measure(const QString &what, qint64 used, qint64 limit,
                                                  FailureReason reason)
{
    if (limit <= 0 || used < nearLimit(limit))
        return std::nullopt;
    // A cap on steps allows that many; one on what is measured is crossed by reaching it.
    const bool over = reason == FailureReason::TurnLimitExceeded ? used > limit : used >= limit;
    if (!over && m_told.contains(what))
        return std::nullopt;
    m_told += what;
    return WatchFinding{.kind = over ? WatchFinding::Kind::Stop : WatchFinding::Kind::NearLimit,
                        .reason = reason,
                        .detail = u"%1_limit %2 %3"_s.arg(what).arg(used).arg(limit)};
}

bool SessionWatch::runsAway(const WatchLook &look, qint64 limit)
{
    m_text.push_back({.atMs = look.atMs, .textBytes = look.textBytes});
    while (look.atMs - m_text.front().atMs > minuteMs)
        m_text.pop_front();
    return limit > 0 && look.textBytes - m_text.front().textBytes > limit;
}

} // namespace muster
