// StreamJsonQuirks: what differs between agents that speak Claude Code's stream-JSON, as data of the runtime
// catalog. The defaults are Claude Code's own. Source: facts "agents" §3, §7. Value type, any thread.
#pragma once

#include "core/protocol/acp/acp_quirks.h"

#include <QString>
#include <QStringList>

namespace muster {

struct StreamJsonQuirks {
    // On the command line beside what the format itself needs; among it what makes the agent ask.
    QStringList flags{QStringLiteral("-p"), QStringLiteral("--verbose"),
                      QStringLiteral("--permission-prompt-tool"), QStringLiteral("stdio")};
    // Names tools that need no asking; empty: the agent reads that of a server in its file.
    QString allowFlag = QStringLiteral("--allowedTools");
    QString agentName = QStringLiteral("Claude Code"); // it does not say its own
    QString mode = QStringLiteral("default"); // permission mode to set before the first prompt; empty: none
    UsageMeaning usage = UsageMeaning::Turn;  // of the tokens in a result
    bool needsInitialize = false;             // an agent that refuses `initialize` cannot be used
    bool reportsCost = true;
    bool answersByIndex = false; // answers to questions go by the question's place, not its text
};

} // namespace muster
