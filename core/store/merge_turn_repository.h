// Whose turn it is to move a branch: one at a time, over all processes on the store. A claim is one
// statement; one that has not been renewed is void. Thread of the connection; writes on the writer.
#pragma once

#include "core/store/connection.h"

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

    // False: it is somebody else's turn.
    [[nodiscard]] Result<bool> claim(const MergeTurn &turn, const QString &owner, qint64 nowMs,
                                     qint64 leaseMs);
    // The process that has it now; empty: none.
    [[nodiscard]] Result<QString> owner(const MergeTurn &turn);
    [[nodiscard]] Status release(const MergeTurn &turn, const QString &owner);
    [[nodiscard]] Status releaseAllOf(const QString &deadOwner);
    [[nodiscard]] Status renewAll(const QString &owner, qint64 nowMs, qint64 leaseMs);

private:
    Connection &m_db;
};

} // namespace muster
