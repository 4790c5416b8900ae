// Schedules that would fire close together, and what those that are alike took: for the form, before anything
// is saved. Nothing here blocks. Pure, any thread. Source: spec "tasks and schedules", Collision warning and
// Calibration.
#pragma once

#include "core/schedule/firing.h"

#include <QStringList>

namespace muster {

inline constexpr qint64 kCollisionWindowMs = 300'000;
inline constexpr qint64 kCollisionLookMs = 24LL * 3600 * 1000;
inline constexpr int kCollisionSteps = 3000; // of all that meet; more is worth a word
inline constexpr int kFewestAlike = 3;

struct PlannedSchedule {
    QString name;
    When when;
    QTimeZone zone;
    qint64 anchorMs = 0;
    int steps = 0; // on average; 0: not known
};

struct Shift {
    int minutes = 0;
    QString when;        // to write; empty: the anchor does it
    qint64 anchorMs = 0; // of an interval
};

struct Collision {
    QStringList names;  // of the others
    qint64 firstMs = 0; // the start of the window
    int steps = 0;
    std::optional<Shift> shift; // the smallest without one, of those that can be written
};

[[nodiscard]] std::optional<Collision>
findCollision(const PlannedSchedule &schedule, const std::vector<PlannedSchedule> &others, qint64 nowMs);

// The same pattern some minutes later, where a pattern can say that: within its hour, or with it, but never
// into another day.
[[nodiscard]] std::optional<QString> shiftedPattern(const CronPattern &pattern, int minutes);

struct PastFiring {
    QString text; // its prompt, or the name of its flow
    int steps = 0;
};

struct Calibration {
    int firings = 0;
    int steps = 0; // on average
};

// Those whose text has at least half of its words in common with `text`; none: fewer than three.
[[nodiscard]] std::optional<Calibration> calibrate(const QString &text, const std::vector<PastFiring> &past);

} // namespace muster
