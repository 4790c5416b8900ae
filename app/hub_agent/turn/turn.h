// Turn: one prompt from its text to its end. It is given to the session's agent in the hub, which is made
// with the first one; `wait` tells when that agent is done, wants to be allowed something, or has failed;
// `attach` tells what it does meanwhile; `logs` what it has said, once it is done; `inspect` what that took.
// Main thread.
#pragma once

#include "app/agent_io/client.h"
#include "app/hub_agent/hub/hub_commands.h"
#include "app/hub_agent/serve/hub_session.h"
#include "app/hub_agent/serve/options.h"
#include "app/hub_agent/turn/live_output.h"
#include "core/protocol/paseo/paseo_replies.h"

#include <memory>

namespace muster::hub {

struct TurnEnd {
    QString stop;                 // end_turn, cancelled
    std::optional<Error> failure; // in place of a stop
    std::optional<PaseoUsage> usage;
};

// What turns share. All of it outlives them.
struct TurnContext {
    const Options &options;
    const HubSessionStore &store;
    Client &client;
};

class Turn {
public:
    Turn(const TurnContext &context, std::shared_ptr<HubSession> session);
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;
    ~Turn() = default;

    [[nodiscard]] static Async<TurnEnd> run(std::shared_ptr<Turn> self, QString prompt);
    void cancel();

private:
    // Asking ends with a cancelled turn, a deed is done to its end.
    enum class Kind : std::uint8_t { Asking, Deed };
    static Async<QByteArray> call(std::shared_ptr<Turn> self, QStringList arguments, Kind kind,
                                  std::chrono::milliseconds limit);
    static Async<bool> give(std::shared_ptr<Turn> self, QString prompt);
    static Async<bool> makeAgent(std::shared_ptr<Turn> self, QString prompt);
    static Async<bool> settle(std::shared_ptr<Turn> self);
    static Async<bool> stopAgent(std::shared_ptr<Turn> self);
    static Async<bool> answerPermission(std::shared_ptr<Turn> self);
    static Async<PaseoPermission> nextPermission(std::shared_ptr<Turn> self);
    static Async<bool> tellRest(std::shared_ptr<Turn> self, QString prompt);
    static Async<PaseoUsage> lookUpUsage(std::shared_ptr<Turn> self);

    void update(const QJsonObject &update) { m_context.client.update(m_session->id, update); }
    void warn(const QString &code, const QString &message);
    void save();

    TurnContext m_context;
    std::shared_ptr<HubSession> m_session;
    std::unique_ptr<LiveOutput> m_live;
    HubProcess *m_asking = nullptr; // what a cancelled turn does not wait for
    int m_earlier = 0;              // how often the same was asked before
    bool m_cancelled = false;
};

} // namespace muster::hub
