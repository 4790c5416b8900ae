#include "app/hub_agent/serve/failures.h"

#include "app/agent_io/agent_side_connection.h"

using namespace Qt::StringLiterals;

namespace muster::hub {

namespace {

QString firstWords(const Error &error)
{
    switch (error.code) {
    case ErrorCode::LaunchFailed:
        return u"paseo is not installed: "_s;
    case ErrorCode::Unavailable:
        return u"the Paseo daemon is not running: "_s;
    case ErrorCode::NotFound:
        return u"the hub no longer has this agent: "_s;
    case ErrorCode::Timeout:
        return u"the hub did not answer: paseo "_s;
    case ErrorCode::TooLarge:
        return u"the hub said too much: paseo "_s;
    case ErrorCode::Protocol:
        return u"the hub's answer cannot be read: "_s;
    default:
        return {};
    }
}

} // namespace

RpcError rpcErrorOf(const Error &error)
{
    return {.code = error.code == ErrorCode::NotFound ? resourceNotFound : RpcInternalError,
            .message = firstWords(error) + error.detail};
}

} // namespace muster::hub
