// What an agent's errors say about limits.
#include "tests/core/protocol/acp_replay.h"

#include <QTest>

using namespace muster;
using namespace muster::testing;

class TestAcpLimits : public QObject {
    Q_OBJECT
private slots:
    void resetOfARateLimit_data();
    void resetOfARateLimit();
};

void TestAcpLimits::resetOfARateLimit_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<qint64>("resetAtMs"); // 0: not known
    QTest::newRow("known") << QByteArray(R"({"errorKind":"rate_limit","resetAt":"2026-06-01T07:00:00Z"})")
                           << Q_INT64_C(1780297200000);
    QTest::newRow("with an offset")
        << QByteArray(R"({"errorKind":"rate_limit","resetAt":"2026-06-01T09:00:00+02:00"})")
        << Q_INT64_C(1780297200000);
    QTest::newRow("not said") << QByteArray(R"({"errorKind":"rate_limit"})") << qint64(0);
    QTest::newRow("nonsense") << QByteArray(R"({"errorKind":"rate_limit","resetAt":"soon"})") << qint64(0);
}

void TestAcpLimits::resetOfARateLimit()
{
    QFETCH(QByteArray, data);
    QFETCH(qint64, resetAtMs);
    Recorder recorder;
    AcpAdapter adapter(recorder, {});
    adapter.open({.workingDir = u"/lab/work"_s, .resumeId = {}, .model = {}, .mcpServers = {}});
    const auto answerLast = [&](const QByteArray &result) {
        const QByteArray id = QByteArray::number(recorder.lastSent().value(u"id"_s).toInteger());
        const QByteArray line = R"({"jsonrpc":"2.0","id":)" + id + ',' + result + "}\n";
        adapter.receive(line);
    };
    answerLast(R"("result":{"protocolVersion":1,"agentCapabilities":{}})");
    answerLast(R"("result":{"sessionId":"s1"})");
    QVERIFY(adapter.prompt({.text = u"go"_s, .attachments = {}}));
    answerLast(R"("error":{"code":-32011,"message":"slow down","data":)" + data + '}');
    const auto limited = std::ranges::find_if(recorder.events, [](const SessionEvent &event) {
        return std::holds_alternative<RateLimited>(event);
    });
    QVERIFY(limited != recorder.events.end());
    QVERIFY(std::get<RateLimited>(*limited).hard);
    QCOMPARE(std::get<RateLimited>(*limited).resetAtMs.value_or(0), resetAtMs);
}

QTEST_APPLESS_MAIN(TestAcpLimits)
#include "tst_acp_limits.moc"
