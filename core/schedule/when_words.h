// Plain English that says when: "weekdays at 9", "every monday 14:30", "first day of the month at noon",
// "every 15 minutes between 9 and 17 on weekdays". A word that is not known is refused, never skipped. Any
// thread.
#pragma once

#include "core/schedule/when.h"

namespace muster {

[[nodiscard]] std::expected<When, WhenProblem> readWhenWords(const QString &text);

} // namespace muster
