// How many tasks the machine can bear to begin. Pure; any thread. Source: spec "tasks and schedules",
// Admission.
#pragma once

#include "core/tasks/task_ports.h"

namespace muster {

struct MachineLook {
    qint64 freeMemoryBytes = -1; // that programs may still take; -1: not known
    qint64 freeDiskBytes = -1;   // where the home is
    double load = -1;            // of the last minute, for each processor
};

struct AdmissionLimits {
    qint64 memoryBytes = 1LL << 30; // stays free beside what a session takes; 0: it does not count
    qint64 diskBytes = 2LL << 30;
    double load = 0; // for each processor; 0: it does not count
};

// `sessionBytes`: what a session usually takes. `unseen`: begun so short ago that the look does not show what
// they take.
[[nodiscard]] Room roomFor(const MachineLook &look, const AdmissionLimits &limits, qint64 sessionBytes,
                           int unseen);

} // namespace muster
