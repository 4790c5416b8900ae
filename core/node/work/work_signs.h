// WorkSigns: how a piece of work does and when it last got on, from its process, what it says, its tools and
// what it counts, together. That a provider was asked again, or warned, is no progress. Rules only: they know
// no clock; times are Clock::monotonicMs(). Values; one task each. Source: spec "agents", State that is true.
#pragma once

#include "core/events/session_event.h"
#include "core/node/api/values.h"

namespace muster {

class WorkSigns {
public:
    void begin(qint64 nowMs);
    void hear(const SessionEvent &event, qint64 nowMs);
    void gotOn(qint64 nowMs) { m_lastMs = nowMs; }
    void setWaits(bool forPerson, qint64 nowMs);

    struct Look {
        qint64 nowMs = 0;
        qint64 stallMs = 0;    // silence from which on it is stalled; 0: it never is
        bool isEnding = false; // its process is being stopped
        bool heldBack = false; // it may not go on before the store has taken what it said
    };
    [[nodiscard]] api::WorkState state(const Look &look) const;
    [[nodiscard]] qint64 lastMs() const { return m_lastMs; }
    // Of the last that is under way; empty: none is.
    [[nodiscard]] QString tool() const { return m_tools.isEmpty() ? QString() : m_tools.last().second; }

private:
    [[nodiscard]] bool isProgress(const SessionEvent &event);

    qint64 m_lastMs = 0;
    qint64 m_tokens = 0;
    bool m_waits = false;
    QList<std::pair<QString, QString>> m_tools; // id and title
};

} // namespace muster
