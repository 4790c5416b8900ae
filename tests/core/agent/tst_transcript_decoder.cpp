// The events that recorded conversations with real agents decode to, from records and from bare lines.
#include "core/agent/runtime_catalog.h"
#include "core/agent/transcript_decoder.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

const QString kTranscripts = QStringLiteral(MUSTER_SOURCE_DIR "/tests/fixtures/transcripts");

RuntimeRecord runtime(const QString &id)
{
    const auto catalog =
        RuntimeCatalog::load(QStringLiteral(MUSTER_SOURCE_DIR "/resources/runtimes"), u"/opt/muster"_s);
    const RuntimeRecord *found = catalog ? catalog->find(id) : nullptr;
    return found ? *found : RuntimeRecord();
}

QList<QByteArray> linesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().split('\n') : QList<QByteArray>();
}

// What the agent wrote, as it would have been written to a file.
QList<QByteArray> bareLines(const QList<QByteArray> &records)
{
    QList<QByteArray> bare;
    for (const QByteArray &record : records) {
        if (record.contains("\"dir\":\"<\""))
            bare += record.sliced(record.indexOf("\"msg\":") + 6).chopped(1);
    }
    return bare;
}

QList<QJsonObject> decoded(const QString &agent, const QList<QByteArray> &lines)
{
    QList<QJsonObject> events;
    TranscriptDecoder decoder(runtime(agent), TranscriptDecoder::isRecord(lines.value(0)),
                              [&](const QJsonObject &event) { events += event; });
    for (const QByteArray &line : lines)
        decoder.take(line);
    decoder.end();
    return events;
}

QStringList kinds(const QList<QJsonObject> &events)
{
    QStringList out;
    for (const QJsonObject &event : events) {
        if (event.value(u"kind").toString().startsWith(u"session."))
            out += event.value(u"kind").toString();
    }
    return out;
}

} // namespace

class TestTranscriptDecoder : public QObject {
    Q_OBJECT

private slots:
    void recordings_data();
    void recordings();
    void promptInBetweenGetsItsOwnTurn();
    void nativeQwen();
    void linesAndTimesAreKept();
    void denialIsPlayed();
    void notATranscript();
    void turnThatDoesNotEnd();
};

void TestTranscriptDecoder::recordings_data()
{
    QTest::addColumn<QString>("agent");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QString>("reason");
    const auto row = [](const QString &agent, const QString &file, const QString &outcome,
                        const QString &reason = {}) {
        QTest::newRow(qPrintable(agent + u' ' + file)) << agent << file << outcome << reason;
    };
    for (const auto &agent : {u"claude-acp"_s, u"codex-acp"_s, u"copilot"_s, u"gemini"_s, u"opencode"_s})
        row(agent, u"acp_allow"_s, u"completed"_s);
    row(u"codex-acp"_s, u"acp_err_429"_s, u"failed"_s, u"rate_limited"_s);
    row(u"copilot"_s, u"acp_err_429"_s, u"failed"_s, u"rate_limited"_s);
    row(u"claude-acp"_s, u"acp_err_429"_s, u"failed"_s, u"rate_limited"_s);
    row(u"opencode"_s, u"acp_err_429"_s, u"failed"_s, u"rate_limited"_s);
    row(u"claude"_s, u"perm_allow"_s, u"completed"_s);
    row(u"codex"_s, u"appserver_approve"_s, u"completed"_s);
    row(u"codex"_s, u"appserver_err_429"_s, u"failed"_s, u"rate_limited"_s);
    row(u"pi"_s, u"rpc_gate_allow"_s, u"completed"_s);
}

void TestTranscriptDecoder::recordings()
{
    QFETCH(QString, agent);
    QFETCH(QString, file);
    QFETCH(QString, outcome);
    QFETCH(QString, reason);
    const QList<QByteArray> records = linesOf(kTranscripts + u'/' + agent + u'/' + file + u".io.jsonl"_s);
    QVERIFY(TranscriptDecoder::isRecord(records.value(0)));
    const QList<QJsonObject> events = decoded(agent, records);
    const QStringList said = kinds(events);
    QVERIFY(said.contains(u"session.started"_s));
    QCOMPARE(said.last(), u"session.turn_finished"_s);
    const QJsonObject end = events.last().value(u"data").toObject();
    QCOMPARE(end.value(u"outcome").toString(), outcome);
    QCOMPARE(end.value(u"reason").toString(), reason);

    const QList<QByteArray> bare = bareLines(records);
    QVERIFY(!TranscriptDecoder::isRecord(bare.value(0)));
    QCOMPARE(kinds(decoded(agent, bare)), said);
}

void TestTranscriptDecoder::promptInBetweenGetsItsOwnTurn()
{
    const QStringList said =
        kinds(decoded(u"claude"_s, linesOf(kTranscripts + u"/claude/multiturn.io.jsonl"_s)));
    QCOMPARE(said.count(u"session.turn_started"_s), 5);
    QCOMPARE(said.count(u"session.turn_finished"_s), 5);
}

void TestTranscriptDecoder::nativeQwen()
{
    const QStringList said =
        kinds(decoded(u"qwen-native"_s, linesOf(kTranscripts + u"/qwen/allow_turns.io.jsonl"_s)));
    QCOMPARE(said.count(u"session.turn_finished"_s), 2);
    QCOMPARE(said.count(u"session.permission_requested"_s), 1);
}

void TestTranscriptDecoder::linesAndTimesAreKept()
{
    const QList<QByteArray> records = linesOf(kTranscripts + u"/gemini/acp_allow.io.jsonl"_s);
    int before = 0;
    for (const QJsonObject &event : decoded(u"gemini"_s, records)) {
        const int line = event.value(u"line").toInt();
        QVERIFY(line >= before && line <= records.size());
        QVERIFY(event.value(u"t").isDouble());
        before = line;
    }
    QVERIFY(before > 1);
    QVERIFY(!decoded(u"gemini"_s, bareLines(records)).first().contains(u"t"));
}

// What the person said then is said again, and changes how the turn ends: this agent calls a turn cancelled
// in which it was told no.
void TestTranscriptDecoder::denialIsPlayed()
{
    const QByteArray ask =
        R"({"jsonrpc":"2.0","id":0,"method":"session/request_permission","params":{"sessionId":"s","toolCall":{"toolCallId":"c","kind":"edit","title":"w"},"options":[{"optionId":"y","kind":"allow_once","name":"Y"},{"optionId":"n","kind":"reject_once","name":"N"}]}})";
    const auto talk = [&](const QByteArray &option) {
        return QList<QByteArray>{
            R"({"dir":"<","msg":{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":1,"agentCapabilities":{}}}})",
            R"({"dir":"<","msg":{"jsonrpc":"2.0","id":2,"result":{"sessionId":"s"}}})",
            R"({"dir":">","msg":{"jsonrpc":"2.0","id":3,"method":"session/prompt","params":{"prompt":[{"type":"text","text":"x"}]}}})",
            QByteArray("{\"dir\":\"<\",\"msg\":" + ask + "}"),
            QByteArray(
                R"({"dir":">","msg":{"jsonrpc":"2.0","id":0,"result":{"outcome":{"outcome":"selected","optionId":")" +
                option + R"("}}}})"),
            R"({"dir":"<","msg":{"jsonrpc":"2.0","id":3,"result":{"stopReason":"cancelled"}}})"};
    };
    const auto reason = [&](const QByteArray &option) {
        return decoded(u"codex-acp"_s, talk(option)).last().value(u"data")[u"reason"].toString();
    };
    QCOMPARE(reason("n"), u"permission_denied"_s);
    QCOMPARE(reason("y"), u"aborted"_s);
}

void TestTranscriptDecoder::notATranscript()
{
    const QList<QByteArray> prose{"Dear sir,", "", "this is no transcript.", "{\"dir\": 3}"};
    QVERIFY(!TranscriptDecoder::isRecord(prose.first()));
    QVERIFY(!kinds(decoded(u"qwen"_s, prose)).contains(u"session.started"_s));
    QVERIFY(!kinds(decoded(u"qwen"_s, {})).contains(u"session.started"_s));
}

void TestTranscriptDecoder::turnThatDoesNotEnd()
{
    QList<QByteArray> records = linesOf(kTranscripts + u"/copilot/acp_allow.io.jsonl"_s);
    while (!records.isEmpty() && !records.last().contains("stopReason"))
        records.removeLast();
    records.removeLast();
    const QJsonObject end = decoded(u"copilot"_s, records).last();
    QCOMPARE(end.value(u"kind").toString(), u"session.turn_finished"_s);
    QCOMPARE(end.value(u"data")[u"detail"].toString(), u"end of the transcript"_s);
}

QTEST_GUILESS_MAIN(TestTranscriptDecoder)
#include "tst_transcript_decoder.moc"
