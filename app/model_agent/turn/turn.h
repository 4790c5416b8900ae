// Turn: one prompt from its text to its end: asks the model, uses the tools it calls, asks again, until it
// has no more to call, somebody cancels, or the limit of calls is reached. Calls that may go well the next
// time are repeated, with a growing pause; what was said before the stream broke stays said, and the model is
// asked to go on from there. The conversation is saved after each piece. Main thread.
#pragma once

#include "app/agent_io/client.h"
#include "app/model_agent/serve/conversation.h"
#include "app/model_agent/serve/options.h"
#include "app/model_agent/tools/file_tools.h"
#include "app/model_agent/turn/model_call.h"
#include "core/base/async.h"

#include <QElapsedTimer>

#include <atomic>
#include <memory>

namespace muster::model {

struct TurnEnd {
    QString stop; // of the Agent Client Protocol: end_turn, max_tokens, refusal, max_turn_requests, cancelled
    std::optional<ModelFailure> failure; // in place of a stop
    ModelUsage usage;
};

// What turns share. All of it outlives them.
struct TurnContext {
    const Options &options;
    const ModelApi &api;
    const ConversationStore &store;
    QNetworkAccessManager &network;
    Client &client;
};

class Turn {
public:
    Turn(const TurnContext &context, std::shared_ptr<Conversation> conversation);
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;
    ~Turn() = default;

    [[nodiscard]] static Async<TurnEnd> run(std::shared_ptr<Turn> self, QString prompt);
    void cancel();

private:
    static Async<CallEnd> askModel(std::shared_ptr<Turn> self);
    static Async<CallEnd> askOnce(std::shared_ptr<Turn> self);
    static Async<QString> findModel(std::shared_ptr<Turn> self);
    static Async<ModelMessage> useTools(std::shared_ptr<Turn> self, ModelMessage said);
    static Async<ModelPart> useTool(std::shared_ptr<Turn> self, ModelPart call);
    static Async<ToolAnswer> perform(std::shared_ptr<Turn> self, QString id, ToolPlan plan);
    static Async<ToolAnswer> runCommand(std::shared_ptr<Turn> self, QString id, ToolPlan plan);
    [[nodiscard]] QFuture<Result<bool>> pause(std::chrono::milliseconds time);

    [[nodiscard]] ModelQuestion question() const;
    [[nodiscard]] TurnEnd ended(const QString &stop) const;
    void tell(const ModelEvent &event);
    void tellUsage(const ModelUsage &now);
    void update(const QJsonObject &update) { m_context.client.update(m_conversation->id, update); }
    void keepPartial(const ModelMessage &message, bool goesOn);
    void say(const ModelMessage &message);
    void save();

    TurnContext m_context;
    std::shared_ptr<Conversation> m_conversation;
    std::function<void()> m_interrupt; // ends what is waited for
    std::shared_ptr<std::atomic_bool> m_cancelled = std::make_shared<std::atomic_bool>(false);
    QString m_name; // of the turn, first part of the ids in it
    int m_calls = 0;
    int m_tools = 0;
    QString m_messageId;
    ModelUsage m_done; // of the calls that are over
    ModelUsage m_now;  // of the call that runs
    QElapsedTimer m_toldUsage;
    bool m_sealedReasoning = true;
};

} // namespace muster::model
