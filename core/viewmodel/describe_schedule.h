// When something is due, and what is wrong with a text that should say it, in sentences for people. Any
// thread.
#pragma once

#include "core/schedule/when.h"

namespace muster {

// What happened, with the place marked by its column (from 1), and what to write instead.
[[nodiscard]] QString describe(const WhenProblem &problem);
// Of an error about `when`: mistake, position, found and expected, each on its own line.
[[nodiscard]] WhenProblem whenProblemFrom(const QString &detail);
// Texts that are understood, to show beside a refusal.
[[nodiscard]] QStringList whenExamples();
// The same as a sentence.
[[nodiscard]] QString describeWhenExamples();

// "Monday to Friday at 09:00"; what words would only make longer is told as its pattern.
[[nodiscard]] QString describe(const When &when, const QTimeZone &zone);
// The same of a text; empty: it is not understood, or that is no zone.
[[nodiscard]] QString describeReading(const QString &when, const QString &zone);

// In this zone: "Mon 23 Nov, 09:00", with the year where it is another, and seconds where there are some.
[[nodiscard]] QString describeMoment(qint64 ms, qint64 nowMs,
                                     const QTimeZone &zone = QTimeZone::systemTimeZone());
// "in 12 min", "in 40 s", "now".
[[nodiscard]] QString describeUntil(qint64 ms, qint64 nowMs);
// For how many milliseconds that is so still; nullopt: for ever.
[[nodiscard]] std::optional<qint64> untilHoldsFor(qint64 ms, qint64 nowMs);
// Both of each, a line for each.
[[nodiscard]] QStringList describeTimes(const std::vector<qint64> &times, qint64 nowMs);
// "As cron: 0 9 * * 1-5"; empty: it has no such form.
[[nodiscard]] QString describeCron(const QString &cron);

} // namespace muster
