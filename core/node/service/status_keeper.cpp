#include "core/node/service/status_keeper.h"

#include "core/store/inbox_repository.h"
#include "core/store/task_repository.h"

namespace muster {

namespace {

constexpr int coalesceMs = 30;

struct Counts {
    qint64 running = 0;
    qint64 queued = 0;
    qint64 chatRunning = 0; // of these
    qint64 chatQueued = 0;
    qint64 resting = 0; // of what is queued
    qint64 chatResting = 0;
    qint64 waitingForYou = 0;
    qint64 activeRuns = 0;
};

Status countResting(Connection &db, qint64 nowMs, Counts &counts)
{
    return db
        .rows<std::pair<qint64, qint64>>(
            [](auto &pair) { return std::tie(pair.first, pair.second); },
            QStringLiteral("SELECT count(*), total(source = 'chat') FROM tasks WHERE "
                           "status = 'queued' AND put_off > 0 AND not_before > ?"),
            nowMs)
        .transform([&](const std::vector<std::pair<qint64, qint64>> &found) {
        counts.resting = found.front().first;
        counts.chatResting = found.front().second;
    });
}

Result<Counts> count(Connection &db, qint64 nowMs)
{
    Counts counts;
    const auto loads = PoolRepository(db).loads();
    const auto open = InboxRepository(db).openCount();
    const auto active = db.value<qint64>(QStringLiteral("SELECT count(*) FROM runs WHERE ended_at IS NULL"));
    if (!loads)
        return std::unexpected(loads.error());
    if (!open)
        return std::unexpected(open.error());
    if (!active)
        return std::unexpected(active.error());
    for (const PoolLoad &load : *loads) {
        counts.running += load.held;
        counts.queued += load.queued;
        if (load.pool == u"chat") {
            counts.chatRunning = load.held;
            counts.chatQueued = load.queued;
        }
    }
    if (Status counted = countResting(db, nowMs, counts); !counted)
        return std::unexpected(counted.error());
    counts.waitingForYou = *open;
    counts.activeRuns = active->value_or(0);
    return counts;
}

// What is scheduled or in a flow: a person's chats have no cap and wait for no slot. What waits for a limit
// to be over waits for none either.
api::SwarmLoad loadOf(const Counts &counts)
{
    if (counts.queued - counts.resting > counts.chatQueued - counts.chatResting)
        return api::SwarmLoad::Saturated;
    return counts.running > counts.chatRunning ? api::SwarmLoad::Working : api::SwarmLoad::Quiet;
}

} // namespace

StatusKeeper::StatusKeeper(Ledger &ledger, api::NodeStatus fixed, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_status(std::move(fixed))
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(coalesceMs);
    connect(&m_timer, &QTimer::timeout, this, &StatusKeeper::refresh);
    connect(&ledger.hub(), &EventHub::arrived, this, &StatusKeeper::refreshSoon);
    refreshSoon();
}

void StatusKeeper::refreshSoon()
{
    if (!m_timer.isActive())
        m_timer.start();
}

void StatusKeeper::setPaused(const QString &reason)
{
    m_status.pausedReason = reason;
    refreshSoon();
}

void StatusKeeper::refresh()
{
    m_ledger.read(this, [now = m_ledger.clock().nowMs()](Connection &db) { return count(db, now); },
                  [this](const Result<Counts> &counts) {
        if (!counts)
            return;
        m_status.running = static_cast<int>(counts->running);
        m_status.chatting = static_cast<int>(counts->chatRunning);
        m_status.queued = static_cast<int>(counts->queued);
        m_status.resting = static_cast<int>(counts->resting);
        m_status.waitingForYou = static_cast<int>(counts->waitingForYou);
        m_status.activeRuns = static_cast<int>(counts->activeRuns);
        m_status.load = loadOf(*counts);
        m_status.lastSeq = m_ledger.hub().lastSeq();
        m_ledger.hub().status({.status = m_status});
        emit changed(m_status);
    });
}

} // namespace muster
