// Result<T>: what every fallible function of the core returns. No exceptions cross a thread, an event
// handler or a module boundary. Any thread.
#pragma once

#include "core/base/error.h"

#include <expected>
#include <utility>

namespace muster {

template <typename T> using Result = std::expected<T, Error>;

using Status = Result<void>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, QString detail = {}, QString where = {})
{
    return std::unexpected(Error{.code = code, .detail = std::move(detail), .where = std::move(where)});
}

} // namespace muster
