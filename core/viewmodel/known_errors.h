// Errors of which more can be said than their code: what happened, what it means, what to do.
#pragma once

#include "core/base/error.h"

#include <QLatin1StringView>

#include <span>

namespace muster {

// What is known better than its code: with this place, this detail, or both (an empty one fits any). %1 is
// the detail, %2 the place.
struct KnownError {
    ErrorCode code = ErrorCode::Internal;
    QLatin1StringView where;
    QLatin1StringView detail;
    const char *text = nullptr;
};

// By area: running again, flows and their files, schedules, tasks and pools, folders and git, keys and
// accounts, rules of permission and what agents may not. What belongs to none of them stands beside
// knownErrorText().
[[nodiscard]] std::span<const KnownError> knownRerunErrors();
[[nodiscard]] std::span<const KnownError> knownFlowErrors();
[[nodiscard]] std::span<const KnownError> knownScheduleErrors();
[[nodiscard]] std::span<const KnownError> knownTaskErrors();
[[nodiscard]] std::span<const KnownError> knownProjectErrors();
[[nodiscard]] std::span<const KnownError> knownKeyErrors();
[[nodiscard]] std::span<const KnownError> knownPermissionErrors();

// Untranslated, in the context "Describe": %1 stands for the error's detail, %2 for its place. Null: nothing
// better is known than what its code says. Any thread.
[[nodiscard]] const char *knownErrorText(const Error &error);

} // namespace muster
