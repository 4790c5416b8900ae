// What made an event happen, as far as the log says: the answer to a request, the start of what ended, the
// step before. A rule says among which earlier events to look and which of them it is; the newest that fits
// is the cause. Pure, any thread.
#pragma once

#include "core/node/api/queries.h"

#include <functional>
#include <optional>

namespace muster {

struct CauseRule {
    api::EventFilter among;
    std::function<bool(const Event &)> isCause;
};

// nullopt: it is a beginning, or nothing is known of its kind.
[[nodiscard]] std::optional<CauseRule> causeRuleOf(const Event &event);

} // namespace muster
