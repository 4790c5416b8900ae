#include "core/protocol/claude/claude_usage.h"

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxCalls = 4096; // of one turn that are told apart
constexpr qint64 maxTokens = 1'000'000'000'000;

qint64 count(const QJsonObject &json, QLatin1StringView key)
{
    return std::clamp<qint64>(json.value(key).toInteger(), 0, maxTokens);
}

std::optional<qint64> microUsd(const QJsonValue &dollars)
{
    const double amount = dollars.toDouble(-1);
    if (!(amount >= 0) || amount > 1e9)
        return std::nullopt;
    return std::llround(amount * 1e6);
}

// Anthropic counts cached input beside the input, others within it; a total tells.
Usage tokensOf(const QJsonObject &usage)
{
    const qint64 in = count(usage, "input_tokens"_L1);
    const qint64 out = count(usage, "output_tokens"_L1);
    const qint64 read = count(usage, "cache_read_input_tokens"_L1);
    const qint64 written = count(usage, "cache_creation_input_tokens"_L1);
    const bool within = usage.contains("total_tokens"_L1) && count(usage, "total_tokens"_L1) == in + out;
    return {.tokensIn = within ? in : in + read + written,
            .tokensOut = out,
            .tokensCached = read,
            .costMicroUsd = {}};
}

Usage larger(const Usage &a, const Usage &b)
{
    return {.tokensIn = std::max(a.tokensIn, b.tokensIn),
            .tokensOut = std::max(a.tokensOut, b.tokensOut),
            .tokensCached = std::max(a.tokensCached, b.tokensCached),
            .costMicroUsd = a.costMicroUsd ? a.costMicroUsd : b.costMicroUsd};
}

bool sameTokens(const Usage &a, const Usage &b)
{
    return a.tokensIn == b.tokensIn && a.tokensOut == b.tokensOut && a.tokensCached == b.tokensCached;
}

} // namespace

ClaudeUsage::ClaudeUsage(const StreamJsonQuirks &quirks)
    : m_meaning(quirks.usage)
    , m_reportsCost(quirks.reportsCost)
{
}

void ClaudeUsage::opened(bool resumed)
{
    if (resumed)
        return;
    m_totalBefore = Usage{};
    m_costBefore = 0;
}

void ClaudeUsage::turnStarted()
{
    m_calls.clear();
    m_turn = {};
}

std::optional<Usage> ClaudeUsage::fromCall(const QString &messageId, const QJsonObject &usage)
{
    if (usage.isEmpty() || (m_calls.size() >= maxCalls && !m_calls.contains(messageId)))
        return std::nullopt;
    Usage &call = m_calls[messageId];
    const Usage now = larger(call, tokensOf(usage));
    if (sameTokens(now, call))
        return std::nullopt;
    m_turn.tokensIn += now.tokensIn - call.tokensIn;
    m_turn.tokensOut += now.tokensOut - call.tokensOut;
    m_turn.tokensCached += now.tokensCached - call.tokensCached;
    call = now;
    return m_turn;
}

std::optional<Usage> ClaudeUsage::fromResult(const QJsonObject &result)
{
    const auto since = sinceLast(result);
    if (since)
        m_turn = larger(*since, m_turn);
    takeTokens(result);
    takeCost(result);
    if (since && m_reportsCost)
        m_turn.costMicroUsd = since->costMicroUsd;
    if (sameTokens(m_turn, {}) && !m_turn.costMicroUsd)
        return std::nullopt;
    return m_turn;
}

std::optional<Usage> ClaudeUsage::sinceLast(const QJsonObject &result) const
{
    const QJsonObject models = result.value("model_usage_since_last_result"_L1).toObject();
    if (models.isEmpty())
        return std::nullopt;
    Usage sum;
    qint64 cost = 0;
    for (const auto &model : models) {
        const QJsonObject used = model.toObject();
        sum.tokensCached += count(used, "cacheReadInputTokens"_L1);
        sum.tokensIn += count(used, "inputTokens"_L1) + count(used, "cacheReadInputTokens"_L1) +
                        count(used, "cacheCreationInputTokens"_L1);
        sum.tokensOut += count(used, "outputTokens"_L1);
        cost += microUsd(used.value("costUSD"_L1)).value_or(0);
    }
    sum.costMicroUsd = cost;
    return sum;
}

void ClaudeUsage::takeTokens(const QJsonObject &result)
{
    const QJsonObject usage = result.value("usage"_L1).toObject();
    if (usage.isEmpty())
        return;
    const Usage said = tokensOf(usage);
    if (m_meaning == UsageMeaning::SessionCumulative) {
        if (m_totalBefore)
            m_turn =
                larger({.tokensIn = std::max<qint64>(0, said.tokensIn - m_totalBefore->tokensIn),
                        .tokensOut = std::max<qint64>(0, said.tokensOut - m_totalBefore->tokensOut),
                        .tokensCached = std::max<qint64>(0, said.tokensCached - m_totalBefore->tokensCached),
                        .costMicroUsd = {}},
                       m_turn);
        m_totalBefore = said;
        return;
    }
    m_turn = larger(m_turn, said);
}

void ClaudeUsage::takeCost(const QJsonObject &result)
{
    const auto total = microUsd(result.value("total_cost_usd"_L1));
    if (!m_reportsCost || !total)
        return;
    if (m_costBefore)
        m_turn.costMicroUsd = std::max<qint64>(0, *total - *m_costBefore);
    m_costBefore = total;
}

} // namespace muster
