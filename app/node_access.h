// NodeAccess: how this process reaches a node: one of its own (--in-process), or the background node of its
// home, which is started on demand. Main thread; the node in this process lives on it too, which is enough
// for a command line.
#pragma once

#include "core/base/clock.h"
#include "core/base/paths.h"
#include "core/node/api/node_api.h"
#include "core/node/link/node_server.h"
#include "core/node/service/node.h"

#include <memory>

namespace muster::app {

class NodeAccess {
public:
    // A node in this process. `ready` when it has taken over what was left.
    [[nodiscard]] static Result<std::unique_ptr<NodeAccess>>
    inProcess(const Paths &paths, const QString &clientName, Caller::Role role = Caller::Role::Person);
    // The background node; with `launch` it is started when there is none.
    [[nodiscard]] static std::unique_ptr<NodeAccess> background(const Paths &paths, const QString &clientName,
                                                                bool launch,
                                                                Caller::Role role = Caller::Role::Person);
    ~NodeAccess();
    Q_DISABLE_COPY_MOVE(NodeAccess)

    [[nodiscard]] api::NodeApi &api() { return *m_api; }
    // Ends a node of this process; `done` when nothing of it runs any more.
    void stop(std::function<void()> done);

private:
    NodeAccess() = default;

    SystemClock m_clock;
    std::unique_ptr<Node> m_node;
    std::unique_ptr<api::NodeApi> m_api;
};

// muster serve: a node with its socket. One for each home: the lock is held as long as it lives.
class ServingNode final : public QObject {
    Q_OBJECT
public:
    // Conflict: a node of this home runs already.
    [[nodiscard]] static Result<std::unique_ptr<ServingNode>> start(const Paths &paths, bool background);
    void stop();

signals:
    void stopped();

private:
    ServingNode() = default;
    void watchIdle();

    SystemClock m_clock;
    int m_lockFd = -1;
    std::unique_ptr<Node> m_node;
    std::unique_ptr<NodeServer> m_server;
    QTimer m_idle;
    qint64 m_idleSinceMs = 0;
    bool m_stopping = false;
};

} // namespace muster::app
