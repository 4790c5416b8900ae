// Tasks whose owner is gone: whose they are now.
#include "core/node/work/inbox_desk.h"
#include "core/node/work/sql_task_store.h"
#include "core/node/work/task_forms.h"
#include "core/process/process_identity.h"
#include "core/store/session_repository.h"

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Whose owner is gone, chats first, then the oldest. A dead owner's processes are ended before anybody goes
// on with what they did: until then its session is not.
Result<std::vector<TaskRow>> lostTasks(Connection &db, const std::vector<HeldLease> &ours, qint64 nowMs)
{
    auto leased = TaskRepository(db).leased();
    if (!leased)
        return leased;
    std::erase_if(*leased, [&](const TaskRow &row) {
        if (std::ranges::contains(ours, HeldLease{.id = row.id, .epoch = row.lease.epoch}))
            return true;
        return row.lease.expiresAtMs > nowMs && !isProvenDead(row.lease.owner);
    });
    if (leased->empty())
        return leased;
    const auto open = SessionRepository(db).open();
    if (!open)
        return std::unexpected(open.error());
    std::erase_if(*leased, [&](const TaskRow &row) {
        return std::ranges::any_of(*open, [&](const SessionRow &session) {
            return session.task == row.id && isProvenDead(session.owner);
        });
    });
    std::ranges::stable_sort(*leased, {}, [](const TaskRow &row) { return row.source != TaskSource::Chat; });
    return leased;
}

Result<std::optional<ClaimedTask>> takeOne(Connection &db, EventBatch &log, const TaskRow &row,
                                           const QString &owner, qint64 leaseMs)
{
    TaskRepository tasks(db);
    const auto lease = tasks.takeOver(row.id, row.lease.epoch, owner, log.nowMs(), leaseMs);
    if (!lease)
        return std::unexpected(lease.error());
    if (!*lease)
        return std::nullopt;               // its run belongs to another process, or somebody was faster
    const auto taken = tasks.find(row.id); // as the taking over has left it
    if (!taken)
        return std::unexpected(taken.error());
    auto task = claimedTask(db, *taken, (*lease)->epoch, log.nowMs());
    if (!task)
        return std::unexpected(task.error());
    task->recovered = true;
    // One of our own that we lost while this process stood still is ended before it begins anew.
    task->ownerMayLive = row.lease.owner != owner && !isProvenDead(row.lease.owner);
    logTask(log, row, u"task.taken_over"_s, {{u"epoch"_s, task->epoch}});
    return *std::move(task);
}

// True: it changed. What has no slot goes back to the queue, the rest is taken while `wish` allows more.
Result<bool> takeOrGiveBack(Connection &db, EventBatch &log, const TaskRow &row, const QString &owner,
                            const ClaimWish &wish, std::vector<ClaimedTask> &taken)
{
    if (!row.slotClaimedMs) {
        const auto given = TaskRepository(db).giveBack(row.id, row.lease.epoch, log.nowMs());
        if (given && *given)
            logTask(log, row, u"task.given_back"_s);
        return given;
    }
    if (std::ssize(taken) >= wish.most)
        return false;
    auto task = takeOne(db, log, row, owner, wish.leaseMs);
    if (!task)
        return std::unexpected(task.error());
    if (!*task)
        return false;
    taken.push_back(*std::move(*task));
    return true;
}

} // namespace

void SqlTaskStore::takeOverLost(const std::vector<HeldLease> &held, const ClaimWish &wish,
                                Callback<std::vector<ClaimedTask>> done)
{
    m_ledger.commit(
        this,
        [owner = m_owner, held, wish](Connection &db, EventBatch &log) -> Result<std::vector<ClaimedTask>> {
        const auto lost = lostTasks(db, held, log.nowMs());
        if (!lost)
            return std::unexpected(lost.error());
        std::vector<ClaimedTask> taken;
        for (const TaskRow &row : *lost) {
            const auto changed = takeOrGiveBack(db, log, row, owner, wish, taken);
            if (!changed)
                return std::unexpected(changed.error());
            // Whoever takes the task up asks anew.
            if (Status withdrawn = *changed ? withdrawOfTask(db, log, row.id) : Status(); !withdrawn)
                return std::unexpected(withdrawn.error());
        }
        return taken;
    }, std::move(done));
}

} // namespace muster
