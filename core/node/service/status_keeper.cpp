#include "core/node/service/status_keeper.h"

#include "core/store/inbox_repository.h"
#include "core/store/run_repository.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int coalesceMs = 30;
constexpr size_t mostForemost = 3;

struct Counts {
    qint64 running = 0;     // hold a slot
    qint64 chatRunning = 0; // of these
    QueueCounts queue;
    qint64 waitingForYou = 0;
    qint64 activeRuns = 0;
    std::vector<api::RunningInfo> foremost;
};

api::RunningInfo runningInfo(const TaskRow &row, const TaskSpec &spec)
{
    return {.task = row.id,
            .run = row.run,
            .conversation = row.conversation,
            .title = spec.data.value("title"_L1).toString(),
            .source = enumName(row.source),
            .sourceRef = row.sourceRef,
            .startedAt = row.slotClaimedMs.value_or(0),
            .steps = static_cast<int>(row.turns),
            .stepsMax = spec.data.value("max_turns"_L1).toInt()};
}

Status countRunning(Connection &db, Counts &counts)
{
    TaskRepository tasks(db);
    const auto holding = tasks.holding();
    if (!holding)
        return std::unexpected(holding.error());
    counts.running = std::ssize(*holding);
    for (const TaskRow &row : *holding) {
        if (row.source == TaskSource::Chat) {
            ++counts.chatRunning;
            continue;
        }
        if (counts.foremost.size() >= mostForemost)
            continue;
        const auto spec = tasks.spec(row.id);
        if (!spec)
            return std::unexpected(spec.error());
        counts.foremost.push_back(runningInfo(row, *spec));
    }
    return {};
}

Result<Counts> count(Connection &db, qint64 nowMs)
{
    Counts counts;
    const auto open = InboxRepository(db).openCount();
    const auto active = RunRepository(db).owners();
    const auto queue = TaskRepository(db).queueCounts(nowMs);
    if (!open)
        return std::unexpected(open.error());
    if (!active)
        return std::unexpected(active.error());
    if (!queue)
        return std::unexpected(queue.error());
    if (const Status counted = countRunning(db, counts); !counted)
        return std::unexpected(counted.error());
    counts.waitingForYou = *open;
    counts.activeRuns = std::ssize(*active);
    counts.queue = *queue;
    return counts;
}

// What is scheduled or in a flow: a person's chats have no cap and wait for no slot. What waits for a limit
// to be over waits for none either.
api::SwarmLoad loadOf(const Counts &counts)
{
    if (counts.queue.waitingForSlot > 0)
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

void StatusKeeper::setHeldBack(std::optional<HeldBack> why, qint64 untilMs)
{
    m_status.heldBack = why;
    m_status.heldBackUntil = why ? untilMs : 0;
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
        m_status.queued = static_cast<int>(counts->queue.queued);
        m_status.resting = static_cast<int>(counts->queue.resting);
        m_status.waitingForSlot = static_cast<int>(counts->queue.waitingForSlot);
        m_status.foremost = counts->foremost;
        m_status.waitingForYou = static_cast<int>(counts->waitingForYou);
        m_status.activeRuns = static_cast<int>(counts->activeRuns);
        m_status.load = loadOf(*counts);
        m_status.lastSeq = m_ledger.hub().lastSeq();
        m_ledger.hub().status({.status = m_status});
        emit changed(m_status);
    });
}

} // namespace muster
