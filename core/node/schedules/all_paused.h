// Until when a person has paused all schedules of a store (core/schedule/all_paused.h). Reader's or writer's
// thread.
#pragma once

#include "core/schedule/all_paused.h"
#include "core/store/connection.h"

namespace muster {

// 0: they fire.
[[nodiscard]] Result<qint64> allPausedUntil(Connection &db, qint64 nowMs);

} // namespace muster
