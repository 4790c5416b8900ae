// A client that finds no node starts one, and again where another one that was on its way out stood in the
// way.
#include "core/base/clock.h"
#include "core/node/link/node_server.h"
#include "core/node/link/remote_node.h"

#include <QTemporaryDir>
#include <QTest>

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
    void query(const Caller &, const api::Query &, QueryCallback done) override
    {
        done(api::NodeStatus{.version = u"ours"_s});
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

QTEST_GUILESS_MAIN(TestRemoteNode)
#include "tst_remote_node.moc"
