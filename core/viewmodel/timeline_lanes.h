// TimelineLanes: which events of a list belong together, side by side: a lane for each step, conversation or
// session, and for each run what is of the run itself. A lane that has ended makes room for a later one, so a
// few lanes hold many steps; what is more than `most` at once shares the last. Pure; rows count from 0.
#pragma once

#include "core/events/event.h"

#include <QList>

#include <deque>

namespace muster {

struct LaneSpan {
    int lane = 0;
    int first = 0; // row of its first event in the list
    int last = 0;
    int count = 0;
    bool shared = false; // there were too many for a lane of its own
};

class TimelineLanes {
public:
    static constexpr int most = 12;

    TimelineLanes() = default;
    explicit TimelineLanes(const std::deque<Event> &events);

    [[nodiscard]] int laneCount() const { return m_laneCount; }
    // In the order of their first rows.
    [[nodiscard]] const QList<LaneSpan> &spans() const { return m_spans; }
    // nullptr: it belongs to none.
    [[nodiscard]] const LaneSpan *spanOf(int row) const;
    // The nearest row after (step > 0) or before this one in the same lane; −1: there is none.
    [[nodiscard]] int beside(int row, int step) const;

private:
    void giveLanes();

    QList<LaneSpan> m_spans;
    QList<int> m_spanOfRow; // −1: none
    int m_laneCount = 0;
};

} // namespace muster
