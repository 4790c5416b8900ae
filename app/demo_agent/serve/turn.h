// One turn from the prompt to its end: takes the markers out, does the work, says the answer, keeps both in
// the session's file. Used from the turn's thread.
#pragma once

#include "app/demo_agent/answer/intent.h"
#include "app/demo_agent/serve/actions.h"
#include "app/demo_agent/serve/session_store.h"
#include "core/protocol/json_rpc.h"

#include <QJsonObject>

namespace muster::demo {

struct TurnRequest {
    QString sessionId;
    QString root;
    QString turnName;
    Prompt prompt;
    QString unfinished;          // the prompt of the last turn, if that never ended well
    qint64 charactersBefore = 0; // of the whole session
    Pace pace;
};

struct TurnEnd {
    QString stop; // "end_turn", "cancelled", "error"
    std::optional<RpcError> error;
    QJsonObject usage;
    qint64 characters = 0; // of the prompt and all that was said
};

[[nodiscard]] TurnEnd runTurn(const TurnRequest &request, TurnPort &port, Standing &standing,
                              const SessionStore &store);

// Pace from MUSTER_DEMO_PACE_MS and MUSTER_DEMO_CHUNK, else the defaults.
[[nodiscard]] Pace paceFromEnvironment();

// An approximation: a token is taken for four characters.
[[nodiscard]] qint64 tokensIn(qint64 characters);

} // namespace muster::demo
