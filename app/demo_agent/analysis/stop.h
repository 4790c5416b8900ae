// How work that takes long is told to stop: asked between files and while a child process runs. Any thread.
#pragma once

#include <functional>

namespace muster::demo {

using StopCheck = std::function<bool()>; // true: give up now

[[nodiscard]] inline bool stopped(const StopCheck &check) { return check && check(); }

} // namespace muster::demo
