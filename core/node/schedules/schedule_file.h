// The file of a schedule: NAME.schedule.yaml in the folder `schedules` of a project
// (docs/schedule-format.md). Read with the place of every mistake. Reads files: call it on a worker thread.
// Value types.
#pragma once

#include "core/flow/problem_codes.h"
#include "core/node/api/schedule_values.h"

#include <QByteArray>

namespace muster {

inline constexpr auto kScheduleFolder = "schedules";

struct ScheduleFile {
    QString path;                          // in the project
    std::optional<api::ScheduleSpec> spec; // absent if there is any problem
    std::vector<api::FlowProblemInfo> problems;
};

[[nodiscard]] ScheduleFile parseScheduleFile(const QByteArray &text, const QString &path);
// Those of a project's folder, by name; of two with one name the second has a problem.
[[nodiscard]] std::vector<ScheduleFile> readScheduleFiles(const QString &projectRoot);
// Changes whenever a file there does, without reading one.
[[nodiscard]] QByteArray stampOfScheduleFiles(const QString &projectRoot);

} // namespace muster
