// What one task may use: the first that says something of dollars wins, the task or step itself (which a
// schedule or the defaults of a flow may have said), then its project, then the settings, then what comes
// with Muster. Pure; values. Source: spec "tasks and schedules", Turn and money budgets.
#pragma once

#include "core/node/projects/project_settings.h"
#include "core/node/work/session_watch.h"
#include "core/node/work/task_data.h"

namespace muster {

struct TaskLimits {
    WatchLimits watch;
    // A person has set a cap in dollars that holds for it: an agent of which nobody knows the price is not
    // asked. Where only Muster's own cap holds, that of tokens does.
    bool personsCap = false;
};

// `settings`: of the person, without the task's own; 0: not set.
[[nodiscard]] TaskLimits limitsOf(const TaskData &data, TaskSource source, const ProjectSettings &project,
                                  const WatchLimits &settings);

} // namespace muster
