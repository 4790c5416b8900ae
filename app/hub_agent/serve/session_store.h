// Which agent of the hub a session is, in a file each, so that a new process finds it again: written whole
// and put in place at once; old ones are removed when a new one is made. One thread.
#pragma once

#include "core/base/json_codec.h"
#include "core/base/result.h"

#include <QString>

namespace muster::hub {

struct HubSession {
    QString id;
    QString folder; // the workspace, absolute
    QString model;  // "provider" or "provider/model"
    QString agent;  // of the hub; empty: none was made yet
    int turns = 0;
    double costUsd = 0; // of all turns, as far as the hub told
};

class SessionStore {
public:
    static constexpr int keptDays = 30;

    explicit SessionStore(QString folder);

    [[nodiscard]] Result<HubSession> create(const QString &workspace, const QString &model) const;
    [[nodiscard]] Result<HubSession> load(const QString &id) const; // NotFound, InvalidArgument, Corrupt
    [[nodiscard]] Status save(const HubSession &session) const;     // Io

private:
    [[nodiscard]] QString pathOf(const QString &id) const;
    void prune() const;

    QString m_folder;
};

// The label that its agent has in the hub.
[[nodiscard]] QString labelOf(const HubSession &session);

} // namespace muster::hub

namespace muster {

template <> struct Fields<hub::HubSession> {
    using T = hub::HubSession;
    static constexpr auto list =
        std::tuple{field("id", &T::id),       field("cwd", &T::folder),  field("model", &T::model),
                   field("agent", &T::agent), field("turns", &T::turns), field("cost_usd", &T::costUsd)};
};

} // namespace muster
