// Whose turn it is to move a branch: one at a time, over all processes on the store, in the order in which
// they came. Who waits has a place in the queue, and the first of it has the turn; a place that is not
// renewed is lost, so nobody who comes back gets in front of another. Thread of the connection; writes in one
// transaction on the writer.
#pragma once

#include "core/store/connection.h"

#include <vector>

namespace muster {

struct MergeTurn {
    QString repository; // its common git directory
    QString target;     // the branch, as a full ref
    QString holder;     // the act; the same one may take its turn again

    friend bool operator==(const MergeTurn &, const MergeTurn &) = default;
};

class MergeTurnRepository {
public:
    explicit MergeTurnRepository(Connection &db)
        : m_db(db)
    {
    }

    // Takes a place, or keeps it. False: others are ahead.
    [[nodiscard]] Result<bool> claim(const MergeTurn &turn, const QString &owner, qint64 nowMs,
                                     qint64 leaseMs);
    // The processes that have or wait for it before the turn's holder.
    [[nodiscard]] Result<std::vector<QString>> ahead(const MergeTurn &turn);
    [[nodiscard]] Status release(const MergeTurn &turn, const QString &owner);
    [[nodiscard]] Status releaseAllOf(const QString &deadOwner);
    [[nodiscard]] Status renew(const MergeTurn &turn, const QString &owner, qint64 nowMs, qint64 leaseMs);

private:
    Connection &m_db;
};

} // namespace muster
