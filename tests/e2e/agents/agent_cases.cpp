#include "tests/e2e/agents/agent_cases.h"

#include "core/base/enum_names.h"

#include <QHash>

#include <algorithm>

namespace muster {

template <> struct EnumNames<e2e::AgentCase> {
    using enum e2e::AgentCase;
    static constexpr std::array table{
        std::pair{Text, "text"},
        std::pair{Allow, "allow"},
        std::pair{Deny, "deny"},
        std::pair{Cancel, "cancel"},
        std::pair{CancelTool, "cancel-tool"},
        std::pair{Resume, "resume"},
        std::pair{RateLimit, "429"},
        std::pair{RateLimitReset, "429-reset"},
        std::pair{Error500, "500"},
        std::pair{Error529, "529"},
        std::pair{Stall, "stall"},
        std::pair{Drop, "drop"},
        std::pair{SignedOut, "signed-out"},
    };
};

} // namespace muster

namespace muster::e2e {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

ExpectedResult failed(FailureReason reason, std::chrono::seconds stallLimit = 60s)
{
    return {.outcome = TurnOutcome::Failed, .reason = reason, .stallLimit = stallLimit};
}

ExpectedResult silent(const QString &why)
{
    return {.outcome = TurnOutcome::Failed, .reason = FailureReason::Stalled, .stallLimit = 12s, .why = why};
}

ExpectedResult cannot(const QString &why) { return {.cannot = why}; }

ExpectedResult ofAll(AgentCase which)
{
    switch (which) {
    case AgentCase::Text:
    case AgentCase::Allow:
    case AgentCase::Deny:
    case AgentCase::Resume:
        return {};
    case AgentCase::Cancel:
    case AgentCase::CancelTool:
        return {.outcome = TurnOutcome::Cancelled, .reason = FailureReason::Aborted};
    case AgentCase::RateLimit:
    case AgentCase::RateLimitReset:
    case AgentCase::Error529: // overloaded: to be tried again later, like a limit
        return failed(FailureReason::RateLimited);
    case AgentCase::Error500:
    case AgentCase::Drop:
        return failed(FailureReason::RuntimeError);
    case AgentCase::Stall:
        return failed(FailureReason::Stalled, 8s);
    case AgentCase::SignedOut:
        return failed(FailureReason::AuthRequired);
    }
    Q_UNREACHABLE_RETURN({});
}

struct Difference {
    QString runtime;
    AgentCase which;
    ExpectedResult result;
};

const std::vector<Difference> &differences()
{
    const QString noReset = u"its protocol has no place for the end of a limit"_s;
    const QString retries = u"retries in silence"_s;
    static const std::vector<Difference> list{
        {u"opencode"_s, AgentCase::RateLimitReset, cannot(noReset)},
        {u"opencode"_s, AgentCase::Error500, silent(retries)},
        {u"opencode"_s, AgentCase::Error529, silent(retries)},
        {u"gemini"_s, AgentCase::RateLimit, silent(retries)},
        {u"gemini"_s, AgentCase::Error500, silent(retries)},
        {u"gemini"_s, AgentCase::Error529, silent(retries)},
        {u"qwen"_s, AgentCase::RateLimit, silent(retries)},
        {u"qwen"_s, AgentCase::Error500, silent(retries)},
        {u"qwen"_s, AgentCase::Error529, silent(retries)},
        {u"gemini"_s, AgentCase::RateLimitReset, cannot(noReset)},
        {u"qwen"_s, AgentCase::RateLimitReset, cannot(noReset)},
        {u"qwen-native"_s, AgentCase::RateLimit, silent(u"waits 60 s for each retry, with a word before"_s)},
        {u"qwen-native"_s, AgentCase::RateLimitReset, cannot(noReset)},
        {u"qwen-native"_s, AgentCase::Error500, silent(retries)},
        {u"qwen-native"_s, AgentCase::Error529, silent(retries)},
        {u"copilot"_s, AgentCase::RateLimitReset, cannot(noReset)},
        {u"claude-acp"_s, AgentCase::RateLimitReset, cannot(u"tells when the limit ends in words only"_s)},
        {u"codex-acp"_s, AgentCase::RateLimitReset, cannot(noReset)},
        {u"codex"_s, AgentCase::RateLimitReset, cannot(u"only a subscription says when its limit ends"_s)},
        {u"pi"_s, AgentCase::RateLimitReset, cannot(noReset)},
        {u"ollama"_s, AgentCase::SignedOut, cannot(u"needs no key"_s)},
        {u"codex-acp"_s,
         AgentCase::Deny,
         {.outcome = TurnOutcome::Cancelled,
          .reason = FailureReason::PermissionDenied,
          .why = u"a denied tool ends its turn"_s}},
    };
    return list;
}

} // namespace

const std::vector<AgentCase> &agentCases()
{
    static const std::vector<AgentCase> all = [] {
        std::vector<AgentCase> cases;
        for (const auto &[which, name] : EnumNames<AgentCase>::table)
            cases.push_back(which);
        return cases;
    }();
    return all;
}

QString nameOf(AgentCase which) { return enumName(which); }

QString promptOf(AgentCase which, const QString &file)
{
    switch (which) {
    case AgentCase::Text:
    case AgentCase::SignedOut:
    case AgentCase::Resume:
        return u"%%say 3%%"_s;
    case AgentCase::Allow:
    case AgentCase::Deny:
        return u"%%write "_s + file + u"%%";
    case AgentCase::Cancel:
        return u"%%slow 120%%"_s;
    case AgentCase::CancelTool:
        return u"%%shell setsid nohup tail -f /dev/null >/dev/null 2>&1 & tail -f /dev/null%%"_s;
    case AgentCase::RateLimit:
        return u"%%fail 429 1%%"_s;
    case AgentCase::RateLimitReset:
        return u"%%fail 429 1 3600%%"_s;
    case AgentCase::Error500:
        return u"%%fail 500%%"_s;
    case AgentCase::Error529:
        return u"%%fail 529%%"_s;
    case AgentCase::Stall:
        return u"%%stall%%"_s;
    case AgentCase::Drop:
        return u"%%drop%%"_s;
    }
    Q_UNREACHABLE_RETURN({});
}

QString actOf(AgentCase which)
{
    switch (which) {
    case AgentCase::Allow:
    case AgentCase::Deny:
    case AgentCase::CancelTool:
        return u"call"_s;
    case AgentCase::RateLimit:
    case AgentCase::RateLimitReset:
    case AgentCase::Error500:
    case AgentCase::Error529:
        return u"fail"_s;
    case AgentCase::Stall:
        return u"stall"_s;
    case AgentCase::Drop:
        return u"drop"_s;
    default:
        return u"text"_s;
    }
}

ExpectedResult expectedOf(AgentCase which, const QString &runtime)
{
    const auto found = std::ranges::find_if(differences(), [&](const Difference &difference) {
        return difference.runtime == runtime && difference.which == which;
    });
    return found == differences().end() ? ofAll(which) : found->result;
}

ExpectedUsage usageOf(const QString &runtime)
{
    static const QHash<QString, ExpectedUsage> known{
        {u"opencode"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500, .costMicroUsd = 6750}},
        {u"gemini"_s, {.tokensIn = 1200, .tokensOut = 300}},
        {u"qwen"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500}},
        // With the side call of each prompt.
        {u"qwen-native"_s, {.tokensIn = 2400, .tokensOut = 600, .tokensCached = 1000}},
        {u"copilot"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500}},
        // With its own price of its own default model.
        {u"claude"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500, .costMicroUsd = 8900}},
        {u"claude-acp"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500, .costMicroUsd = 8900}},
        {u"codex"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500}},
        {u"pi"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500, .costMicroUsd = 6750}},
        {u"codex-acp"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500}},
        {u"anthropic"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500}},
        {u"openai"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500}},
        {u"openai-compatible"_s, {.tokensIn = 1200, .tokensOut = 300, .tokensCached = 500}},
        // Google counts thoughts beside the answer.
        {u"gemini-api"_s, {.tokensIn = 1200, .tokensOut = 320, .tokensCached = 500}},
        {u"ollama"_s, {.tokensIn = 1200, .tokensOut = 300}},
    };
    return known.value(runtime);
}

} // namespace muster::e2e
