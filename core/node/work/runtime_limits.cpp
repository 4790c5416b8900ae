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

} // namespace

RuntimeLimits::RuntimeLimits(Ledger &ledger)
    : m_ledger(ledger)
{
}

void RuntimeLimits::load(const std::vector<LimitRow> &known)
{
    for (const LimitRow &limit : known)
        m_known.insert(limit.runtime, limit);
}

void RuntimeLimits::heard(const QString &runtime, const RateLimited &event)
{
    const qint64 now = m_ledger.clock().nowMs();
    LimitRow limit = m_known.value(runtime);
    const bool rests = limit.hard && limit.restsUntilMs > now;
    if (!event.hard && (rests || (limit.detail == event.detail && now - limit.seenMs < sameWordMs)))
        return;
    limit = {.runtime = runtime,
             .hard = event.hard,
             .resetMs = event.resetAtMs,
             .restsUntilMs = 0,
             .detail = event.detail,
             .seenMs = now};
    if (event.hard && event.resetAtMs && isBelievable(*event.resetAtMs, now))
        limit.restsUntilMs = *event.resetAtMs;
    keep(limit);
}

std::optional<qint64> RuntimeLimits::restAfter(const QString &runtime, int tries)
{
    const qint64 now = m_ledger.clock().nowMs();
    LimitRow limit = m_known.value(runtime);
    if (limit.restsUntilMs > now)
        return limit.restsUntilMs;
    if (tries >= mostBlindTries)
        return std::nullopt;
    const qint64 pause = std::min(firstBackoffMs << tries, longestBackoffMs);
    limit.runtime = runtime;
    limit.hard = true;
    limit.restsUntilMs = now + pause;
    if (limit.seenMs == 0)
        limit.seenMs = now;
    keep(limit);
    return limit.restsUntilMs;
}

void RuntimeLimits::worked(const QString &runtime)
{
    const auto limit = m_known.constFind(runtime);
    if (limit == m_known.cend() || !limit->hard)
        return;
    LimitRow over = *limit;
    over.hard = false;
    over.restsUntilMs = 0;
    keep(over);
}

std::optional<LimitRow> RuntimeLimits::known(const QString &runtime) const
{
    const auto limit = m_known.constFind(runtime);
    return limit == m_known.cend() ? std::nullopt : std::optional(*limit);
}

qint64 RuntimeLimits::restsUntil(const QString &runtime) const
{
    const auto limit = known(runtime);
    return limit && limit->hard && limit->restsUntilMs > m_ledger.clock().nowMs() ? limit->restsUntilMs : 0;
}

void RuntimeLimits::keep(const LimitRow &limit)
{
    m_known.insert(limit.runtime, limit);
    m_ledger.commit(this, [limit](Connection &db, EventBatch &) { return LimitRepository(db).put(limit); });
}

} // namespace muster
