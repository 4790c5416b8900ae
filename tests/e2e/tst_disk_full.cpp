// The disk of the home fills up while a command runs: the node goes on living, what it knows is not lost, a
// command that has run does not run again, and when there is room the run goes on to its end.
#include "tests/e2e/node_client.h"
#include "tests/e2e/store_view.h"

#include <QDir>

#include <sys/mount.h>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

class TestDiskFull : public QObject {
    Q_OBJECT
private slots:
    void aRunWaitsForRoom();
};

void TestDiskFull::aRunWaitsForRoom()
{
    MusterHome home;
    const QString folder = home.paths().home;
    QVERIFY(QDir().mkpath(folder));
    const QByteArray where = QFile::encodeName(folder);
    if (mount("muster-test", where.constData(), "tmpfs", 0, "size=8m,mode=700") != 0)
        QSKIP("NOT TESTED: a full disk needs a small file system, which only root may mount");
    const auto unmount = qScopeGuard([&] { umount2(where.constData(), MNT_DETACH); });
    const auto stop = qScopeGuard([&] { home.killNode(); });
    const QString project = home.makeProject(u"project"_s);
    const QByteArray go = QFile::encodeName(home.path(u"go"_s));
    const QByteArray ran = QFile::encodeName(home.path(u"ran"_s));
    QVERIFY(MusterHome::writeFlow(project, u"fill"_s,
                                  "muster: 1\nname: fill\nsteps:\n"
                                  "  - id: a\n    isolation: none\n    run: |\n"
                                  "      echo a >> '" +
                                      ran +
                                      "'\n"
                                      "      seq 1 300000\n"
                                      "      while [ ! -e '" +
                                      go +
                                      "' ]; do sleep 0.05; done\n"
                                      "  - id: b\n    needs: [a]\n    isolation: none\n"
                                      "    run: echo b >> '" +
                                      ran + "'\n"));
    // Full for the store, and not for beginning at all.
    home.environment().insert(u"MUSTER_ADMISSION_FREE_DISK_MIB"_s, u"0"_s);
    home.startNode();
    QVERIFY(home.waitUntilReady());
    NodeClient client(home);
    const auto run = client.submit(
        api::StartRun{.project = project, .flow = u"fill"_s, .unattended = true, .trust = true});
    QVERIFY(run);
    QTRY_COMPARE_WITH_TIMEOUT(readFile(QString::fromUtf8(ran)), "a\n", patienceMs);
    QFile ballast(folder + u"/ballast"_s);
    QVERIFY(ballast.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    const QByteArray block(4096, 'x');
    while (ballast.write(block) == block.size()) {
    }
    // Fill the log of the store too, until a command is refused.
    Result<api::CommandDone> refused;
    for (int i = 0; i < 2000 && refused; ++i) {
        refused = client.submit(api::SetSetting{.key = u"pools.flow"_s, .value = 3 + i % 4});
        (void)ballast.write(block);
    }
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::DiskFull);
    QTRY_VERIFY_WITH_TIMEOUT(
        client.query(api::GetStatus{}).value_or(api::NodeStatus{}).pausedReason.startsWith(u"disk_full"_s),
        patienceMs);
    QVERIFY(writeFile(QString::fromUtf8(go), "go")); // the command ends on the full disk
    const auto still = client.query(api::GetRun{.run = run->refs.run});
    QVERIFY(still); // reading works
    QVERIFY(!isSettled(still->run.status));
    QVERIFY(home.nodeRuns());

    QCOMPARE(mount("muster-test", where.constData(), "tmpfs", MS_REMOUNT, "size=64m"), 0);
    const auto detail = client.ended(run->refs.run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    QCOMPARE(readFile(QString::fromUtf8(ran)), "a\nb\n");
    QVERIFY(client.submit(api::SetSetting{.key = u"pools.flow"_s, .value = 5}));
    QVERIFY(home.stopNode());
    QCOMPARE(home.muster({u"runs"_s, u"--in-process"_s}).err, QByteArray());
    const StoreView store(home.paths().storeFile);
    QCOMPARE(store.problems(), QStringList());
    QCOMPARE(store.loose(), QStringList());
}

QTEST_GUILESS_MAIN(TestDiskFull)
#include "tst_disk_full.moc"
