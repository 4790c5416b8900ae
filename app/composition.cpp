#include "app/composition.h"

#include "core/node/link/in_process_node.h"

#include <QAbstractEventDispatcher>
#include <QTimer>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr int reapMs = 100;

} // namespace

Result<std::unique_ptr<CoreThread>> CoreThread::start(const NodeOptions &options, const QString &clientName)
{
    std::unique_ptr<CoreThread> core(new CoreThread);
    core->m_thread.setObjectName(u"core"_s);
    core->m_thread.start();
    // Processes are started, and die, with the thread that opens the node.
    auto *opener = new QObject;
    opener->moveToThread(&core->m_thread);
    Status opened;
    QMetaObject::invokeMethod(opener, [&] {
        auto node = Node::open(options, core->m_clock);
        if (node) {
            core->m_node = node->release();
            core->m_node->start([] {});
        } else {
            opened = std::unexpected(node.error());
        }
    }, Qt::BlockingQueuedConnection);
    opener->deleteLater();
    if (!opened)
        return std::unexpected(opened.error());
    core->m_api = std::make_unique<InProcessNode>(*core->m_node,
                                                  Caller{.role = Caller::Role::Person, .name = clientName});
    connect(&core->m_thread, &QThread::finished, core.get(), &CoreThread::stopped);
    return core;
}

CoreThread::~CoreThread()
{
    stop();
    m_thread.wait();
}

void CoreThread::stop()
{
    if (std::exchange(m_stopping, true))
        return;
    if (!m_node) {
        m_thread.quit();
        return;
    }
    QMetaObject::invokeMethod(m_node, [node = m_node, thread = &m_thread] {
        node->stop([node, thread] {
            // Not from inside its own call.
            QMetaObject::invokeMethod(node, [node, thread] {
                delete node;
                // What the node has killed at its end is reaped by this loop, not by nobody.
                QTimer::singleShot(reapMs, QAbstractEventDispatcher::instance(),
                                   [thread] { thread->quit(); });
            }, Qt::QueuedConnection);
        });
    });
}

} // namespace muster::app
