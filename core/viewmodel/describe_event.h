// Events of the log as words for people: a short name of the kind, one sentence of what happened, the icon
// and the tone that go with it. A kind that is not known keeps its raw name and its data. Plain text; one
// line each, of at most `maxSentence` characters. Any thread.
#pragma once

#include "core/events/event.h"

#include <QList>

namespace muster {

inline constexpr qsizetype maxSentence = 400;

// How an event is to be taken; shown by icon and word, and by colour on top.
enum class EventTone : std::uint8_t { Plain, Good, Bad, Waiting, Running };

// "Step started", "Permission asked".
[[nodiscard]] QString describeEventKind(const QString &kind);
// "write[2], attempt 1: Timed out (no answer for 10 min)".
[[nodiscard]] QString describeEvent(const Event &event);
// "you", "agent 12", "a schedule".
[[nodiscard]] QString describeSource(const QString &source);
// Name of an icon in resources/icons.
[[nodiscard]] QString iconForEvent(const QString &kind);
[[nodiscard]] EventTone toneOf(const Event &event);

// The step that an event names in its data, with item and without the attempt: "read[3]"; empty: none.
[[nodiscard]] QString stepNameOf(const Event &event);

// What a person filters by: several kinds under one word.
struct EventGroup {
    QString id;
    QString label;
    QString icon;
    QStringList kinds; // prefixes as in api::EventFilter
};

[[nodiscard]] QList<EventGroup> eventGroups();

} // namespace muster
