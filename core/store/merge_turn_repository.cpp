#include "core/store/merge_turn_repository.h"

#include "core/store/statement.h"

namespace muster {

using namespace Qt::StringLiterals;

Result<bool> MergeTurnRepository::claim(const MergeTurn &turn, const QString &owner, qint64 nowMs,
                                        qint64 leaseMs)
{
    // A place that was not kept is gone for good: whoever comes back to it queues at the end.
    const auto emptied =
        m_db.run(u"DELETE FROM merge_turns WHERE repository = ? AND target = ? AND lease_expires_at <= ?"_s,
                 turn.repository, turn.target, nowMs);
    if (!emptied)
        return std::unexpected(emptied.error());
    const auto queued =
        m_db.run(u"INSERT INTO merge_turns(repository, target, holder, lease_owner, lease_expires_at) "
                 "VALUES (?, ?, ?, ?, ?) ON CONFLICT(repository, target, holder) DO UPDATE SET "
                 "lease_owner = excluded.lease_owner, lease_epoch = lease_epoch + 1, "
                 "lease_expires_at = excluded.lease_expires_at"_s,
                 turn.repository, turn.target, turn.holder, owner, nowMs + leaseMs);
    if (!queued)
        return std::unexpected(queued.error());
    return ahead(turn).transform([](const std::vector<QString> &owners) { return owners.empty(); });
}

Result<std::vector<QString>> MergeTurnRepository::ahead(const MergeTurn &turn)
{
    return m_db.rows<QString>([](QString &owner) { return std::tie(owner); },
                              u"SELECT DISTINCT o.lease_owner FROM merge_turns o JOIN merge_turns mine "
                              "ON mine.repository = o.repository AND mine.target = o.target "
                              "WHERE mine.repository = ? AND mine.target = ? AND mine.holder = ? "
                              "AND o.id < mine.id"_s,
                              turn.repository, turn.target, turn.holder);
}

Status MergeTurnRepository::release(const MergeTurn &turn, const QString &owner)
{
    return m_db
        .run(u"DELETE FROM merge_turns WHERE repository = ? AND target = ? AND holder = ? AND "
             "lease_owner = ?"_s,
             turn.repository, turn.target, turn.holder, owner)
        .transform([](qint64) {});
}

Status MergeTurnRepository::releaseAllOf(const QString &deadOwner)
{
    return m_db.run(u"DELETE FROM merge_turns WHERE lease_owner = ?"_s, deadOwner).transform([](qint64) {});
}

Status MergeTurnRepository::renew(const MergeTurn &turn, const QString &owner, qint64 nowMs, qint64 leaseMs)
{
    return m_db
        .run(
            u"UPDATE merge_turns SET lease_expires_at = ? WHERE repository = ? AND target = ? AND holder = ? "
            "AND lease_owner = ? AND lease_expires_at > ?"_s,
            nowMs + leaseMs, turn.repository, turn.target, turn.holder, owner, nowMs)
        .transform([](qint64) {});
}

} // namespace muster
