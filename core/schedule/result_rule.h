// Which results of a schedule its person is told. Pure, any thread. Source: spec "tasks and schedules",
// Schedule (quiet by choice).
#pragma once

#include "core/events/schedule_words.h"

#include <QString>

namespace muster {

// `result` and `before` stand for how this firing and the one before it ended (FiringRow::result); empty: it
// was stopped by somebody, or there was none. What was stopped is no news to who wants only news; the first
// result is.
[[nodiscard]] inline bool isTold(ResultNotice notice, FiringStatus status, const QString &result,
                                 const QString &before)
{
    switch (notice) {
    case ResultNotice::Always:
        return true;
    case ResultNotice::Change:
        return !result.isEmpty() && result != before;
    case ResultNotice::Failure:
        return !result.isEmpty() && status != FiringStatus::Completed;
    case ResultNotice::Never:
        break;
    }
    return false;
}

} // namespace muster
