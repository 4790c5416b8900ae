// A client that finds no node starts one, and again where another one that was on its way out stood in the
// way.
#include "core/base/clock.h"
#include "core/node/link/node_server.h"
#include "core/node/link/remote_node.h"

#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QThreadPool>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 30'000;

class StatusOnly final : public Backend {
public:
    void submit(const Caller &, const api::Command &, CommandCallback done) override
    {
        done(fail(ErrorCode::Unsupported));
    }
    void query(const Caller &, const api::Query &query, QueryCallback done) override
    {
        if (std::holds_alternative<api::GetRun>(query))
            done(largeRun());
        else
            done(api::NodeStatus{.version = u"ours"_s});
    }
    static api::RunDetail largeRun()
    {
        api::RunDetail detail;
        for (int i = 0; i < 5000; ++i)
            detail.steps.push_back({.id = StepRunId{i + 1}, .stepId = u"step_%1"_s.arg(i)});
        return detail;
    }
    int subscribe(const api::Subscription &, NoticeHandler) override { return 1; }
    void unsubscribe(int) override {}
};

} // namespace

class TestRemoteNode : public QObject {
    Q_OBJECT
private slots:
    void startsAgainWhereAnotherOneWasEnding();
    void saysWhyNoNodeCouldBegin();
    void readsLargeAnswers();
    void largeAnswersAfterTheEndAreDropped();
};

void TestRemoteNode::startsAgainWhereAnotherOneWasEnding()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"node.sock"_s);
    StatusOnly backend;
    NodeServer server(backend, [](qint64, const QString &name) { return Caller{.name = name}; });
    int launches = 0;
    std::optional<Error> told;
    Status listening;
    RemoteNode node({.socketPath = path, .clientName = u"test"_s, .launch = [&] {
        if (++launches < 3)
            told = Error{.code = ErrorCode::Conflict, .detail = u"node_runs"_s};
        else
            listening = server.listen(path);
        return Status();
    }, .launched = [&] {
        const std::optional<Error> now = std::exchange(told, {});
        return now ? Status(std::unexpected(*now)) : Status();
    }, .giveUpAfterMs = patienceMs});
    QString version;
    node.query(api::GetStatus{}, this, [&](const Result<api::NodeStatus> &status) {
        version = status ? status->version : status.error().detail;
    });
    QTRY_COMPARE_WITH_TIMEOUT(version, u"ours"_s, patienceMs);
    QVERIFY(listening);
    QCOMPARE(launches, 3);
}

void TestRemoteNode::saysWhyNoNodeCouldBegin()
{
    const QTemporaryDir folder;
    int launches = 0;
    RemoteNode node({.socketPath = folder.filePath(u"node.sock"_s), .clientName = u"test"_s, .launch = [&] {
        ++launches;
        return Status();
    }, .launched = [] {
        return Status(fail(ErrorCode::DiskFull, u"no room"_s));
    }, .giveUpAfterMs = patienceMs});
    std::optional<Error> why;
    node.query(api::GetStatus{}, this, [&](const Result<api::NodeStatus> &status) {
        if (!status)
            why = status.error();
    });
    QTRY_VERIFY_WITH_TIMEOUT(why.has_value(), patienceMs);
    QCOMPARE(why->code, ErrorCode::DiskFull);
    QCOMPARE(launches, 1);
}

// On a worker, told on this thread.
void TestRemoteNode::readsLargeAnswers()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"node.sock"_s);
    StatusOnly backend;
    NodeServer server(backend, [](qint64, const QString &name) { return Caller{.name = name}; });
    QVERIFY(server.listen(path));
    RemoteNode node({.socketPath = path, .clientName = u"test"_s, .giveUpAfterMs = patienceMs});
    std::vector<api::RunDetail> told;
    for (int i = 0; i < 3; ++i) {
        node.query(api::GetRun{.run = RunId{1}}, this, [&](const Result<api::RunDetail> &detail) {
            QVERIFY(detail);
            QCOMPARE(QThread::currentThread(), thread());
            told.push_back(*detail);
        });
    }
    QString version;
    node.query(api::GetStatus{}, this, [&](const Result<api::NodeStatus> &status) {
        version = status.value_or(api::NodeStatus()).version;
    });
    QTRY_COMPARE_WITH_TIMEOUT(told.size(), size_t{3}, patienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(version, u"ours"_s, patienceMs);
    for (const api::RunDetail &detail : told) {
        QCOMPARE(detail.steps.size(), size_t{5000});
        QCOMPARE(detail.steps.back().stepId, u"step_4999"_s);
    }
}

// A request ends once: by its answer, or because the client or the one who asked is gone.
void TestRemoteNode::largeAnswersAfterTheEndAreDropped()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"node.sock"_s);
    StatusOnly backend;
    NodeServer server(backend, [](qint64, const QString &name) { return Caller{.name = name}; });
    QVERIFY(server.listen(path));
    RemoteNode other({.socketPath = path, .clientName = u"test"_s, .giveUpAfterMs = patienceMs});
    auto node = std::make_unique<RemoteNode>(
        RemoteNodeOptions{.socketPath = path, .clientName = u"test"_s, .giveUpAfterMs = patienceMs});
    auto asker = std::make_unique<QObject>();
    int told = 0;
    int toldOther = 0;
    for (int i = 0; i < 3; ++i) {
        node->query(api::GetRun{.run = RunId{1}}, this, [&](const Result<api::RunDetail> &) {
            ++told;
            asker.reset();
        });
        other.query(api::GetRun{.run = RunId{1}}, asker.get(), [&](const Result<api::RunDetail> &) {
            QVERIFY(asker);
            ++toldOther;
        });
    }
    QTRY_VERIFY_WITH_TIMEOUT(told > 0, patienceMs);
    node.reset();
    QString version;
    other.query(api::GetStatus{}, this, [&](const Result<api::NodeStatus> &status) {
        version = status.value_or(api::NodeStatus()).version;
    });
    QTRY_COMPARE_WITH_TIMEOUT(version, u"ours"_s, patienceMs);
    QVERIFY(QThreadPool::globalInstance()->waitForDone(patienceMs));
    QVERIFY(told <= 3 && toldOther <= 3);
}

QTEST_GUILESS_MAIN(TestRemoteNode)
#include "tst_remote_node.moc"
