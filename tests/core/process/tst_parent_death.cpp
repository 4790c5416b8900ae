// The node dies by SIGKILL, with no chance to do anything: what it had started must not go on.
#include "core/process/process_identity.h"
#include "tests/support/process_probe.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 30000;
// The long run asks for more: MUSTER_KILL_ROUNDS (label kill).
const int rounds =
    qEnvironmentVariableIsSet("MUSTER_KILL_ROUNDS") ? qEnvironmentVariableIntValue("MUSTER_KILL_ROUNDS") : 3;

} // namespace

class TestParentDeath : public QObject {
    Q_OBJECT
private slots:
    void nothingIsLeft_data();
    void nothingIsLeft();
};

void TestParentDeath::nothingIsLeft_data()
{
    QTest::addColumn<QStringList>("args");
    QTest::addColumn<int>("processes");
    // The death signal reaches the child; only a lifeline reaches what it has left elsewhere.
    QTest::newRow("death signal") << QStringList{u"tree"_s, u"stubborn"_s, u"stay"_s} << 1;
    QTest::newRow("lifeline") << QStringList{u"lifeline"_s, u"stubborn"_s, u"child"_s,  u"session"_s,
                                             u"daemon"_s,   u"bare"_s,     u"holder"_s, u"stay"_s}
                              << 6;
}

void TestParentDeath::nothingIsLeft()
{
    QFETCH(QStringList, args);
    QFETCH(int, processes);
    args.insert(1, QStringLiteral(MUSTER_TEST_DIR "/stubborn"));
    for (int round = 0; round < rounds; ++round) {
        QProcess parent;
        QSignalSpy ended(&parent, &QProcess::finished);
        QByteArray output;
        connect(&parent, &QProcess::readyReadStandardOutput, this,
                [&] { output += parent.readAllStandardOutput(); });
        parent.start(QStringLiteral(MUSTER_TEST_DIR "/launching_parent"), args);
        QTRY_VERIFY_WITH_TIMEOUT(output.contains("ready\n") && output.count("pid ") == processes, patience);
        const QList<ProcessIdentity> started = reportedProcesses(output);
        QCOMPARE(started.size(), processes);
        parent.kill();
        QVERIFY(ended.wait(patience));
        QTRY_COMPARE_WITH_TIMEOUT(livingOf(started), 0, patience);
    }
}

QTEST_GUILESS_MAIN(TestParentDeath)
#include "tst_parent_death.moc"
