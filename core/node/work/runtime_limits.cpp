#include "core/node/work/runtime_limits.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Retries of a provider come by the dozen a second.
constexpr qint64 sameWordMs = 1000;

bool isBelievable(qint64 resetMs, qint64 nowMs)
{
    return resetMs > nowMs && resetMs - nowMs <= RuntimeLimits::furthestResetMs;
}

// How full a limit was, until it began anew.
bool stillHolds(const LimitRow &limit, qint64 nowMs)
{
    return limit.usedPercent && limit.resetMs.value_or(limit.seenMs + RuntimeLimits::furthestResetMs) > nowMs;
}

} // namespace

RuntimeLimits::RuntimeLimits(Ledger &ledger)
    : m_ledger(ledger)
{
}

void RuntimeLimits::load(const std::vector<LimitRow> &known)
{
    for (const LimitRow &limit : known)
        m_known.insert({.runtime = limit.runtime, .name = limit.account}, limit);
}

void RuntimeLimits::heard(const AccountRef &account, const RateLimited &event)
{
    const qint64 now = m_ledger.clock().nowMs();
    LimitRow limit = rowOf(account);
    const bool rests = limit.hard && limit.restsUntilMs > now;
    if (!event.hard && (rests || (limit.detail == event.detail && now - limit.seenMs < sameWordMs)))
        return;
    // A retry says nothing of how full the limit is.
    if (event.hard || event.usedPercent || event.resetAtMs || !stillHolds(limit, now)) {
        limit.usedPercent = event.usedPercent;
        limit.resetMs = event.resetAtMs;
    }
    limit.hard = event.hard;
    limit.detail = event.detail;
    limit.seenMs = now;
    limit.restsUntilMs = 0;
    if (event.hard && event.resetAtMs && isBelievable(*event.resetAtMs, now))
        limit.restsUntilMs = *event.resetAtMs;
    keep(limit);
}

std::optional<qint64> RuntimeLimits::restAfter(const AccountRef &account, int tries)
{
    const qint64 now = m_ledger.clock().nowMs();
    LimitRow limit = rowOf(account);
    if (limit.restsUntilMs > now)
        return limit.restsUntilMs;
    if (tries >= mostBlindTries)
        return std::nullopt;
    const qint64 pause = std::min(firstBackoffMs << tries, longestBackoffMs);
    limit.hard = true;
    limit.restsUntilMs = now + pause;
    if (limit.seenMs == 0)
        limit.seenMs = now;
    keep(limit);
    return limit.restsUntilMs;
}

void RuntimeLimits::worked(const AccountRef &account)
{
    const auto limit = m_known.constFind(account);
    if (limit == m_known.cend() || !limit->hard)
        return;
    LimitRow over = *limit;
    over.hard = false;
    over.restsUntilMs = 0;
    over.usedPercent.reset(); // whatever it was before it was full
    keep(over);
}

void RuntimeLimits::used(const AccountRef &account)
{
    LimitRow limit = rowOf(account);
    limit.usedMs = m_ledger.clock().nowMs();
    keep(limit);
}

std::optional<LimitRow> RuntimeLimits::known(const AccountRef &account) const
{
    const auto limit = m_known.constFind(account);
    return limit == m_known.cend() || limit->seenMs == 0 ? std::nullopt : std::optional(*limit);
}

qint64 RuntimeLimits::restsUntil(const AccountRef &account) const
{
    const auto limit = known(account);
    return limit && limit->hard && limit->restsUntilMs > m_ledger.clock().nowMs() ? limit->restsUntilMs : 0;
}

AccountStanding RuntimeLimits::standing(const AccountRef &account) const
{
    const LimitRow limit = rowOf(account);
    return {.name = account.name,
            .restsUntilMs = restsUntil(account),
            .usedPercent = stillHolds(limit, m_ledger.clock().nowMs()) ? limit.usedPercent : std::nullopt,
            .limitedMs = limit.seenMs,
            .usedMs = limit.usedMs};
}

LimitRow RuntimeLimits::rowOf(const AccountRef &account) const
{
    return m_known.value(account, {.runtime = account.runtime, .account = account.name});
}

void RuntimeLimits::keep(const LimitRow &limit)
{
    m_known.insert({.runtime = limit.runtime, .name = limit.account}, limit);
    m_ledger.commit(this, [limit](Connection &db, EventBatch &) { return LimitRepository(db).put(limit); });
}

} // namespace muster
