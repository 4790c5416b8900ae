#include "app/node_access.h"

#include "app/background_launch.h"
#include "core/node/link/in_process_node.h"
#include "core/node/link/remote_node.h"

#include <QCoreApplication>

#include <fcntl.h>
#include <unistd.h>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr int idleLookMs = 5'000;

NodeOptions nodeOptions(const Paths &paths)
{
    return {.paths = paths, .binFolder = QCoreApplication::applicationDirPath()};
}

} // namespace

Result<std::unique_ptr<NodeAccess>> NodeAccess::inProcess(const Paths &paths, const QString &clientName,
                                                          Caller::Role role)
{
    std::unique_ptr<NodeAccess> access(new NodeAccess);
    auto node = Node::open(nodeOptions(paths), access->m_clock);
    if (!node)
        return std::unexpected(node.error());
    access->m_node = std::move(*node);
    access->m_node->start([] {});
    access->m_api =
        std::make_unique<InProcessNode>(*access->m_node, Caller{.role = role, .name = clientName});
    return access;
}

std::unique_ptr<NodeAccess> NodeAccess::background(const Paths &paths, const QString &clientName, bool launch,
                                                   Caller::Role role)
{
    std::unique_ptr<NodeAccess> access(new NodeAccess);
    RemoteNodeOptions options{
        .socketPath = paths.socketFile, .clientName = clientName, .forAgent = role == Caller::Role::Agent};
    if (launch) {
        const auto starting = std::make_shared<BackgroundLaunch>(paths);
        options.launch = [starting] {
            return starting->start();
        };
        options.launched = [starting] {
            return starting->result();
        };
    }
    access->m_api = std::make_unique<RemoteNode>(std::move(options));
    return access;
}

NodeAccess::~NodeAccess() { m_api.reset(); }

void NodeAccess::stop(std::function<void()> done)
{
    if (m_node)
        m_node->stop(std::move(done));
    else
        done();
}

Result<std::unique_ptr<ServingNode>> ServingNode::start(const Paths &paths, bool background)
{
    const QByteArray lockPath = (paths.socketFile + u".lock"_s).toLocal8Bit();
    const int lock = open(lockPath.constData(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock < 0)
        return fail(ErrorCode::Io, u"cannot open the lock"_s, QString::fromLocal8Bit(lockPath));
    // A record lock and not flock(): a child that a killed node had just forked would still hold the latter.
    struct flock wholeFile = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0, .l_pid = 0};
    if (fcntl(lock, F_SETLK, &wholeFile) != 0) {
        close(lock);
        return fail(ErrorCode::Conflict, u"node_runs"_s, paths.home);
    }
    std::unique_ptr<ServingNode> serving(new ServingNode);
    serving->m_lockFd = lock;
    auto node = Node::open(nodeOptions(paths), serving->m_clock);
    if (!node)
        return std::unexpected(node.error());
    serving->m_node = std::move(*node);
    serving->m_server = std::make_unique<NodeServer>(
        *serving->m_node, [node = serving->m_node.get()](qint64 pid, const QString &name) {
        return node->classify(pid, name);
    });
    if (Status listening = serving->m_server->listen(paths.socketFile); !listening)
        return std::unexpected(listening.error());
    connect(serving->m_node.get(), &Node::stopRequested, serving.get(), &ServingNode::stop);
    serving->m_node->start([] {});
    if (background) {
        connect(&serving->m_idle, &QTimer::timeout, serving.get(), &ServingNode::watchIdle);
        serving->m_idle.start(idleLookMs);
    }
    return serving;
}

void ServingNode::watchIdle()
{
    const bool idle = m_server->clientCount() == 0 && m_node->isIdle();
    const qint64 now = m_clock.monotonicMs();
    if (!idle)
        m_idleSinceMs = 0;
    else if (m_idleSinceMs == 0)
        m_idleSinceMs = now;
    else if (now - m_idleSinceMs > qint64{60'000} * m_node->settings().number(u"node.idle_minutes"_s))
        stop();
}

void ServingNode::stop()
{
    if (std::exchange(m_stopping, true))
        return;
    m_server->close();
    m_node->stop([this] { emit stopped(); });
}

} // namespace muster::app
