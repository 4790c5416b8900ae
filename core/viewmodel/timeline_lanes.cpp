#include "core/viewmodel/timeline_lanes.h"

#include <QHash>

#include <algorithm>

namespace muster {
namespace {

enum class Of : quint8 { Nothing, Step, Conversation, Session, Run };

std::pair<Of, qint64> keyOf(const EventRefs &refs)
{
    if (refs.step.isValid())
        return {Of::Step, refs.step.value};
    if (refs.conversation.isValid())
        return {Of::Conversation, refs.conversation.value};
    if (refs.session.isValid())
        return {Of::Session, refs.session.value};
    if (refs.run.isValid())
        return {Of::Run, refs.run.value};
    return {Of::Nothing, 0};
}

} // namespace

TimelineLanes::TimelineLanes(const std::deque<Event> &events)
{
    QHash<std::pair<Of, qint64>, int> known;
    m_spanOfRow.reserve(static_cast<qsizetype>(events.size()));
    int row = 0;
    for (const Event &event : events) {
        const auto key = keyOf(event.refs);
        int span = key.first == Of::Nothing ? -1 : known.value(key, -1);
        if (span < 0 && key.first != Of::Nothing) {
            span = static_cast<int>(m_spans.size());
            known.insert(key, span);
            m_spans.append({.first = row});
        }
        if (span >= 0) {
            m_spans[span].last = row;
            ++m_spans[span].count;
        }
        m_spanOfRow.append(span);
        ++row;
    }
    giveLanes();
}

void TimelineLanes::giveLanes()
{
    QList<int> freeFrom; // by lane: the row from which it is free
    for (LaneSpan &span : m_spans) {
        const auto found = std::ranges::find_if(freeFrom, [&](int from) { return from <= span.first; });
        span.lane = static_cast<int>(found - freeFrom.begin());
        span.shared = span.lane >= most;
        if (span.shared)
            span.lane = most - 1;
        else if (found == freeFrom.end())
            freeFrom.append(span.last + 1);
        else
            *found = span.last + 1;
        m_laneCount = std::max(m_laneCount, span.lane + 1);
    }
}

const LaneSpan *TimelineLanes::spanOf(int row) const
{
    const int span = m_spanOfRow.value(row, -1);
    return span < 0 ? nullptr : &m_spans.at(span);
}

int TimelineLanes::beside(int row, int step) const
{
    const int span = m_spanOfRow.value(row, -1);
    for (int at = row + step; span >= 0 && at >= 0 && at < m_spanOfRow.size(); at += step) {
        if (m_spanOfRow.at(at) == span)
            return at;
    }
    return -1;
}

} // namespace muster
