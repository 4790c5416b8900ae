// CoreThread: a node of this process on a core thread of its own, for a window without a background node. The
// only place of the window that makes the thread; objects on it do not know. GUI thread, but for what runs on
// the core thread by itself.
#pragma once

#include "core/base/clock.h"
#include "core/node/api/node_api.h"
#include "core/node/service/node.h"

#include <QThread>

#include <memory>

namespace muster::app {

class CoreThread final : public QObject {
    Q_OBJECT

public:
    // Waits until the store is open; meant for before the event loop.
    [[nodiscard]] static Result<std::unique_ptr<CoreThread>> start(const NodeOptions &options,
                                                                   const QString &clientName);
    ~CoreThread() override;
    Q_DISABLE_COPY_MOVE(CoreThread)

    [[nodiscard]] api::NodeApi &api() { return *m_api; }
    // Ends the node; runs keep their state for the next one. `stopped` when nothing of it runs any more.
    void stop();

signals:
    void stopped();

private:
    CoreThread() = default;

    SystemClock m_clock;
    QThread m_thread;
    Node *m_node = nullptr; // lives and dies on m_thread
    std::unique_ptr<api::NodeApi> m_api;
    bool m_stopping = false;
};

} // namespace muster::app
