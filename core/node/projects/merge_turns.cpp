#include "core/node/projects/merge_turns.h"

#include "core/process/process_identity.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 turnLeaseMs = 60'000;
constexpr int renewTurnEveryMs = 20'000;
constexpr int lookAgainMs = 250; // other processes say nothing when they give a turn back

Result<bool> claim(Connection &db, const MergeTurn &turn, const QString &owner, qint64 nowMs)
{
    MergeTurnRepository turns(db);
    const auto mine = turns.claim(turn, owner, nowMs, turnLeaseMs);
    if (!mine || *mine)
        return mine;
    const auto ahead = turns.ahead(turn);
    if (!ahead)
        return std::unexpected(ahead.error());
    bool freed = false;
    for (const QString &other : *ahead) {
        if (other == owner || !isProvenDead(other))
            continue;
        if (Status done = turns.releaseAllOf(other); !done)
            return std::unexpected(done.error());
        freed = true;
    }
    return freed ? turns.claim(turn, owner, nowMs, turnLeaseMs) : false;
}

} // namespace

MergeTurns::MergeTurns(Ledger &ledger, QString owner, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_owner(std::move(owner))
{
    m_renewTimer.setInterval(renewTurnEveryMs);
    connect(&m_renewTimer, &QTimer::timeout, this, &MergeTurns::renew);
}

// Until one of ours was given back, or it is time to look again.
QFuture<Result<bool>> MergeTurns::aMoment()
{
    auto promise = std::make_shared<QPromise<Result<bool>>>();
    promise->start();
    auto *timer = new QTimer(this);
    timer->setSingleShot(true);
    const auto end = [promise, timer] {
        if (promise->future().resultCount() > 0)
            return;
        promise->addResult(Result<bool>(true));
        promise->finish();
        timer->deleteLater();
    };
    connect(timer, &QTimer::timeout, timer, end);
    connect(this, &MergeTurns::free, timer, end);
    timer->start(lookAgainMs);
    return promise->future();
}

Async<bool> MergeTurns::take(MergeTurn turn, qint64 patienceMs, std::function<bool()> wanted)
{
    const qint64 until = m_ledger.clock().monotonicMs() + patienceMs;
    while (true) {
        const auto mine =
            co_await resultOf(m_ledger.commitAsync([turn, owner = m_owner](Connection &db, EventBatch &log) {
            return claim(db, turn, owner, log.nowMs());
        }));
        if (!mine)
            co_return mine;
        if (*mine) {
            m_held.push_back({.turn = turn, .wanted = wanted});
            if (!m_renewTimer.isActive())
                m_renewTimer.start();
        }
        const bool late = m_ledger.clock().monotonicMs() >= until;
        if (!wanted() || (!*mine && late)) {
            std::erase_if(m_held, [&](const Held &held) { return held.turn == turn; });
            release(turn); // the place in the queue, too
            co_return wanted() ? fail(ErrorCode::Conflict, u"merge_turn"_s, turn.target)
                               : fail(ErrorCode::Cancelled, turn.target);
        }
        if (*mine)
            co_return true;
        (void)co_await resultOf(aMoment());
    }
}

void MergeTurns::giveBack(const MergeTurn &turn)
{
    if (std::erase_if(m_held, [&](const Held &held) { return held.turn == turn; }) == 0)
        return;
    release(turn);
}

void MergeTurns::release(const MergeTurn &turn)
{
    if (m_held.empty())
        m_renewTimer.stop();
    m_ledger.commit(this, [turn, owner = m_owner](Connection &db, EventBatch &) {
        return MergeTurnRepository(db).release(turn, owner);
    }, [this](const Status &) { emit free(); });
}

void MergeTurns::renew()
{
    const std::vector<Held> held = m_held;
    for (const Held &one : held) {
        if (!one.wanted())
            giveBack(one.turn);
    }
    std::vector<MergeTurn> turns;
    turns.reserve(m_held.size());
    for (const Held &one : m_held)
        turns.push_back(one.turn);
    m_ledger.commit(this, [owner = m_owner, turns](Connection &db, EventBatch &log) -> Status {
        for (const MergeTurn &turn : turns) {
            if (Status kept = MergeTurnRepository(db).renew(turn, owner, log.nowMs(), turnLeaseMs); !kept)
                return kept;
        }
        return {};
    });
}

} // namespace muster
