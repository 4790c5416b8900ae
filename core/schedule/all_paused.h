// All schedules at once, paused by a person until a moment, which is a setting: until then a pass fires
// nothing, and afterwards what went by is missed like what was slept through. Pure, any thread.
#pragma once

#include <QLatin1StringView>

namespace muster {

// A moment in UTC milliseconds; 0: they fire.
inline constexpr auto kAllPausedKey = QLatin1StringView("schedules.paused_until");

// Until when none fires, by the setting; 0: they fire. A moment over a year away is none: the clock was set
// back since.
[[nodiscard]] constexpr qint64 allPausedUntil(qint64 settingMs, qint64 nowMs)
{
    constexpr qint64 longestMs = 366LL * 24 * 3600 * 1000;
    return settingMs > nowMs && settingMs <= nowMs + longestMs ? settingMs : 0;
}

} // namespace muster
