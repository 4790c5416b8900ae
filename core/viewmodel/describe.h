// Codes, numbers and times as sentences for people, shared by the window and the command line: the only place
// of the core with text that is translated. Plain text: never put into a rich text widget unescaped. Needs a
// QCoreApplication for translations; without one the English source text comes back. Any thread.
#pragma once

#include "core/base/error.h"
#include "core/events/reasons.h"
#include "core/node/api/values.h"

#include <QString>

#include <optional>

namespace muster {

// One sentence that says what went wrong, with the technical detail after it where there is one.
[[nodiscard]] QString describe(const Error &error);
// Short: "Timed out", "Rate limited by the provider".
[[nodiscard]] QString describe(FailureReason reason);
// The same where the detail tells that it was Muster's own end, not the agent's.
[[nodiscard]] QString describe(FailureReason reason, const QString &detail);
// What a person can do about it; empty where there is nothing to say.
[[nodiscard]] QString adviceFor(FailureReason reason);
// What a detail of ours says; another comes back as it is.
[[nodiscard]] QString describeDetail(const QString &detail);
// The same with the detail that was kept: "Not installed (no such file)", and the advice for just that.
[[nodiscard]] QString describeFailure(FailureReason reason, const QString &detail);
[[nodiscard]] QString adviceFor(FailureReason reason, const QString &detail);

// "rate limited, goes on 14:30"; empty where it does not wait for a limit.
[[nodiscard]] QString describeRest(qint64 untilMs);
// What an item of the inbox asks, in one line.
[[nodiscard]] QString describeTitle(const api::InboxInfo &item);

// What to do about a check of the set-up (api::CheckItem); an unknown code comes back as it is.
[[nodiscard]] QString describeAdvice(const QString &code);

[[nodiscard]] QString describe(RunStatus status);
[[nodiscard]] QString describe(StepStatus status);
[[nodiscard]] QString describe(TaskStatus status);
[[nodiscard]] QString describe(api::MessageStatus status);
[[nodiscard]] QString describe(api::InboxKind kind);
// "yes", "no", "timed out", "no longer asked"; empty while it is open.
[[nodiscard]] QString describeAnswer(const api::InboxInfo &item);
// Why a permission is asked for, with the path or word that it is about; empty: only that no rule allows it.
// And where it would be done; empty: it changes nothing. Both with visible marks.
[[nodiscard]] QString describeRisk(const api::InboxInfo &item);
[[nodiscard]] QString describePlace(const api::InboxInfo &item);
[[nodiscard]] QString describe(api::SwarmLoad load);
// "2 working · 1 in chat · 3 waiting for you"; empty if there is nothing.
[[nodiscard]] QString describeCounts(const api::NodeStatus &status);
// api::NodeStatus: a line of `notes`, and `pausedReason`, as sentences. Unknown ones come back as they are.
[[nodiscard]] QString describeNote(const QString &note);
[[nodiscard]] QString describePause(const QString &reason);
// State of a worktree: active, clean, ahead, dirty, merged, dropped, kept. Unknown ones come back as they
// are.
[[nodiscard]] QString describeWorktreeState(const QString &state);
[[nodiscard]] QString describeFileStatus(const QString &status);

// Name of the icon that goes with a status: resources/icons.
[[nodiscard]] QString iconFor(RunStatus status);
[[nodiscard]] QString iconFor(StepStatus status);

// "Failed: Timed out (no answer for 10 min)".
[[nodiscard]] QString describeOutcome(RunStatus status, std::optional<FailureReason> reason,
                                      const QString &detail);
[[nodiscard]] QString describeOutcome(StepStatus status, std::optional<FailureReason> reason,
                                      const QString &detail);

struct FlowProblemText {
    QString message;
    QString hint; // what to write instead; may be empty
};

[[nodiscard]] FlowProblemText describe(const api::FlowProblemInfo &problem);

// "0.4 s", "12 s", "3 min 5 s", "2 h 4 min", "3 d 2 h"; negative counts as 0.
[[nodiscard]] QString describeDuration(qint64 ms);
// "just now", "5 min ago", "3 h ago", or the date when it is more than six days ago.
[[nodiscard]] QString describeAge(qint64 thenMs, qint64 nowMs);
// Local time of a UTC stamp, with milliseconds if wished; "" for 0.
[[nodiscard]] QString describeTime(qint64 ms, bool withMilliseconds = false);
// "$0.00", "$1.23", "less than $0.01".
[[nodiscard]] QString describeMoney(qint64 microUsd);
// "950", "12.3 k", "4.6 M".
[[nodiscard]] QString describeCount(qint64 count);
// "512 bytes", "8.0 KiB", "1.4 MiB".
[[nodiscard]] QString describeBytes(qint64 bytes);

} // namespace muster
