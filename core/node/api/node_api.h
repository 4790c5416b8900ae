// NodeApi: the one door to a node, the same for a node in this process (InProcessNode) and for one behind a
// local socket (RemoteNode). All calls return at once; answers, notices and signals arrive on the thread that
// owns the NodeApi object, in the order in which the node gave them. An answer's callback is dropped when its
// `context` object dies first. Every request is answered exactly once: when the connection is lost, what was
// under way fails with Unavailable.
#pragma once

#include "core/base/result.h"
#include "core/node/api/commands.h"
#include "core/node/api/queries.h"
#include "core/node/api/subscription.h"

#include <QObject>

#include <functional>

namespace muster::api {

enum class LinkState : std::uint8_t { Connecting, Connected, Lost };

class NodeApi : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    using CommandCallback = std::function<void(Result<CommandDone>)>;
    using NoticeHandler = std::function<void(const Notice &)>;

    virtual void submit(const Command &command, QObject *context, CommandCallback done) = 0;

    template <typename Q>
    void query(const Q &query, QObject *context, std::function<void(Result<typename Q::Reply>)> done)
    {
        queryAny(query, context, [done = std::move(done)](Result<QueryReply> reply) {
            if (!reply) {
                done(std::unexpected(std::move(reply.error())));
                return;
            }
            if (auto *value = std::get_if<typename Q::Reply>(&*reply))
                done(std::move(*value));
            else
                done(fail(ErrorCode::Protocol, QStringLiteral("answer of another kind")));
        });
    }

    // Ends with unsubscribe() or with the death of `context`. After a lost connection the node is asked again
    // from the last sequence number seen, so the handler sees no event twice and misses none.
    virtual int subscribe(const Subscription &subscription, QObject *context, NoticeHandler handler) = 0;
    virtual void unsubscribe(int id) = 0;

    [[nodiscard]] virtual LinkState linkState() const = 0;

signals:
    void linkStateChanged(muster::api::LinkState state);

protected:
    virtual void queryAny(const Query &query, QObject *context,
                          std::function<void(Result<QueryReply>)> done) = 0;
};

} // namespace muster::api
