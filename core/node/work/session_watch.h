// SessionWatch: what the watchdog makes of one look at a running task: fine, to be stopped (with the reason),
// or to be asked about. Rules only: it measures nothing and knows no clock. Values; one task each.
// Source: spec "agents", Limits and watchdog; "tasks and schedules", Turn and money budgets.
#pragma once

#include "core/events/reasons.h"
#include "core/tasks/task.h"

#include <QString>

#include <deque>
#include <optional>

namespace muster {

// 0: none.
struct WatchLimits {
    qint64 memoryBytes = 0;
    qint64 textBytesPerMinute = 0;
    int steps = 0; // messages and tool calls
    qint64 tokens = 0;
    qint64 costMicroUsd = 0;
    qint64 dayMicroUsd = 0; // of all work since midnight
};

struct WatchLook {
    qint64 atMs = 0; // Clock::monotonicMs()
    qint64 memoryBytes = 0;
    qint64 textBytes = 0; // since the session began
    TaskUsage usage;
    qint64 dayMicroUsd = 0;
};

// Details are codes with numbers, which core/viewmodel/describe_detail.cpp puts in words.
struct WatchFinding {
    enum class Kind : std::uint8_t {
        Fine,
        NearLimit, // from four fifths of a limit on, told once for each
        Runaway,
        Stop,
    };
    Kind kind = Kind::Fine;
    FailureReason reason = FailureReason::Unknown; // of Stop
    QString detail;
};

class SessionWatch {
public:
    [[nodiscard]] WatchFinding look(const WatchLook &look, const WatchLimits &limits);
    // The person says that it may go on writing: the minute begins anew.
    void forgiveText() { m_text.clear(); }

private:
    [[nodiscard]] std::optional<WatchFinding> measure(const QString &what, qint64 used, qint64 limit,
                                                      FailureReason reason);
    [[nodiscard]] bool runsAway(const WatchLook &look, qint64 limit);

    struct Sample {
        qint64 atMs = 0;
        qint64 textBytes = 0;
    };
    std::deque<Sample> m_text; // of the last minute, the oldest first
    QStringList m_told;        // of what it was said that its limit is near
};

} // namespace muster
