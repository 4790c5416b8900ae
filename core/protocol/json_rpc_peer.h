// JsonRpcPeer: one side of a JSON-RPC conversation as a pure state machine: numbers and remembers what it
// asks, finds the handler for what it is asked, counts what does not fit. No input or output of its own:
// messages go out through `Send`, come in through receive() or dispatch(). One thread.
//
// Every request gets exactly one outcome (an answer, or `closed` from close()); every incoming request at
// most one answer: respond() on an id that is not open returns false. An unknown method is answered -32601.
// A handler may call any function of the peer; it may not destroy it.
#pragma once

#include "core/protocol/json_rpc.h"

#include <QHash>
#include <QSet>

#include <functional>

namespace muster {

class JsonRpcPeer {
public:
    using Send = std::function<void(QByteArray)>;
    using Reply = std::function<void(RpcOutcome)>;
    using RequestHandler = std::function<void(const RpcRequest &)>; // answers now or later by respond()
    using NotificationHandler = std::function<void(const RpcNotification &)>;

    struct Limits {
        qsizetype maxOutgoing = 256; // our requests without an answer; beyond: Error{TooLarge}
        qsizetype maxIncoming = 256; // theirs without our answer; beyond: answered with an error at once
    };

    struct Counters {
        qint64 malformed = 0;            // receive() could not read it
        qint64 unknownAnswers = 0;       // an id that we never gave out
        qint64 lateAnswers = 0;          // an id that was answered or given up before
        qint64 unknownRequests = 0;      // answered -32601
        qint64 unknownNotifications = 0; // dropped
        qint64 refusedRequests = 0;      // an id that is still open, or too many
    };

    explicit JsonRpcPeer(Send send);
    JsonRpcPeer(Send send, Limits limits, RpcDialect dialect = RpcDialect::Standard);

    void onRequest(const QString &method, const RequestHandler &handler);
    void onNotification(const QString &method, const NotificationHandler &handler);
    // What no handler is named for; the default only counts.
    void onOtherNotification(NotificationHandler handler);

    // The id, with which the request can be given up.
    Result<qint64> request(const QString &method, const QJsonObject &params, const Reply &reply);
    void notify(const QString &method, const QJsonObject &params);
    // The answer is no longer wanted: `reply` is not called any more, an answer counts as late.
    bool giveUp(qint64 id);

    bool respond(const RpcId &id, const QJsonValue &result);
    bool respondError(const RpcId &id, const RpcError &error);
    // They no longer want our answer; none is sent.
    bool dismiss(const RpcId &id) { return m_incoming.remove(id); }

    // Reads one message (LineFramer::padding bytes after `line` must be readable) and dispatches it.
    Status receive(QByteArrayView line);
    void dispatch(RpcMessage message);
    // Everything that waits gets `closed`; nothing is sent or called after that.
    void close(const RpcError &closed);

    [[nodiscard]] const Counters &counters() const { return m_counters; }
    [[nodiscard]] qsizetype openOutgoing() const { return m_outgoing.size(); }
    [[nodiscard]] qsizetype openIncoming() const { return m_incoming.size(); }

private:
    void handle(const RpcRequest &request);
    void handle(const RpcNotification &notification);
    void handle(RpcResponse &response);
    void refuse(const RpcRequest &request, qint64 code, const QString &message);

    Send m_send;
    Limits m_limits;
    RpcDialect m_dialect;
    Counters m_counters;
    QHash<QString, RequestHandler> m_requestHandlers;
    QHash<QString, NotificationHandler> m_notificationHandlers;
    NotificationHandler m_otherNotification;
    QHash<qint64, Reply> m_outgoing;
    QSet<RpcId> m_incoming;
    qint64 m_lastId = 0;
    bool m_closed = false;
};

} // namespace muster
