// NodeApi for a node in this process. The backend may live on another thread (window) or on this one (command
// line, tests); it must outlive this object's last call, while this object may die with calls under way.
#pragma once

#include "core/node/link/backend.h"

#include <QHash>
#include <QPointer>

#include <memory>

namespace muster {

class InProcessNode final : public api::NodeApi {
    Q_OBJECT
public:
    InProcessNode(Backend &backend, Caller caller, QObject *parent = nullptr);
    ~InProcessNode() override;
    Q_DISABLE_COPY_MOVE(InProcessNode)

    void submit(const api::Command &command, QObject *context, CommandCallback done) override;
    int subscribe(const api::Subscription &subscription, QObject *context, NoticeHandler handler) override;
    void unsubscribe(int id) override;
    [[nodiscard]] api::LinkState linkState() const override { return api::LinkState::Connected; }

protected:
    void queryAny(const api::Query &query, QObject *context,
                  std::function<void(Result<api::QueryReply>)> done) override;

private:
    struct Sink {
        QPointer<QObject> context;
        NoticeHandler handler;
        int backendId = 0; // 0 until the backend has answered
    };

    void subscribed(int id, int backendId);
    void unsubscribeBackend(int backendId);
    void deliver(int id, const api::Notice &notice);

    // Stands in for this object on the backend's thread: it outlives every call under way, so that an answer
    // never races with our own death; what it relays is dropped on our thread once we are gone.
    std::shared_ptr<QObject> m_relay;
    QPointer<Backend> m_backend;
    Caller m_caller;
    QHash<int, Sink> m_sinks;
    int m_lastId = 0;
};

} // namespace muster
