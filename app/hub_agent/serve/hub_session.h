// Which agent of the hub a session is, so that a new process finds it again. Value type.
#pragma once

#include "app/agent_io/session_store.h"

namespace muster::hub {

struct HubSession {
    static constexpr qint64 maxBytes = 64LL * 1024;

    QString id;
    QString folder; // the workspace, absolute
    QString model;  // "provider" or "provider/model"
    QString agent;  // of the hub; empty: none was made yet
    int turns = 0;
    double costUsd = 0; // of all turns, as far as the hub told
};

using HubSessionStore = SessionStore<HubSession>; // in Options::stateFolder

// The label that its agent has in the hub.
[[nodiscard]] inline QString labelOf(const HubSession &session)
{
    return QStringLiteral("muster-session=") + session.id;
}

} // namespace muster::hub

namespace muster {

template <> struct Fields<hub::HubSession> {
    using T = hub::HubSession;
    static constexpr auto list =
        std::tuple{field("id", &T::id),       field("cwd", &T::folder),  field("model", &T::model),
                   field("agent", &T::agent), field("turns", &T::turns), field("cost_usd", &T::costUsd)};
};

} // namespace muster
