// Stands between the node and an agent: adopts what the agent orphans, ends it all when the agent ends or
// when the node dies, however it dies, and passes on how the agent ended.
#pragma once

#include "app/guard/options.h"

namespace muster::guard {

[[nodiscard]] int runLifeline(const Options &options);

} // namespace muster::guard
