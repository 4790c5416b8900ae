// The words of a text that says when, and what single words can mean: days, months, ordinals, times of day.
// Any thread.
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace muster {

struct WhenWord {
    QString text; // lower case
    qsizetype position = 0;
};

// Words, numbers and times; commas are left out, "mon-fri" becomes three words.
[[nodiscard]] std::vector<WhenWord> whenWords(const QString &text);

[[nodiscard]] std::optional<int> weekdayFromWord(const QString &word); // 0 is Sunday
[[nodiscard]] std::optional<int> monthFromWord(const QString &word);   // 1 to 12
// "first", "3rd", "21st": 1 to 31; "last": 0.
[[nodiscard]] std::optional<int> ordinalFromWord(const QString &word);
[[nodiscard]] std::optional<int> numberFromWord(const QString &word); // 0 to 9999
// 0: second, 1: minute, 2: hour, 3: day, 4: week.
[[nodiscard]] std::optional<int> unitFromWord(const QString &word);

struct TimeOfDay {
    int hour = 0;
    int minute = 0;

    friend bool operator==(const TimeOfDay &, const TimeOfDay &) = default;
};

// "9", "9:30", "14.30", "9am", "noon"; `half` is a following "am" or "pm", or empty. A bare number counts
// only where `bareNumber` says that a time is expected.
[[nodiscard]] std::optional<TimeOfDay> timeFromWord(const QString &word, const QString &half,
                                                    bool bareNumber);
[[nodiscard]] bool isHalfOfDay(const QString &word);

} // namespace muster
