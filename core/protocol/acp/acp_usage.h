// UsageMeter: from what an agent says of tokens and money, in its own meaning, to Usage of the turn so far.
//
// tokensIn counts all input including what came from a cache, tokensCached the part read from it, tokensOut
// all output including reasoning. Agents differ in whether they count cached input and reasoning inside the
// other numbers; their total decides (facts "agents" §5.3, recorded transcripts). One thread.
#pragma once

#include "core/events/session_event.h"
#include "core/protocol/acp/acp_quirks.h"

#include <QJsonObject>

#include <optional>

namespace muster {

class UsageMeter {
public:
    UsageMeter(UsageMeaning meaning, bool resumed);

    void turnStarted();
    // The answer to session/prompt, or a chunk's _meta. nullopt: it says nothing about tokens.
    [[nodiscard]] std::optional<Usage> fromAnswer(const QJsonObject &answer);
    // usage_update: money since the session began. nullopt: no money in it.
    [[nodiscard]] std::optional<Usage> fromUpdate(const QJsonObject &update);

private:
    UsageMeaning m_meaning;
    Usage m_turn;
    Usage m_lastTotal;
    // Money of the session before this turn; unknown after a resume until the agent says a first number.
    std::optional<qint64> m_costBefore;
    std::optional<qint64> m_lastCost;
};

} // namespace muster
