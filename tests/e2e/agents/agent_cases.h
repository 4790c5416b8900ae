// What is tried with each real agent program, and what must come of it. The same for all unless a row of
// agent_cases.cpp says how a program differs: then that is expected of it, with the reason.
#pragma once

#include "core/events/session_event.h"

#include <QString>

#include <chrono>
#include <optional>
#include <vector>

namespace muster::e2e {

enum class AgentCase : std::uint8_t {
    Text,
    Allow,
    Deny,
    Cancel,     // while it talks
    CancelTool, // while its command runs, which has started a daemon
    Resume,     // in a new process
    RateLimit,
    RateLimitReset, // with the time when the limit ends
    Error500,
    Error529,
    Stall,
    Drop,
    SignedOut,
};

struct ExpectedResult {
    TurnOutcome outcome = TurnOutcome::Completed;
    std::optional<FailureReason> reason = {};
    std::chrono::seconds stallLimit{60};
    QString why = {};    // it differs from what all do
    QString cannot = {}; // why there is nothing to try
};

// What it says of a turn with one call of the model.
struct ExpectedUsage {
    qint64 tokensIn = 0; // 0 with the others: it does not say
    qint64 tokensOut = 0;
    qint64 tokensCached = 0;
    std::optional<qint64> costMicroUsd = {};
};

[[nodiscard]] const std::vector<AgentCase> &agentCases();
[[nodiscard]] QString nameOf(AgentCase which);
// `file`: what a tool is to write.
[[nodiscard]] QString promptOf(AgentCase which, const QString &file);
// What the fake model notes of a request of this case.
[[nodiscard]] QString actOf(AgentCase which);
[[nodiscard]] ExpectedResult expectedOf(AgentCase which, const QString &runtime);
[[nodiscard]] ExpectedUsage usageOf(const QString &runtime);

} // namespace muster::e2e
