// Recorded conversations with real agents (tests/fixtures/transcripts/*/acp_*.io.jsonl) give the events in
// the .events file beside each, however their bytes are cut.
//
// To write the .events files anew after a wanted change: MUSTER_UPDATE_FIXTURES=1, then read the difference.
#include "tests/core/protocol/acp_replay.h"
#include "tests/core/protocol/protocol_fuzz.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTest>

using namespace muster;
using namespace muster::testing;

namespace {

AcpQuirks quirksOf(const QString &agent)
{
    AcpQuirks quirks;
    if (agent == u"opencode"_s) {
        quirks.usage = UsageMeaning::LastCall;
        quirks.offersFileWrite = true;
    }
    if (agent == u"copilot"_s) {
        quirks.usage = UsageMeaning::SessionCumulative;
        quirks.errorTexts = {{.pattern = u"^Error: .*\\b429\\b"_s, .reason = FailureReason::RateLimited}};
    }
    return quirks;
}

MakeProtocol maker(const QString &agent)
{
    return [agent](ProtocolSink &sink) {
        return std::make_unique<AcpAdapter>(sink, quirksOf(agent));
    };
}

QString root() { return QStringLiteral(MUSTER_SOURCE_DIR "/tests/fixtures/transcripts/"); }

} // namespace

class TestAcpTranscripts : public QObject {
    Q_OBJECT

private slots:
    void events_data();
    void events();
    void bytewise_data() { events_data(); }
    void bytewise();
    void randomCuts_data() { events_data(); }
    void randomCuts();
    void everyCut();
    void deaths_data() { events_data(); }
    void deaths();
    void garbage_data() { events_data(); }
    void garbage();
    void fuzz();
};

void TestAcpTranscripts::events_data()
{
    QTest::addColumn<QString>("agent");
    QTest::addColumn<QString>("path");
    const QStringList agents = QDir(root()).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &agent : agents) {
        const QDir folder(root() + agent);
        const QStringList files = folder.entryList({u"acp_*.io.jsonl"_s});
        for (const QString &file : files)
            QTest::addRow("%s/%s", qPrintable(agent), qPrintable(file)) << agent << folder.filePath(file);
    }
}

void TestAcpTranscripts::events()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    QFile expected(QString(path).replace(u".io.jsonl"_s, u".events"_s));
    QStringList problems;
    const QStringList lines = playedLines(maker(agent), acpConversation(path), &problems);
    QCOMPARE(problems, QStringList());
    if (qEnvironmentVariableIsSet("MUSTER_UPDATE_FIXTURES")) {
        QVERIFY(expected.open(QIODevice::WriteOnly));
        expected.write((lines.join(u'\n') + u'\n').toUtf8());
        return;
    }
    QVERIFY(expected.open(QIODevice::ReadOnly));
    QCOMPARE(lines, QString::fromUtf8(expected.readAll()).split(u'\n', Qt::SkipEmptyParts));
}

void TestAcpTranscripts::bytewise()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    QCOMPARE(checkBytewise(maker(agent), acpConversation(path)), QString());
}

void TestAcpTranscripts::randomCuts()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    QStringList problems;
    const Conversation steps = acpConversation(path);
    const QStringList expected = playedLines(maker(agent), steps, &problems);
    for (quint32 seed = 1; seed <= 20; ++seed) {
        QRandomGenerator random(seed);
        const Feed cutAtRandom = [&](AgentProtocol &adapter, const QByteArray &bytes) {
            for (qsizetype at = 0; at < bytes.size();) {
                const qsizetype size = std::min<qsizetype>(random.bounded(1, 300), bytes.size() - at);
                adapter.receive(QByteArrayView(bytes).sliced(at, size));
                at += size;
            }
        };
        QCOMPARE(playedLines(maker(agent), steps, &problems, cutAtRandom), expected);
    }
    QCOMPARE(problems, QStringList());
}

void TestAcpTranscripts::everyCut()
{
    const Conversation steps = acpConversation(root() + u"gemini/acp_cancel.io.jsonl"_s);
    QVERIFY(steps.size() > 6);
    QCOMPARE(checkCuts(maker(u"gemini"_s), steps), QString());
}

void TestAcpTranscripts::deaths()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    QCOMPARE(checkDeaths(maker(agent), acpConversation(path)), QString());
}

void TestAcpTranscripts::garbage()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    QCOMPARE(checkGarbage(maker(agent), acpConversation(path)), QString());
}

void TestAcpTranscripts::fuzz()
{
    const QStringList agents = QDir(root()).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &agent : agents) {
        QList<Conversation> corpus;
        const QDir folder(root() + agent);
        const QStringList files = folder.entryList({u"acp_*.io.jsonl"_s});
        for (const QString &file : files)
            corpus.append(acpConversation(folder.filePath(file)));
        if (!corpus.isEmpty())
            QCOMPARE(Fuzzer(maker(agent), corpus).run(1, Fuzzer::inputs(400)), QString());
    }
}

QTEST_APPLESS_MAIN(TestAcpTranscripts)
#include "tst_acp_transcripts.moc"
