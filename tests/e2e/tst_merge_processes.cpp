// Several node processes that merge into one branch at the same time: one after the other, in the order in
// which they came, also when the one that has the turn is killed.
#include "tests/e2e/muster_home.h"
#include "tests/e2e/node_client.h"
#include "tests/e2e/store_view.h"

#include <QTest>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

class TestMergeProcesses : public QObject {
    Q_OBJECT
private slots:
    void firstComeFirstServed();
    void theTurnOfADeadProcess();

private:
    using Processes = std::vector<std::unique_ptr<QProcess>>;

    static QString project(const MusterHome &home);
    static std::unique_ptr<QProcess> run(const MusterHome &home, const QString &folder, const QString &name);
    static void queueUp(const MusterHome &home, const QString &folder, const QStringList &names,
                        Processes &processes);
    static QStringList merged(const QString &folder);
};

// What each writes is merged once its gate has seen the file "go".
QString TestMergeProcesses::project(const MusterHome &home)
{
    QString folder = home.makeProject(u"shop"_s);
    (void)MusterHome::git(folder, {u"branch"_s, u"next"_s});
    const QByteArray log = home.path(u"log"_s).toUtf8();
    const QByteArray go = home.path(u"go"_s).toUtf8();
    const bool written = MusterHome::writeFlow(
        folder, u"own"_s,
        "muster: 1\nname: own\nparallel_runs: true\ninputs: {n: {type: string}}\n"
        "permissions: {merge: [next]}\nsteps:\n"
        "  - {id: a, isolation: step, run: 'echo ${{ inputs.n }} > ${{ inputs.n }}.txt'}\n"
        "  - id: m\n    needs: [a]\n    merge:\n      from: a\n      into: next\n"
        "      message: ${{ inputs.n }}\n"
        "      gates: 'echo in ${{ inputs.n }} >> " +
            log + "; while [ ! -e " + go + " ]; do sleep 0.05; done; echo out ${{ inputs.n }} >> " + log +
            "'\n");
    const bool trusted = home.muster({u"trust"_s, folder}).exitCode == 0;
    return written && trusted ? folder : QString();
}

std::unique_ptr<QProcess> TestMergeProcesses::run(const MusterHome &home, const QString &folder,
                                                  const QString &name)
{
    return home.start({u"run"_s, u"own"_s, u"--in-process"_s, u"--yes"_s, u"--project"_s, folder,
                       u"--input"_s, u"n="_s + name});
}

// Each begins when the one before has its place.
void TestMergeProcesses::queueUp(const MusterHome &home, const QString &folder, const QStringList &names,
                                 Processes &processes)
{
    const StoreView store(home.paths().storeFile);
    for (const QString &name : names) {
        processes.push_back(run(home, folder, name));
        QTRY_COMPARE_WITH_TIMEOUT(store.number(u"SELECT count(*) FROM merge_turns"_s),
                                  static_cast<qint64>(processes.size()), patienceMs);
    }
    QTRY_COMPARE_WITH_TIMEOUT(readFile(home.path(u"log"_s)), "in " + names.first().toUtf8() + "\n",
                              patienceMs);
}

// The subjects of what has come to the branch, oldest first.
QStringList TestMergeProcesses::merged(const QString &folder)
{
    return MusterHome::git(folder, {u"log"_s, u"--reverse"_s, u"--format=%s"_s, u"main..next"_s})
        .split(u'\n', Qt::SkipEmptyParts);
}

void TestMergeProcesses::firstComeFirstServed()
{
    const MusterHome home;
    const QString folder = project(home);
    QVERIFY(!folder.isEmpty());
    // As many as flows have slots: who waits for a turn keeps one.
    const QStringList names{u"one"_s, u"two"_s, u"three"_s, u"four"_s};
    Processes processes;
    queueUp(home, folder, names, processes);
    QVERIFY(!QTest::currentTestFailed());
    QVERIFY(writeFile(home.path(u"go"_s), {}));
    for (const auto &process : processes) {
        const Finished end = MusterHome::waitFor(*process);
        QVERIFY2(end.exitCode == 0, end.tail().constData());
    }
    QByteArray expected; // never within one another
    for (const QString &name : names)
        expected += "in " + name.toUtf8() + "\nout " + name.toUtf8() + "\n";
    QCOMPARE(readFile(home.path(u"log"_s)), expected);
    QCOMPARE(merged(folder), names);
    const StoreView store(home.paths().storeFile);
    QCOMPARE(store.rows(u"SELECT holder FROM merge_turns"_s), QStringList());
    QCOMPARE((store.problems() + store.loose()).join(u'\n'), QString());
}

void TestMergeProcesses::theTurnOfADeadProcess()
{
    const MusterHome home;
    const QString folder = project(home);
    QVERIFY(!folder.isEmpty());
    Processes processes;
    queueUp(home, folder, {u"one"_s, u"two"_s, u"three"_s}, processes);
    QVERIFY(!QTest::currentTestFailed());
    processes.front()->kill();
    QCOMPARE(MusterHome::waitFor(*processes.front()).exitCode, -1);
    // The next one has the turn at once, and not when a lease is over.
    QTRY_VERIFY_WITH_TIMEOUT(readFile(home.path(u"log"_s)).contains("in two"), 30'000);
    QVERIFY(!readFile(home.path(u"log"_s)).contains("in three"));
    QCOMPARE(merged(folder), QStringList());
    QVERIFY(writeFile(home.path(u"go"_s), {}));
    for (const auto &process : {processes.at(1).get(), processes.at(2).get()}) {
        const Finished end = MusterHome::waitFor(*process);
        QVERIFY2(end.exitCode == 0, end.tail().constData());
    }
    // Its run is brought to its end by whoever finds it, and is merged once.
    QCOMPARE(home.muster({u"runs"_s}).exitCode, 0); // there is a background node now
    NodeClient client(home);
    const auto detail = client.ended(RunId{1});
    QVERIFY(detail);
    QVERIFY2(detail->run.status == RunStatus::Completed, qPrintable(detail->run.detail));
    QStringList all = merged(folder);
    QVERIFY2(all.indexOf(u"two"_s) < all.indexOf(u"three"_s), qPrintable(all.join(u' ')));
    all.sort();
    QCOMPARE(all, (QStringList{u"one"_s, u"three"_s, u"two"_s}));
    const StoreView store(home.paths().storeFile);
    QCOMPARE(store.problems(), QStringList());
    QTRY_COMPARE_WITH_TIMEOUT(store.loose().join(u'\n'), QString(), patienceMs);
    QCOMPARE(home.muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root(), store.markers()), QStringList(), 30'000);
}

QTEST_GUILESS_MAIN(TestMergeProcesses)
#include "tst_merge_processes.moc"
