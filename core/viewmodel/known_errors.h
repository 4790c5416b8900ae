// Errors of which more can be said than their code: what happened, what it means, what to do.
#pragma once

#include "core/base/error.h"

namespace muster {

// Untranslated, in the context "Describe": %1 stands for the error's detail, %2 for its place. Null: nothing
// better is known than what its code says. Any thread.
[[nodiscard]] const char *knownErrorText(const Error &error);

} // namespace muster
