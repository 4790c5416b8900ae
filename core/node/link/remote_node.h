// NodeApi for a node behind a local socket. Connects by itself, starts the node when there is none (through
// the `launch` function that composition gives), and goes on after a lost connection: subscriptions are asked
// again from the last sequence number seen; requests under way fail with Unavailable, never silently. Lives
// on one thread, usually the GUI's; a large answer is read on a worker, so that later ones may come before
// it. Source of the format: core/node/api/wire.h.
#pragma once

#include "core/node/api/node_api.h"
#include "core/node/api/wire.h"

#include <QHash>
#include <QLocalSocket>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace muster {

struct RemoteNodeOptions {
    QString socketPath;
    QString clientName;             // "window", "command line"
    bool forAgent = false;          // what it asks is asked by an agent
    std::function<Status()> launch; // starts a node in the background; none: an absent node is an error
    // Asked while there is no connection: why the launched node could not begin, once that is known, and
    // once. Conflict: another one has its home, and answers or ends.
    std::function<Status()> launched;
    int giveUpAfterMs = 20'000;       // without a connection; then everything waiting fails
    bool replaceOtherVersions = true; // stop an idle node of another version and start ours
};

class RemoteNode final : public api::NodeApi {
    Q_OBJECT
public:
    explicit RemoteNode(RemoteNodeOptions options, QObject *parent = nullptr);
    ~RemoteNode() override;
    Q_DISABLE_COPY_MOVE(RemoteNode)

    void submit(const api::Command &command, QObject *context, CommandCallback done) override;
    int subscribe(const api::Subscription &subscription, QObject *context, NoticeHandler handler) override;
    void unsubscribe(int id) override;
    [[nodiscard]] api::LinkState linkState() const override { return m_state; }
    [[nodiscard]] const Error &lastError() const { return m_lastError; }

protected:
    void queryAny(const api::Query &query, QObject *context,
                  std::function<void(Result<api::QueryReply>)> done) override;

private:
    using ReplyHandler = std::function<void(Result<QJsonValue>)>;

    struct Pending {
        QPointer<QObject> context;
        ReplyHandler handler;
        std::optional<api::Query> query = {}; // with `done`: what its answer is read as
        std::function<void(Result<api::QueryReply>)> done = {};
    };
    struct Sink {
        QPointer<QObject> context;
        NoticeHandler handler;
        api::Subscription subscription;
    };

    void connectNow();
    void onConnected();
    void onDisconnected();
    void onBytes();
    void onMessage(const QJsonObject &message);
    void readOnWorker(int id, const QByteArray &bytes);
    [[nodiscard]] std::optional<int> largeAnswerIn(const QByteArray &bytes) const;
    void onHello(const QJsonObject &hello);
    void onNotice(const QJsonObject &message);
    void replaceOtherVersion(const QString &version);
    void request(QJsonObject message, Pending pending);
    void send(const QJsonObject &message);
    void sendSubscription(int id, const Sink &sink);
    void setState(api::LinkState state);
    void failWaiting(const Error &error);
    void retryLater();
    void noteLaunch(const Status &status);

    RemoteNodeOptions m_options;
    QLocalSocket m_socket;
    QTimer m_retry;
    qint64 m_lostSinceMs = 0;
    qint64 m_launchedAtMs = 0;
    bool m_launched = false;
    bool m_launchFailed = false;
    bool m_greeted = false;
    api::FrameReader m_reader;
    api::LinkState m_state = api::LinkState::Connecting;
    Error m_lastError;
    int m_lastId = 0;
    std::vector<QJsonObject> m_outbox; // requests made before the connection stands
    std::map<int, Pending> m_pending;
    QHash<int, Sink> m_sinks;
};

} // namespace muster
