// All schedules at once, paused by a person until a moment, which is a setting: until then a pass fires
// nothing, and afterwards what went by is missed like what was slept through. A moment over a year away is
// none: the clock was set back since. Reader's or writer's thread.
#pragma once

#include "core/store/connection.h"

namespace muster {

inline constexpr auto kAllPausedKey = QLatin1StringView("schedules.paused_until");

// 0: they fire.
[[nodiscard]] Result<qint64> allPausedUntil(Connection &db, qint64 nowMs);

} // namespace muster
