// Lease: the right to work on a row until a moment, unless renewed. Each claim raises the epoch; every write
// of a holder carries it, and no row changed means: the lease is lost, stop and write nothing. Value type.
#pragma once

#include <QString>
#include <QtTypes>

namespace muster {

struct Lease {
    QString owner;          // machine, boot, process and its start time; empty: nobody's
    qint64 epoch = 0;       // grows with every claim of the row
    qint64 expiresAtMs = 0; // UTC milliseconds; 0: nobody's

    friend bool operator==(const Lease &, const Lease &) = default;
};

} // namespace muster
