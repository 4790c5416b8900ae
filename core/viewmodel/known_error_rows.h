// A row of the tables of known errors, and how one is found. Not for others than known_errors*.cpp.
#pragma once

#include "core/base/error.h"

#include <QLatin1StringView>

#include <algorithm>

namespace muster {

// What is known better than its code: with this place, this detail, or both (an empty one fits any). %1 is
// the detail, %2 the place.
struct KnownError {
    ErrorCode code = ErrorCode::Internal;
    QLatin1StringView where;
    QLatin1StringView detail;
    const char *text = nullptr;
};

// Null: there is none.
template <typename Table> const char *textIn(const Table &table, const Error &error)
{
    const auto row = std::ranges::find_if(table, [&](const KnownError &known) {
        return known.code == error.code && (known.where.isEmpty() || known.where == error.where) &&
               (known.detail.isEmpty() || known.detail == error.detail);
    });
    return row == std::ranges::end(table) ? nullptr : row->text;
}

[[nodiscard]] const char *flowErrorText(const Error &error);

} // namespace muster
