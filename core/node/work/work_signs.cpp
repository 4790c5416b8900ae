#include "core/node/work/work_signs.h"

namespace muster {

void WorkSigns::begin(qint64 nowMs)
{
    *this = {};
    m_lastMs = nowMs;
}

void WorkSigns::hear(const SessionEvent &event, qint64 nowMs)
{
    if (isProgress(event))
        m_lastMs = nowMs;
    if (const auto *started = std::get_if<ToolStarted>(&event))
        m_tools.emplaceBack(started->toolId, started->title);
    else if (const auto *finished = std::get_if<ToolFinished>(&event))
        m_tools.removeIf([&](const auto &tool) { return tool.first == finished->toolId; });
}

// Numbers that have not grown tell only that somebody counted again.
bool WorkSigns::isProgress(const SessionEvent &event)
{
    if (const auto *usage = std::get_if<Usage>(&event)) {
        const qint64 tokens = usage->tokensIn + usage->tokensOut;
        return std::exchange(m_tokens, tokens) != tokens;
    }
    return !std::holds_alternative<RateLimited>(event) && !std::holds_alternative<SessionWarning>(event);
}

void WorkSigns::setWaits(bool forPerson, qint64 nowMs)
{
    if (m_waits && !forPerson)
        m_lastMs = nowMs; // the person's answer sets it going again
    m_waits = forPerson;
}

api::WorkState WorkSigns::state(const Look &look) const
{
    if (look.isEnding)
        return api::WorkState::Ending;
    if (m_waits)
        return api::WorkState::WaitingForYou;
    if (look.heldBack)
        return api::WorkState::Blocked;
    if (look.stallMs > 0 && look.nowMs - m_lastMs >= look.stallMs)
        return api::WorkState::Stalled;
    return api::WorkState::Working;
}

} // namespace muster
