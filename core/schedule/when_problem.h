// What is wrong with a text that should say when; core/viewmodel/describe_schedule.h turns it into sentences.
// Value type, any thread.
#pragma once

#include "core/base/enum_names.h"

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

template <> struct EnumNames<WhenMistake> {
    static constexpr std::array table{std::pair{WhenMistake::Empty, "empty"},
                                      std::pair{WhenMistake::NotUnderstood, "not_understood"},
                                      std::pair{WhenMistake::FieldCount, "field_count"},
                                      std::pair{WhenMistake::BadValue, "bad_value"},
                                      std::pair{WhenMistake::DescendingRange, "descending_range"},
                                      std::pair{WhenMistake::StepOfNothing, "step_of_nothing"},
                                      std::pair{WhenMistake::StepOfZero, "step_of_zero"},
                                      std::pair{WhenMistake::NotAlone, "not_alone"},
                                      std::pair{WhenMistake::MarkNotHere, "mark_not_here"},
                                      std::pair{WhenMistake::RebootNotSupported, "reboot_not_supported"},
                                      std::pair{WhenMistake::BadTime, "bad_time"},
                                      std::pair{WhenMistake::BadDate, "bad_date"},
                                      std::pair{WhenMistake::TimesDoNotFit, "times_do_not_fit"},
                                      std::pair{WhenMistake::DoesNotFit, "does_not_fit"},
                                      std::pair{WhenMistake::IntervalTooShort, "interval_too_short"},
                                      std::pair{WhenMistake::IntervalTooLong, "interval_too_long"},
                                      std::pair{WhenMistake::MissingTime, "missing_time"}};
};

struct WhenProblem {
    WhenMistake mistake = WhenMistake::NotUnderstood;
    qsizetype position = 0; // in the text, in characters from 0
    QString found;
    QString expected; // for example "0-59"; may be empty

    friend bool operator==(const WhenProblem &, const WhenProblem &) = default;
};

} // namespace muster
