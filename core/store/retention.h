// Retention: deletes what is older than the settings, in batches small enough not to be felt, and takes it
// out of the text index first. Writer only.
#pragma once

#include "core/store/connection.h"

namespace muster {

struct Retention {
    qint64 streamMs = 30LL * 24 * 3600 * 1000;
    qint64 eventMs = 90LL * 24 * 3600 * 1000;
    qint64 firingMs = 30LL * 24 * 3600 * 1000; // of schedules; what became of their times: as events
    int batch = 2000;                          // rows of each kind at a time
};

// One batch; whether there may be more.
[[nodiscard]] Result<bool> pruneBatch(Connection &db, const Retention &retention, qint64 nowMs);

} // namespace muster
