// A model's failure as an error of JSON-RPC, told the way our own adapter reads it: by code where the
// protocol has one, else by data.errorKind, and with data.resetAt where it is known when a limit ends. Pure.
#pragma once

#include "core/protocol/json_rpc.h"
#include "core/protocol/models/model_event.h"

namespace muster::model {

[[nodiscard]] RpcError rpcErrorOf(const ModelFailure &failure);

} // namespace muster::model
