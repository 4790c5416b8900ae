// Recorded conversations with Codex's app-server and Pi's RPC mode give the events in the .events file beside
// each, however their bytes are cut, and keep the contract wherever they end.
//
// To write the .events files anew after a wanted change: MUSTER_UPDATE_FIXTURES=1, then read the difference.
#include "tests/core/protocol/native_replay.h"

#include <QDir>
#include <QTest>

using namespace muster;
using namespace muster::testing;

namespace {

struct Played {
    QStringList lines;
    QStringList problems;
};

Played play(const QString &path, const QString &agent, const Feed &feed)
{
    NativeReplay replay(agentNamed(agent));
    replay.play(recordedLines(path), feed);
    replay.end();
    return {replay.sink.lines, replay.sink.problems};
}

} // namespace

class TestNativeTranscripts : public QObject {
    Q_OBJECT

private slots:
    void events_data();
    void events();
    void bytewise_data() { events_data(); }
    void bytewise();
    void everyCut_data() { events_data(); }
    void everyCut();
    void endsAnywhere_data() { events_data(); }
    void endsAnywhere();
};

void TestNativeTranscripts::events_data()
{
    QTest::addColumn<QString>("agent");
    QTest::addColumn<QString>("path");
    for (const QString &agent : {u"codex"_s, u"pi"_s}) {
        const QDir folder(nativeFixtures() + agent);
        const QStringList files = folder.entryList({u"*.io.jsonl"_s});
        QVERIFY(files.size() >= 3);
        for (const QString &file : files)
            QTest::addRow("%s/%s", qPrintable(agent), qPrintable(file)) << agent << folder.filePath(file);
    }
}

void TestNativeTranscripts::events()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    QFile expected(QString(path).replace(u".io.jsonl"_s, u".events"_s));
    const Played played = play(path, agent, feedWhole);
    QCOMPARE(played.problems, QStringList());
    if (qEnvironmentVariableIsSet("MUSTER_UPDATE_FIXTURES")) {
        QVERIFY(expected.open(QIODevice::WriteOnly));
        expected.write((played.lines.join(u'\n') + u'\n').toUtf8());
        return;
    }
    QVERIFY(expected.open(QIODevice::ReadOnly));
    QCOMPARE(played.lines, QString::fromUtf8(expected.readAll()).split(u'\n', Qt::SkipEmptyParts));
}

void TestNativeTranscripts::bytewise()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    const Played played = play(path, agent, [](AgentProtocol &adapter, const QByteArray &bytes) {
        for (const char &byte : bytes)
            adapter.receive(QByteArrayView(&byte, 1));
    });
    QCOMPARE(played.lines, play(path, agent, feedWhole).lines);
}

// Each line cut in two, at every position that any line has within its first part.
void TestNativeTranscripts::everyCut()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    const QStringList expected = play(path, agent, feedWhole).lines;
    for (qsizetype cut = 1; cut < 1200; ++cut) {
        const Played played = play(path, agent, [cut](AgentProtocol &adapter, const QByteArray &bytes) {
            const qsizetype at = std::min(cut, bytes.size());
            adapter.receive(QByteArrayView(bytes).first(at));
            adapter.receive(QByteArrayView(bytes).sliced(at));
        });
        QCOMPARE(played.lines, expected);
    }
}

void TestNativeTranscripts::endsAnywhere()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    const QList<RecordedLine> steps = recordedLines(path);
    for (qsizetype count = 0; count <= steps.size(); ++count) {
        NativeReplay replay(agentNamed(agent));
        replay.play(steps.first(count), feedWhole);
        replay.adapter->receive("{\"half a line"); // what was being written when it died
        replay.end();
        QCOMPARE(replay.sink.problems, QStringList());
    }
}

QTEST_APPLESS_MAIN(TestNativeTranscripts)
#include "tst_native_transcripts.moc"
