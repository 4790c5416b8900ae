// A node to test against, the same way in this process and as a background process behind its socket, each
// with a home of its own. Requests wait for their answer with a spinning event loop.
#pragma once

#include "core/base/clock.h"
#include "core/base/paths.h"
#include "core/node/link/in_process_node.h"
#include "core/node/link/remote_node.h"
#include "core/node/service/node.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

namespace muster::testing {

inline constexpr int patienceMs = 60'000;

// Like QTest::qWaitFor, which sleeps 10 ms after each look at the event loop: each of the many steps of a
// node in this process would wait for that.
template <typename Predicate> bool waitFor(Predicate predicate)
{
    const QDeadlineTimer deadline(patienceMs);
    while (!predicate() && !deadline.hasExpired()) {
        QEventLoop loop;
        QTimer::singleShot(std::chrono::milliseconds(10), &loop, &QEventLoop::quit);
        loop.exec();
    }
    return predicate();
}

// `program`: how the path of its executable ends.
inline QList<qint64> processesIn(const QString &folder, const QString &program = {})
{
    QList<qint64> pids;
    const QStringList all = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString &pid : all) {
        if (QFile::symLinkTarget(QStringLiteral("/proc/%1/cwd").arg(pid)) == folder &&
            QFile::symLinkTarget(QStringLiteral("/proc/%1/exe").arg(pid)).endsWith(program))
            pids += pid.toLongLong();
    }
    return pids;
}

class NodeHarness {
public:
    // `prepare` is called before the node is there, for what it reads at its start.
    // `clock`: of a node in this process; none: the system's.
    explicit NodeHarness(bool background, const std::function<void(const Paths &)> &prepare = {},
                         const Clock *clock = nullptr)
        : m_clock(clock ? clock : &m_systemClock)
    {
        // The agent says what it has to say without pauses, and keeps its sessions here.
        qputenv("MUSTER_DEMO_PACE_MS", "0");
        qputenv("MUSTER_DEMO_STATE", QFile::encodeName(m_home.filePath(QStringLiteral("demo-state"))));
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
        closeInProcess();
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
        return answerTo<api::CommandDone>(
            [&](QObject *context, auto callback) { m_api->submit(command, context, callback); });
    }

    // In this process: as a program within an agent's tree.
    Result<api::CommandDone> submitAsAgent(const api::Command &command)
    {
        InProcessNode agent(*m_node, Caller{.role = Caller::Role::Agent, .name = QStringLiteral("agent")});
        return answerTo<api::CommandDone>(
            [&](QObject *context, auto callback) { agent.submit(command, context, callback); });
    }

    template <typename Q> Result<typename Q::Reply> query(const Q &query)
    {
        return answerTo<typename Q::Reply>(
            [&](QObject *context, auto callback) { m_api->query(query, context, callback); });
    }

    // The run's detail once it is settled.
    std::optional<api::RunDetail> ended(RunId run)
    {
        std::optional<api::RunDetail> detail;
        const bool settled = waitFor([&] {
            auto now = query(api::GetRun{.run = run});
            if (now)
                detail = std::move(*now);
            return detail && isSettled(detail->run.status);
        });
        return settled ? detail : std::nullopt;
    }

    // What waits for the person, of this run or of all, once something does; without an id when nothing came.
    api::InboxInfo openItem(RunId run = {})
    {
        api::InboxInfo item;
        (void)waitFor([&] {
            const auto items = query(api::ListInbox{.run = run});
            if (items && !items->empty())
                item = items->front();
            return item.id.isValid();
        });
        return item;
    }

    // In this process: the node ends, and another one goes on with its work as soon as the event loop runs.
    void reopen()
    {
        closeInProcess();
        openInProcess();
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
    template <typename T, typename Ask> static Result<T> answerTo(Ask ask)
    {
        Result<T> answer = fail(ErrorCode::Timeout);
        bool answered = false;
        QEventLoop loop;
        ask(&loop, [&](Result<T> reply) {
            answer = std::move(reply);
            answered = true;
            loop.quit();
        });
        QTimer::singleShot(patienceMs, &loop, &QEventLoop::quit);
        if (!answered)
            loop.exec();
        return answer;
    }
    void openInProcess()
    {
        m_node =
            Node::open({.paths = m_paths, .binFolder = QStringLiteral(MUSTER_BIN_DIR)}, *m_clock).value();
        m_node->start([] {});
        m_api = std::make_unique<InProcessNode>(
            *m_node, Caller{.role = Caller::Role::Person, .name = QStringLiteral("test")});
    }
    void closeInProcess()
    {
        m_api.reset();
        if (m_node) {
            bool stopped = false;
            m_node->stop([&] { stopped = true; });
            (void)waitFor([&] { return stopped; });
        }
        m_node.reset();
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
    SystemClock m_systemClock;
    const Clock *m_clock;
    std::unique_ptr<Node> m_node;
    std::unique_ptr<QProcess> m_server;
    std::unique_ptr<api::NodeApi> m_api;
};

} // namespace muster::testing
