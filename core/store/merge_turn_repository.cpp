#include "core/store/merge_turn_repository.h"

#include "core/store/statement.h"

namespace muster {

using namespace Qt::StringLiterals;

Result<bool> MergeTurnRepository::claim(const MergeTurn &turn, const QString &owner, qint64 nowMs,
                                        qint64 leaseMs)
{
    return m_db
        .run(u"INSERT INTO merge_turns(repository, target, holder, lease_owner, lease_epoch, "
             u"lease_expires_at) "
             "VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT(repository, target) DO UPDATE SET holder = "
             "excluded.holder, "
             "lease_owner = excluded.lease_owner, lease_epoch = lease_epoch + 1, "
             "lease_expires_at = excluded.lease_expires_at "
             "WHERE lease_expires_at <= ? OR holder = excluded.holder"_s,
             turn.repository, turn.target, turn.holder, owner, nowMs + leaseMs, nowMs)
        .transform([](qint64 changed) { return changed > 0; });
}

Result<QString> MergeTurnRepository::owner(const MergeTurn &turn)
{
    return m_db
        .value<QString>(u"SELECT lease_owner FROM merge_turns WHERE repository = ? AND target = ? AND "
                        "lease_expires_at > 0"_s,
                        turn.repository, turn.target)
        .transform([](const auto &found) { return found.value_or(QString()); });
}

Status MergeTurnRepository::release(const MergeTurn &turn, const QString &owner)
{
    return m_db
        .run(
            u"UPDATE merge_turns SET lease_expires_at = 0 WHERE repository = ? AND target = ? AND holder = ? "
            "AND lease_owner = ?"_s,
            turn.repository, turn.target, turn.holder, owner)
        .transform([](qint64) {});
}

Status MergeTurnRepository::releaseAllOf(const QString &deadOwner)
{
    return m_db.run(u"UPDATE merge_turns SET lease_expires_at = 0 WHERE lease_owner = ?"_s, deadOwner)
        .transform([](qint64) {});
}

Status MergeTurnRepository::renewAll(const QString &owner, qint64 nowMs, qint64 leaseMs)
{
    return m_db
        .run(u"UPDATE merge_turns SET lease_expires_at = ? WHERE lease_owner = ? AND lease_expires_at > ?"_s,
             nowMs + leaseMs, owner, nowMs)
        .transform([](qint64) {});
}

} // namespace muster
