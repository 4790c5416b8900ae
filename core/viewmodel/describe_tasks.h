// The queue, its pools and what runs, in words. Plain text. Any thread.
#pragma once

#include "core/base/error.h"
#include "core/node/api/values.h"

#include <QString>

#include <optional>

namespace muster {

// "waits for a slot of “opus”, about 3 min", "too little memory is free, looked at again at 14:30".
[[nodiscard]] QString describeHeldBack(const api::QueuedInfo &task, qint64 nowMs);
// Why nothing begins on this machine; empty: it does.
[[nodiscard]] QString describeHeldBack(const api::NodeStatus &status);
// "about 3 min", "any moment", "not known".
[[nodiscard]] QString describeWaitFor(qint64 momentMs, qint64 nowMs);
// "Begins in about 3 min, at 14:05", "When it begins is not known".
[[nodiscard]] QString describeExpected(const api::QueuedInfo &task, qint64 nowMs);
// "312 of 800 steps"; `most` 0: "312 steps", and empty for none.
[[nodiscard]] QString describeSteps(int steps, int most);
// What started it: "Flow", "Started by hand".
[[nodiscard]] QString describeStarter(const QString &source);
// "Review of the parser · 4 min 12 s · 312 of 800 steps".
[[nodiscard]] QString describeRunning(const api::RunningInfo &task, qint64 nowMs);
// Up to three that run, a line each, and "+2 more"; empty for nothing.
[[nodiscard]] QString describeForemost(const api::NodeStatus &status, qint64 nowMs);
// What the swarm does in one line: "At capacity · 2 working · 3 queued", "1 working", "Quiet".
[[nodiscard]] QString describeLoad(const api::NodeStatus &status);
// The same with those that run, a line each, and why nothing new begins: for a tooltip.
[[nodiscard]] QString describeLoadWhole(const api::NodeStatus &status, qint64 nowMs);
// To one who writes in a chat while it is at capacity: how much runs and waits, and that the chat goes first;
// empty: it is not.
[[nodiscard]] QString describeOverload(const api::NodeStatus &status);
// RunTaskNow or RunScheduleNow was refused because it is full.
[[nodiscard]] bool isAtCapacity(const Error &error);
// The same as a sentence: "At capacity: a slot of “scheduled” frees in about 40 s."; none: the error is
// another.
[[nodiscard]] std::optional<QString> describeAtCapacity(const Error &error, qint64 nowMs);
// "2 of 3 slots, 4 waiting", "5 running, no cap".
[[nodiscard]] QString describePool(const api::PoolInfo &pool);

} // namespace muster
