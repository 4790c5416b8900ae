// A node to test against, the same way in this process and as a background process behind its socket, each
// with a home of its own. Requests wait for their answer with a spinning event loop.
#pragma once

#include "core/base/clock.h"
#include "core/base/paths.h"
#include "core/node/link/in_process_node.h"
#include "core/node/link/remote_node.h"
#include "core/node/service/node.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace muster::testing {

inline constexpr int patienceMs = 60'000;

class NodeHarness {
public:
    // `prepare` is called before the node is there, for what it reads at its start.
    explicit NodeHarness(bool background, const std::function<void(const Paths &)> &prepare = {})
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("MUSTER_HOME"), m_home.path());
        m_environment = environment;
        m_paths = Paths::resolve(environment).value();
        if (prepare)
            prepare(m_paths);
        if (background)
            connectToBackground();
        else
            openInProcess();
    }
    ~NodeHarness()
    {
        m_api.reset();
        if (m_node) {
            bool stopped = false;
            m_node->stop([&] { stopped = true; });
            (void)QTest::qWaitFor([&] { return stopped; }, patienceMs);
        }
        killServer();
    }
    NodeHarness(const NodeHarness &) = delete;
    NodeHarness &operator=(const NodeHarness &) = delete;

    [[nodiscard]] api::NodeApi &api() { return *m_api; }
    [[nodiscard]] QString home() const { return m_home.path(); }
    [[nodiscard]] const Paths &paths() const { return m_paths; }
    [[nodiscard]] QProcess *server() { return m_server.get(); }

    Result<api::CommandDone> submit(const api::Command &command)
    {
        std::optional<Result<api::CommandDone>> answer;
        m_api->submit(command, m_api.get(), [&](Result<api::CommandDone> done) { answer = std::move(done); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, patienceMs))
            return fail(ErrorCode::Timeout);
        return *answer;
    }

    template <typename Q> Result<typename Q::Reply> query(const Q &query)
    {
        std::optional<Result<typename Q::Reply>> answer;
        m_api->query(query, m_api.get(), [&](Result<typename Q::Reply> reply) { answer = std::move(reply); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, patienceMs))
            return fail(ErrorCode::Timeout);
        return *answer;
    }

    // The run's detail once it is settled.
    std::optional<api::RunDetail> ended(RunId run)
    {
        std::optional<api::RunDetail> detail;
        const bool settled = QTest::qWaitFor([&] {
            auto now = query(api::GetRun{.run = run});
            if (now)
                detail = std::move(*now);
            return detail && isSettled(detail->run.status);
        }, patienceMs);
        return settled ? detail : std::nullopt;
    }

    void startServer()
    {
        m_server = std::make_unique<QProcess>();
        m_server->setProcessEnvironment(m_environment);
        m_server->setProcessChannelMode(QProcess::ForwardedChannels);
        m_server->start(QStringLiteral(MUSTER_BIN_DIR "/muster"), {QStringLiteral("serve")});
    }
    void killServer()
    {
        if (!m_server)
            return;
        m_server->kill();
        m_server->waitForFinished(patienceMs);
        m_server.reset();
    }

private:
    void openInProcess()
    {
        m_node = Node::open({.paths = m_paths, .binFolder = QStringLiteral(MUSTER_BIN_DIR)}, m_clock).value();
        m_node->start([] {});
        m_api = std::make_unique<InProcessNode>(
            *m_node, Caller{.role = Caller::Role::Person, .name = QStringLiteral("test")});
    }
    void connectToBackground()
    {
        startServer();
        // A launch function, so that it keeps trying until the node stands.
        m_api = std::make_unique<RemoteNode>(RemoteNodeOptions{
            .socketPath = m_paths.socketFile, .clientName = QStringLiteral("test"), .launch = [] {
            return Status();
        }, .giveUpAfterMs = patienceMs});
    }

    QTemporaryDir m_home;
    QProcessEnvironment m_environment;
    Paths m_paths;
    SystemClock m_clock;
    std::unique_ptr<Node> m_node;
    std::unique_ptr<QProcess> m_server;
    std::unique_ptr<api::NodeApi> m_api;
};

} // namespace muster::testing
