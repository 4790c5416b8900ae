#include "core/node/schedules/all_paused.h"

#include "core/store/project_repository.h"

namespace muster {

Result<qint64> allPausedUntil(Connection &db, qint64 nowMs)
{
    return SettingsRepository(db).get(kAllPausedKey).transform([&](const auto &stored) {
        return allPausedUntil(stored.value_or(QJsonValue()).toInteger(), nowMs);
    });
}

} // namespace muster
