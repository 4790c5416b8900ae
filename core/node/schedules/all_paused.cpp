#include "core/node/schedules/all_paused.h"

#include "core/store/project_repository.h"

namespace muster {

namespace {

constexpr qint64 longestMs = 366LL * 24 * 3600 * 1000;

} // namespace

Result<qint64> allPausedUntil(Connection &db, qint64 nowMs)
{
    return SettingsRepository(db).get(kAllPausedKey).transform([&](const auto &stored) -> qint64 {
        const qint64 until = stored.value_or(QJsonValue()).toInteger();
        return until > nowMs && until <= nowMs + longestMs ? until : 0;
    });
}

} // namespace muster
