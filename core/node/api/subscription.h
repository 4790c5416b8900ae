// What a client is told without asking again. Durable events come in order, each once, from the sequence
// number that the client names (it asks again with its last one after a broken connection); stream text is
// shown at once and carries its offset, so that a gap can be filled with GetStream. Any thread.
#pragma once

#include "core/node/api/queries.h"

#include <variant>

namespace muster::api {

struct Subscription {
    EventFilter filter;
    qint64 fromSeq = -1;  // events after this one; -1: only what comes from now on
    bool streams = false; // also StreamNotice of what the filter names (run, conversation, task or session)
};

struct EventsNotice {
    std::vector<Event> events;
};

struct StreamNotice {
    TaskId task;
    RunId run;
    StepRunId step;
    ConversationId conversation;
    QString channel; // text | thinking | tool
    qint64 offset = 0;
    QString text;
};

// Swarm load or counts changed; sent to every subscriber, coalesced.
struct StatusNotice {
    NodeStatus status;
};

using Notice = std::variant<EventsNotice, StreamNotice, StatusNotice>;

} // namespace muster::api
