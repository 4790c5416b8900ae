// What went wrong with the hub, as an error of JSON-RPC. The first words tell what it is, so that the
// catalog's patterns and people tell them apart; the hub's own words follow. Pure.
#pragma once

#include "core/base/error.h"
#include "core/protocol/json_rpc.h"

namespace muster::hub {

[[nodiscard]] RpcError rpcErrorOf(const Error &error);

} // namespace muster::hub
