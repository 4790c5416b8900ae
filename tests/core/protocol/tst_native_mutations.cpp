// Native adapters under hostile input: recorded conversations with their lines damaged, repeated, exchanged
// and left out, by a seeded generator. Whatever comes, the contract of agent_protocol.h is kept.
//
// MUSTER_FUZZ_ROUNDS sets the number of conversations per recording (CTest's label "fuzz" runs many).
#include "tests/core/protocol/native_replay.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTest>

using namespace muster;
using namespace muster::testing;

namespace {

QByteArray damaged(QByteArray line, QRandomGenerator &random)
{
    const auto at = [&] {
        return random.bounded(std::max<qsizetype>(1, line.size()));
    };
    switch (random.bounded(8)) {
    case 0:
        line[at()] = static_cast<char>(random.bounded(256));
        break;
    case 1:
        line.truncate(at());
        line += '\n';
        break;
    case 2:
        line.insert(at(), QByteArray::fromHex("00ff80c3280a"));
        break;
    case 3:
        line.remove(at(), random.bounded(1, 40));
        break;
    case 4:
        line.replace("\"status\":\"", "\"status\":\"x");
        break;
    case 5: // another type of value
        line.replace(QByteArray::number(random.bounded(10)), "{}");
        break;
    case 6:
        line.replace("completed", random.bounded(2) == 0 ? "failed" : "interrupted");
        break;
    default:
        line = QByteArray(random.bounded(1, 200), '[') + '\n';
    }
    return line;
}

QList<RecordedLine> mutated(QList<RecordedLine> steps, QRandomGenerator &random)
{
    const int changes = random.bounded(1, 8);
    for (int i = 0; i < changes; ++i) {
        const qsizetype at = random.bounded(steps.size());
        switch (random.bounded(4)) {
        case 0:
            steps.swapItemsAt(at, random.bounded(steps.size()));
            break;
        case 1:
            steps.insert(at, steps.at(random.bounded(steps.size())));
            break;
        case 2:
            if (steps.size() > 2)
                steps.removeAt(at);
            break;
        default:
            if (steps.at(at).direction == u"<"_s)
                steps[at].bytes = damaged(steps.at(at).bytes, random);
        }
    }
    return steps;
}

} // namespace

class TestNativeMutations : public QObject {
    Q_OBJECT

private slots:
    void contractHolds_data();
    void contractHolds();
};

void TestNativeMutations::contractHolds_data()
{
    QTest::addColumn<QString>("agent");
    QTest::addColumn<QString>("path");
    for (const QString &agent : {u"codex"_s, u"pi"_s}) {
        const QDir folder(nativeFixtures() + agent);
        const QStringList files = folder.entryList({u"*.io.jsonl"_s});
        for (const QString &file : files)
            QTest::addRow("%s/%s", qPrintable(agent), qPrintable(file)) << agent << folder.filePath(file);
    }
}

void TestNativeMutations::contractHolds()
{
    QFETCH(QString, agent);
    QFETCH(QString, path);
    const QList<RecordedLine> steps = recordedLines(path);
    const int wanted = qEnvironmentVariableIntValue("MUSTER_FUZZ_ROUNDS");
    const quint32 rounds = wanted > 0 ? static_cast<quint32>(wanted) : 500;
    for (quint32 seed = 1; seed <= rounds; ++seed) {
        QRandomGenerator random(seed);
        NativeReplay replay(agentNamed(agent));
        bool opened = false;
        const QList<RecordedLine> conversation = mutated(steps, random);
        if (random.bounded(4) == 0) // a host that answers from within
            replay.sink.onAsked = [&](const QString &id) {
                if (id.startsWith(u'p')) {
                    replay.sink.answered(id);
                    (void)replay.adapter->answerPermission(id, {.allowed = false, .message = u"no"_s});
                }
            };
        for (const RecordedLine &step : conversation) {
            const bool opens = step.message.value(u"method").toString() == u"initialize"_s ||
                               step.message.value(u"type").toString() == u"get_state"_s;
            if (opens && opened) // open() is called once
                continue;
            opened = opened || opens || step.message.value(u"type").toString() == u"prompt"_s;
            replay.play({step}, feedWhole);
        }
        replay.end();
        QVERIFY2(replay.sink.problems.isEmpty(),
                 qPrintable(u"seed %1: "_s.arg(seed) + replay.sink.problems.join(u'\n')));
    }
}

QTEST_APPLESS_MAIN(TestNativeMutations)
#include "tst_native_mutations.moc"
