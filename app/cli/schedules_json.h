// What muster schedules prints with --json, as docs/cli.md says: times in ISO 8601 UTC or null, money in USD.
#pragma once

#include "core/node/api/schedule_values.h"

#include <QJsonObject>

namespace muster::app {

[[nodiscard]] QJsonObject scheduleJson(const api::ScheduleInfo &schedule);
[[nodiscard]] QJsonObject scheduleDetailJson(const api::ScheduleDetail &detail);
// `json` and until when all are paused; 0: they fire.
[[nodiscard]] QJsonObject withSchedulePause(QJsonObject json, qint64 untilMs);
[[nodiscard]] QJsonObject scheduleProblemJson(const api::ScheduleFileProblem &problem);

} // namespace muster::app
