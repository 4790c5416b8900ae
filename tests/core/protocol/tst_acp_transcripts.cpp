// Recorded conversations with real agents (tests/fixtures/transcripts/*/acp_*.io.jsonl) give the events in
// the .events file beside each, however their bytes are cut.
//
// To write the .events files anew after a wanted change: MUSTER_UPDATE_FIXTURES=1, then read the difference.
#include "tests/core/protocol/acp_replay.h"

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

QStringList play(const QString &path, const QString &agent, const Feed &feed)
{
    Recorder recorder;
    AcpAdapter adapter(recorder, quirksOf(agent));
    Replay(path).play(adapter, recorder, feed);
    adapter.streamEnded(FailureReason::Crashed, u"end of recording"_s);
    return recorder.lines;
}

QStringList wholeLines(const QString &path, const QString &agent)
{
    return play(path, agent, [](AcpAdapter &adapter, const QByteArray &bytes) { adapter.receive(bytes); });
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
    const QStringList lines = wholeLines(path, agent);
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
    const QStringList lines = play(path, agent, [](AcpAdapter &adapter, const QByteArray &bytes) {
        for (const char &byte : bytes)
            adapter.receive(QByteArrayView(&byte, 1));
    });
    QCOMPARE(lines, wholeLines(path, agent));
}

void TestAcpTranscripts::randomCuts()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    const QStringList expected = wholeLines(path, agent);
    for (quint32 seed = 1; seed <= 20; ++seed) {
        QRandomGenerator random(seed);
        const QStringList lines = play(path, agent, [&](AcpAdapter &adapter, const QByteArray &bytes) {
            for (qsizetype at = 0; at < bytes.size();) {
                const qsizetype size = std::min<qsizetype>(random.bounded(1, 300), bytes.size() - at);
                adapter.receive(QByteArrayView(bytes).sliced(at, size));
                at += size;
            }
        });
        QCOMPARE(lines, expected);
    }
}

void TestAcpTranscripts::everyCut()
{
    const QString path = root() + u"gemini/acp_cancel.io.jsonl"_s;
    const QStringList expected = wholeLines(path, u"gemini"_s);
    QVERIFY(expected.size() > 6);
    for (qsizetype cut = 1; cut < 1500; ++cut) {
        const QStringList lines = play(path, u"gemini"_s, [&](AcpAdapter &adapter, const QByteArray &bytes) {
            const qsizetype at = std::min(cut, bytes.size());
            adapter.receive(QByteArrayView(bytes).first(at));
            adapter.receive(QByteArrayView(bytes).sliced(at));
        });
        QCOMPARE(lines, expected);
    }
}

QTEST_APPLESS_MAIN(TestAcpTranscripts)
#include "tst_acp_transcripts.moc"
