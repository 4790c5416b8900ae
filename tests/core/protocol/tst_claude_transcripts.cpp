// Recorded conversations with Claude Code and Qwen (tests/fixtures/transcripts/{claude,qwen}) give the events
// in the .events file beside each, however their bytes are cut and wherever the agent dies.
//
// To write the .events files anew after a wanted change: MUSTER_UPDATE_FIXTURES=1, then read the difference.
#include "tests/core/protocol/claude_replay.h"
#include "tests/core/protocol/protocol_fuzz.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>

using namespace muster;
using namespace muster::testing;

namespace {

MakeProtocol maker(const QString &agent)
{
    return claudeMaker(agent == u"qwen"_s ? qwenQuirks() : StreamJsonQuirks{});
}

QDir folderOf(const QString &agent)
{
    return QDir(QStringLiteral(MUSTER_SOURCE_DIR "/tests/fixtures/transcripts/") + agent);
}

} // namespace

class TestClaudeTranscripts : public QObject {
    Q_OBJECT

private slots:
    void events_data();
    void events();
    void everyCut_data() { events_data(); }
    void everyCut();
    void bytewise_data() { events_data(); }
    void bytewise();
    void deaths_data() { events_data(); }
    void deaths();
    void garbage_data() { events_data(); }
    void garbage();
    void fuzz_data();
    void fuzz();
};

void TestClaudeTranscripts::events_data()
{
    QTest::addColumn<QString>("agent");
    QTest::addColumn<QString>("path");
    for (const auto *agent : {"claude", "qwen"}) {
        const QDir folder = folderOf(QLatin1StringView(agent));
        const QStringList files = folder.entryList({u"*.jsonl"_s});
        for (const QString &file : files)
            QTest::addRow("%s/%s", agent, qPrintable(file))
                << QString::fromLatin1(agent) << folder.filePath(file);
    }
}

void TestClaudeTranscripts::events()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    QStringList problems;
    const QStringList lines = playedLines(maker(agent), claudeConversation(path), &problems);
    QCOMPARE(problems, QStringList());
    QFile expected(path.chopped(path.endsWith(u".io.jsonl"_s) ? 9 : 6) + u".events"_s);
    if (qEnvironmentVariableIsSet("MUSTER_UPDATE_FIXTURES")) {
        QVERIFY(expected.open(QIODevice::WriteOnly));
        expected.write((lines.join(u'\n') + u'\n').toUtf8());
        return;
    }
    QVERIFY(expected.open(QIODevice::ReadOnly));
    QCOMPARE(lines, QString::fromUtf8(expected.readAll()).split(u'\n', Qt::SkipEmptyParts));
}

void TestClaudeTranscripts::everyCut()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    const Conversation steps = claudeConversation(path);
    QVERIFY(steps.size() > 1);
    // All of the shorter ones; of the longer ones what is near the ends of the lines, and a sample between.
    const qsizetype dense = QFileInfo(path).size() > 11000 ? 80 : 1 << 20;
    QCOMPARE(checkCuts(maker(agent), steps, dense), QString());
}

void TestClaudeTranscripts::bytewise()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    QCOMPARE(checkBytewise(maker(agent), claudeConversation(path)), QString());
}

void TestClaudeTranscripts::deaths()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    QCOMPARE(checkDeaths(maker(agent), claudeConversation(path)), QString());
}

void TestClaudeTranscripts::garbage()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    QCOMPARE(checkGarbage(maker(agent), claudeConversation(path)), QString());
}

void TestClaudeTranscripts::fuzz_data()
{
    QTest::addColumn<QString>("agent");
    QTest::newRow("claude") << u"claude"_s;
    QTest::newRow("qwen") << u"qwen"_s;
}

void TestClaudeTranscripts::fuzz()
{
    QFETCH(QString, agent);
    QList<Conversation> corpus;
    const QDir folder = folderOf(agent);
    const QStringList files = folder.entryList({u"*.jsonl"_s});
    for (const QString &file : files)
        corpus.append(claudeConversation(folder.filePath(file)));
    QCOMPARE(Fuzzer(maker(agent), corpus).run(1, Fuzzer::inputs(1500)), QString());
}

QTEST_APPLESS_MAIN(TestClaudeTranscripts)
#include "tst_claude_transcripts.moc"
