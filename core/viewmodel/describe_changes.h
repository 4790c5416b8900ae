// What a merge or a drop would do and why it was refused, as sentences. Plain text. Any thread.
#pragma once

#include "core/base/error.h"
#include "core/node/api/values.h"

#include <optional>

namespace muster {

// Why a worktree was not merged or dropped, and what to do.
struct EndingProblem {
    QString text;
    QString advice;
    QStringList files; // in conflict, in the way, or nested repositories
};

// None: the error is of another kind, see describe(const Error &).
[[nodiscard]] std::optional<EndingProblem> describeEndingProblem(const Error &error);

// What is lost or set aside when this worktree is dropped; empty list: nothing.
[[nodiscard]] QStringList lossesOfDropping(const api::WorktreeInfo &worktree);

} // namespace muster
