// ReadingPause: what is typed or clicked in the first half second after a question appeared was meant for
// what stood there before, so it is no answer. Value type, GUI thread.
#pragma once

#include <QDeadlineTimer>

namespace muster {

class ReadingPause {
public:
    static constexpr int ms = 500;

    void begin() { m_end.setRemainingTime(ms); }
    [[nodiscard]] bool isOver() const { return m_end.hasExpired(); }

private:
    QDeadlineTimer m_end; // in the past until begin()
};

} // namespace muster
