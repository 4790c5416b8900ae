// What a project says of the limits of the work in it: the file .muster/settings.yaml in its folder, which
// can be committed (docs/cli.md, config). It counts only while the project is trusted, of which it is a part.
// Keys are those of the node's settings; what cannot be read is left out and named. Value types.
#pragma once

#include "core/base/async.h"
#include "core/flow/problem_codes.h"

#include <QByteArray>
#include <QMap>

#include <optional>

namespace muster {

inline constexpr auto kProjectSettingsFile = ".muster/settings.yaml";

// Absent: the project says nothing of it.
struct ProjectSettings {
    std::optional<qint64> costMicroUsd; // budget.max_cost_per_task
    std::optional<qint64> tokens;       // budget.max_tokens_per_task
    std::optional<int> steps;           // agent.max_turns

    // By the key of the setting, in its unit.
    [[nodiscard]] QMap<QString, QJsonValue> values() const;
};

struct ProjectSettingsFile {
    ProjectSettings settings;
    FlowProblems problems;
};

[[nodiscard]] ProjectSettingsFile parseProjectSettings(const QByteArray &text);
// Nothing where there is no such file, or a link. Call it on a worker thread.
[[nodiscard]] ProjectSettingsFile readProjectSettings(const QString &projectRoot);
// Those that count; nothing of a project that is not trusted.
[[nodiscard]] Async<ProjectSettings> settingsOf(QString projectRoot, bool trusted);

} // namespace muster
