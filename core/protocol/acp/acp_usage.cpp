#include "core/protocol/acp/acp_usage.h"

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

qint64 firstOf(const QJsonObject &json, std::initializer_list<QLatin1StringView> keys)
{
    for (const QLatin1StringView key : keys) {
        if (const QJsonValue value = json.value(key); value.isDouble())
            return std::max<qint64>(0, value.toInteger());
    }
    return 0;
}

QJsonObject tokenObject(const QJsonObject &answer)
{
    const QJsonObject meta = answer.value("_meta"_L1).toObject();
    for (const QJsonValue &found :
         {answer.value("usage"_L1), meta.value("quota"_L1)["token_count"_L1], meta.value("usage"_L1)}) {
        if (found.isObject() && !found.toObject().isEmpty())
            return found.toObject();
    }
    return {};
}

Usage normalised(const QJsonObject &tokens)
{
    const qint64 in = firstOf(tokens, {"inputTokens"_L1, "input_tokens"_L1});
    const qint64 out = firstOf(tokens, {"outputTokens"_L1, "output_tokens"_L1});
    const qint64 thought = firstOf(tokens, {"thoughtTokens"_L1, "reasoningOutputTokens"_L1});
    const qint64 read = firstOf(tokens, {"cachedReadTokens"_L1, "cachedInputTokens"_L1});
    const qint64 written = firstOf(tokens, {"cachedWriteTokens"_L1, "cacheWriteInputTokens"_L1});
    const qint64 total = firstOf(tokens, {"totalTokens"_L1, "total_tokens"_L1});
    Usage usage{.tokensIn = in, .tokensOut = out, .tokensCached = read, .costMicroUsd = {}};
    const bool thoughtIsExtra = total == in + out + thought || total == in + out + thought + read + written;
    if (thoughtIsExtra)
        usage.tokensOut += thought;
    if (total > usage.tokensOut)
        usage.tokensIn = total - usage.tokensOut;
    return usage;
}

qint64 sinceThen(qint64 now, qint64 before) { return std::max<qint64>(0, now - before); }

} // namespace

UsageMeter::UsageMeter(UsageMeaning meaning, bool resumed)
    : m_meaning(meaning)
    , m_costBefore(resumed ? std::nullopt : std::optional<qint64>(0))
{
}

void UsageMeter::turnStarted()
{
    m_turn = {};
    if (m_lastCost)
        m_costBefore = m_lastCost;
}

std::optional<Usage> UsageMeter::fromAnswer(const QJsonObject &answer)
{
    const QJsonObject tokens = tokenObject(answer);
    if (tokens.isEmpty())
        return std::nullopt;
    const Usage said = normalised(tokens);
    if (m_meaning == UsageMeaning::SessionCumulative) {
        m_turn.tokensIn = sinceThen(said.tokensIn, m_lastTotal.tokensIn);
        m_turn.tokensOut = sinceThen(said.tokensOut, m_lastTotal.tokensOut);
        m_turn.tokensCached = sinceThen(said.tokensCached, m_lastTotal.tokensCached);
        m_lastTotal = said;
        return m_turn;
    }
    // Of the last call alone nothing more is known than a lower bound of the turn.
    m_turn.tokensIn = std::max(m_turn.tokensIn, said.tokensIn);
    m_turn.tokensOut = std::max(m_turn.tokensOut, said.tokensOut);
    m_turn.tokensCached = std::max(m_turn.tokensCached, said.tokensCached);
    return m_turn;
}

std::optional<Usage> UsageMeter::fromUpdate(const QJsonObject &update)
{
    const QJsonObject cost = update.value("cost"_L1).toObject();
    const double amount = cost.value("amount"_L1).toDouble(-1);
    if (amount < 0 || amount > 1e9 || cost.value("currency"_L1).toString() != "USD"_L1)
        return std::nullopt;
    m_lastCost = std::llround(amount * 1e6);
    if (!m_costBefore)
        m_costBefore = m_lastCost;
    m_turn.costMicroUsd = sinceThen(*m_lastCost, *m_costBefore);
    return m_turn;
}

} // namespace muster
