// AgentOrigin: on whose behalf a caller with the role of an agent asks: the session whose tree it is in, with
// that session's task, run and conversation; or only the name it gives itself, where it is in none. What it
// asks carries this into the event log and the audit. Thread of the connection.
#pragma once

#include "core/events/event.h"
#include "core/node/link/backend.h"
#include "core/store/connection.h"

namespace muster {

struct AgentOrigin {
    QString by;     // agent:<session>, else agent:<name of the client>
    QString client; // as it names itself
    EventRefs refs; // project, run, task, session, conversation; none of them outside of a session
    QString profile;
    QString title;           // of its task, for people
    bool unattended = false; // nobody is there to be asked
};

[[nodiscard]] Result<AgentOrigin> originOf(Connection &db, const Caller &caller);
// For an event's data.
[[nodiscard]] QJsonObject toJsonObjectOf(const AgentOrigin &origin);

} // namespace muster
