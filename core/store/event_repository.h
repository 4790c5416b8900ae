// The event log: append, and slices around a sequence number. Sequence numbers grow with every event and are
// never used again, also not by another process. Thread of the connection; append on the writer only.
#pragma once

#include "core/events/event.h"
#include "core/store/connection.h"

#include <span>

namespace muster {

struct EventFilter {
    EventRefs refs;    // every id that is set must match
    QStringList kinds; // each a whole kind or a prefix that ends in '.', any of them; empty: all
    QString text;      // words that must all occur (full text; see SearchIndex for how far behind)
    qint64 fromMs = 0; // 0: no bound
    qint64 toMs = 0;   // exclusive; 0: no bound
};

enum class SliceDirection : std::uint8_t { Newer, Older };

struct EventSlice {
    qint64 seq = 0; // exclusive; 0 with Older: from the newest, 0 with Newer: from the first
    SliceDirection direction = SliceDirection::Newer;
    int limit = 500; // 1 to 10 000
};

class EventRepository {
public:
    explicit EventRepository(Connection &db)
        : m_db(db)
    {
    }

    // Gives the event its sequence number.
    [[nodiscard]] Result<qint64> append(const Event &event);
    // Sets `seq` of each.
    [[nodiscard]] Status append(std::span<Event> events);

    // Always in ascending order of sequence number.
    [[nodiscard]] Result<std::vector<Event>> slice(const EventFilter &filter, const EventSlice &slice);
    [[nodiscard]] Result<qint64> lastSeq(); // 0: none yet
    // Events that match; counts no further than `limit`.
    [[nodiscard]] Result<qint64> count(const EventFilter &filter, qint64 limit);

private:
    Connection &m_db;
};

} // namespace muster
