// The event log's record: what happened, when, to what. The sequence number is the table's INTEGER PRIMARY
// KEY (0 until stored); `kind` is a dotted name whose first word says who wrote it: session.*, step.*, run.*,
// task.*, inbox.*, permission.*, project.*, chat.*, node.*. Unknown kinds are kept and shown raw. Any thread.
#pragma once

#include "core/base/strong_id.h"
#include "core/events/session_event.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace muster {

// What an event is about; 0 where it is about no such thing.
struct EventRefs {
    ProjectId project;
    RunId run;
    StepRunId step;
    TaskId task;
    SessionId session;
    ConversationId conversation;
    InboxId inbox;

    friend bool operator==(const EventRefs &, const EventRefs &) = default;
};

struct Event {
    qint64 seq = 0;
    qint64 atMs = 0; // UTC milliseconds
    QString kind;
    EventRefs refs;
    QString source; // who caused it: person, schedule, flow, agent:<session>, node
    QJsonObject data;

    friend bool operator==(const Event &, const Event &) = default;
};

// "session.text", "session.tool_started", … for the alternative that `event` holds.
[[nodiscard]] QString kindOf(const SessionEvent &event);
[[nodiscard]] QJsonObject toJson(const SessionEvent &event);
// nullopt for an unknown kind or for data that does not fit.
[[nodiscard]] std::optional<SessionEvent> sessionEventFromJson(const QString &kind, const QJsonObject &data);

[[nodiscard]] QJsonObject toJson(const EventRefs &refs);
[[nodiscard]] EventRefs eventRefsFromJson(const QJsonObject &json);
[[nodiscard]] QJsonObject toJson(const Event &event);
[[nodiscard]] Event eventFromJson(const QJsonObject &json);

} // namespace muster
