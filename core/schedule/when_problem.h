// What is wrong with a text that should say when; core/viewmodel/describe_schedule.h turns it into sentences.
// Value type, any thread.
#pragma once

#include <QString>

#include <cstdint>

namespace muster {

enum class WhenMistake : std::uint8_t {
    Empty,
    NotUnderstood,   // `found` is the first word that fits nothing
    FieldCount,      // of a cron pattern; `found` is the number
    BadValue,        // `found` is not one of `expected`
    DescendingRange, // 10-5
    StepOfNothing,   // a step that does not follow * or a range
    StepOfZero,
    NotAlone,    // W in a list or range, a nickname with more behind it
    MarkNotHere, // `found` means nothing in this field
    RebootNotSupported,
    BadTime, // of day
    BadDate,
    TimesDoNotFit,    // several times a day that one pattern cannot hold: 9:00 and 17:30
    DoesNotFit,       // understood by itself, but not together with what stands before it
    IntervalTooShort, // below one second
    IntervalTooLong,  // over a year
    MissingTime,      // a word that a time of day should follow
};

struct WhenProblem {
    WhenMistake mistake = WhenMistake::NotUnderstood;
    qsizetype position = 0; // in the text, in characters from 0
    QString found;
    QString expected; // for example "0-59"; may be empty

    friend bool operator==(const WhenProblem &, const WhenProblem &) = default;
};

} // namespace muster
