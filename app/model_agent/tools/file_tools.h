// Does what a plan says with files: read, list, search, write. Never outside the workspace, also if a link
// was swapped in since the plan was made. Worker threads; `stop` ends a search early.
#pragma once

#include "app/model_agent/tools/tool_plan.h"

#include <atomic>

namespace muster::model {

struct ToolAnswer {
    bool failed = false;
    QString text;
};

[[nodiscard]] ToolAnswer performFileTool(const QString &workspace, const ToolPlan &plan,
                                         const std::atomic_bool &stop);

} // namespace muster::model
