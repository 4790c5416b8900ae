// ClaudeUsage: from what a stream-JSON agent says of tokens and money to Usage of the turn so far.
//
// While a turn runs, the calls that it made are added up; its result then says the truth: by
// `model_usage_since_last_result` where the agent gives it (it counts side calls, and is right after a
// resume, where total_cost_usd goes on from the earlier process), else by usage and the growth of the totals.
// tokensIn counts all input including what was read from or written to a cache. One thread.
#pragma once

#include "core/events/session_event.h"
#include "core/protocol/claude/stream_json_quirks.h"

#include <QHash>
#include <QJsonObject>

#include <optional>

namespace muster {

class ClaudeUsage {
public:
    explicit ClaudeUsage(const StreamJsonQuirks &quirks);

    // The totals of a resumed session start at what nobody told us.
    void opened(bool resumed);
    void turnStarted();
    // `usage` of one call to the model, as far as it has come. nullopt: nothing new.
    [[nodiscard]] std::optional<Usage> fromCall(const QString &messageId, const QJsonObject &usage);
    [[nodiscard]] std::optional<Usage> fromResult(const QJsonObject &result);

private:
    [[nodiscard]] std::optional<Usage> sinceLast(const QJsonObject &result) const;
    void takeTokens(const QJsonObject &result);
    void takeCost(const QJsonObject &result);

    UsageMeaning m_meaning;
    bool m_reportsCost;
    QHash<QString, Usage> m_calls; // of this turn
    Usage m_turn;
    std::optional<Usage> m_totalBefore;
    std::optional<qint64> m_costBefore; // µUSD
};

} // namespace muster
