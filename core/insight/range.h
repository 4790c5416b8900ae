// Range: what something will be at the least, most likely, and at the most. Value type.
#pragma once

#include <QtTypes>

#include <algorithm>
#include <vector>

namespace muster {

struct Range {
    qint64 low = 0;
    qint64 likely = 0;
    qint64 high = 0;

    friend bool operator==(const Range &, const Range &) = default;
    Range &operator+=(const Range &other)
    {
        low += other.low;
        likely += other.likely;
        high += other.high;
        return *this;
    }
};

// The least, the middle and the most of what was seen; nothing is all 0.
[[nodiscard]] inline Range rangeOf(std::vector<qint64> seen)
{
    if (seen.empty())
        return {};
    std::ranges::sort(seen);
    return {.low = seen.front(), .likely = seen[seen.size() / 2], .high = seen.back()};
}

} // namespace muster
