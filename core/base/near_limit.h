// From where on a person is told that a limit is near: four fifths of it, up to the next whole, in whatever
// it counts. Any thread. Source: spec "tasks and schedules", deadlines and budgets.
#pragma once

#include <QtGlobal>

namespace muster {

[[nodiscard]] constexpr qint64 nearLimit(qint64 limit) { return limit - limit / 5; }

} // namespace muster
