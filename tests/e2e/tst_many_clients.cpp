// Several command lines at once on one store: through the background node, and as nodes of their own
// (--in-process) that share the store, where claims and leases decide who does what.
#include "tests/e2e/node_client.h"
#include "tests/e2e/store_view.h"

#include <QElapsedTimer>
#include <QJsonDocument>

#include <csignal>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

const QByteArray gateFlow = R"(muster: 1
name: gate
parallel_runs: true
inputs:
  effects: { type: string }
defaults: { timeout: 5m, isolation: none }
steps:
  - id: a
    run: &act 'printf "%s\n" "$MUSTER_GUARD" >> "${{ inputs.effects }}"; sleep 0.1; echo done'
  - { id: b, needs: [a], foreach: [1, 2, 3], run: *act }
  - { id: look, needs: [a], prompt: "How many tests are there?" }
  - { id: ok, needs: [b, look], approval: { ask: "Go on?" } }
  - { id: yes, needs: [ok], when: "${{ steps.ok.approved }}", run: *act }
  - { id: no, needs: [ok], when: "${{ !steps.ok.approved }}", run: *act }
)";

QStringList gateEffects(bool approved)
{
    QStringList all{u"a#1"_s, u"b[0]#1"_s, u"b[1]#1"_s, u"b[2]#1"_s};
    all += approved ? u"yes#1"_s : u"no#1"_s;
    return all;
}

} // namespace

class TestManyClients : public QObject {
    Q_OBJECT
private slots:
    void firstUseOfTheDemo();
    void commandLinesOnOneNode();
    void nodesOnOneStore();
    void nodeTakesOverFromADeadOne();

private:
    [[nodiscard]] static QString project(const MusterHome &home, const QString &name);
    [[nodiscard]] static QStringList runArguments(const MusterHome &home, const QString &projectFolder);
    [[nodiscard]] static QStringList effects(const MusterHome &home, qint64 run);
    [[nodiscard]] static QList<qint64> openApprovals(const MusterHome &home);
};

QString TestManyClients::project(const MusterHome &home, const QString &name)
{
    const QString folder = home.makeProject(name);
    MusterHome::writeFlow(folder, u"gate"_s, gateFlow);
    return folder;
}

QStringList TestManyClients::runArguments(const MusterHome &home, const QString &projectFolder)
{
    return {u"run"_s,
            u"gate"_s,
            u"--project"_s,
            projectFolder,
            u"--json"_s,
            u"--input"_s,
            u"effects="_s + home.path(u"effects"_s)};
}

QStringList TestManyClients::effects(const MusterHome &home, qint64 run)
{
    QStringList done;
    const QStringList lines =
        QString::fromUtf8(readFile(home.path(u"effects"_s))).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        if (line.startsWith(QString::number(run) + u'/'))
            done += line.section(u'/', 1);
    }
    done.sort();
    return done;
}

QList<qint64> TestManyClients::openApprovals(const MusterHome &home)
{
    QList<qint64> ids;
    if (!QFileInfo::exists(home.paths().storeFile))
        return ids;
    const QStringList rows =
        StoreView(home.paths().storeFile).rows(u"SELECT id FROM inbox WHERE status = 'open' ORDER BY id"_s);
    for (const QString &row : rows) {
        if (row.toLongLong() > 0)
            ids += row.toLongLong();
    }
    return ids;
}

// No node, no demo project, no store: who is first makes them, and the others use the same.
void TestManyClients::firstUseOfTheDemo()
{
    MusterHome home;
    std::array<std::unique_ptr<QProcess>, 4> runs;
    for (auto &run : runs)
        run = home.start({u"run"_s, u"hello"_s, u"--demo"_s, u"--yes"_s});
    for (const auto &run : runs) {
        const Finished end = MusterHome::waitFor(*run);
        QVERIFY2(end.exitCode == 0, end.err.constData());
    }
}

// Two projects, two runs in one of them; two others answer each question against each other, one looks on.
void TestManyClients::commandLinesOnOneNode()
{
    MusterHome home;
    const QString shop = project(home, u"shop"_s);
    const QString farm = project(home, u"farm"_s);
    for (const QString &folder : {shop, farm})
        QCOMPARE(home.muster({u"trust"_s, folder}).exitCode, 0);
    std::vector<std::unique_ptr<QProcess>> runs;
    for (const QString &folder : {shop, farm, shop})
        runs.push_back(home.start(runArguments(home, folder)));

    int answered = 0;
    int looks = 0;
    QHash<qint64, bool> approved; // by inbox id
    QElapsedTimer elapsed;
    elapsed.start();
    while (answered < 3 && !elapsed.hasExpired(patienceMs)) {
        const Finished list = home.muster({u"runs"_s, u"--json"_s});
        QCOMPARE(list.exitCode, 0);
        QVERIFY(QJsonDocument::fromJson(list.out).isArray());
        ++looks;
        const QList<qint64> open = openApprovals(home);
        for (const qint64 id : open) {
            const QString number = QString::number(id);
            const auto yes = home.start({u"inbox"_s, u"answer"_s, number, u"yes"_s});
            const auto no = home.start({u"inbox"_s, u"answer"_s, number, u"no"_s});
            const Finished yesEnd = MusterHome::waitFor(*yes);
            const Finished noEnd = MusterHome::waitFor(*no);
            // One is first; the other is told so.
            QCOMPARE((QList{yesEnd.exitCode, noEnd.exitCode}),
                     (yesEnd.exitCode == 0 ? QList{0, 1} : QList{1, 0}));
            QVERIFY(!(yesEnd.exitCode == 0 ? noEnd : yesEnd).err.isEmpty());
            approved.insert(id, yesEnd.exitCode == 0);
            ++answered;
        }
    }
    QCOMPARE(answered, 3);
    for (const auto &run : runs) {
        const Finished end = MusterHome::waitFor(*run);
        QVERIFY2(end.exitCode == 0, end.tail().constData());
        QCOMPARE(end.object().value(u"run"_s).toObject().value(u"status"_s).toString(), u"completed"_s);
    }
    const StoreView store(home.paths().storeFile);
    for (auto it = approved.cbegin(); it != approved.cend(); ++it) {
        const qint64 run = store.number(u"SELECT run_id FROM inbox WHERE id = %1"_s.arg(it.key()));
        QStringList expected = gateEffects(it.value());
        expected.sort();
        QCOMPARE(effects(home, run), expected);
    }
    QCOMPARE(home.muster({u"runs"_s, u"--json"_s}).array().size(), 3);
    QCOMPARE((store.problems() + store.loose()).join(u'\n'), QString());
    QCOMPARE(home.muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root(), store.markers()), QStringList(), 30'000);
    qInfo("3 runs by 3 command lines, 6 answers against each other, %d looks, %.1f s", looks,
          static_cast<double>(elapsed.elapsed()) / 1000.0);
}

// Two nodes of their own and the background node on one store, all at work; the answers come through the
// third.
void TestManyClients::nodesOnOneStore()
{
    MusterHome home;
    const QString shop = project(home, u"shop"_s);
    const QString farm = project(home, u"farm"_s);
    for (const QString &folder : {shop, farm})
        QCOMPARE(home.muster({u"trust"_s, folder}).exitCode, 0);
    std::vector<std::unique_ptr<QProcess>> runs;
    for (const QString &folder : {shop, farm, shop, farm})
        runs.push_back(home.start(runArguments(home, folder) + QStringList{u"--in-process"_s}));
    runs.push_back(home.start(runArguments(home, shop)));
    QSet<qint64> answered;
    QElapsedTimer elapsed;
    elapsed.start();
    while (answered.size() < 5 && !elapsed.hasExpired(patienceMs)) {
        const QList<qint64> open = openApprovals(home);
        for (const qint64 id : open) {
            const Finished end = home.muster({u"inbox"_s, u"answer"_s, QString::number(id), u"yes"_s});
            QVERIFY2(end.exitCode == 0, end.tail().constData());
            answered.insert(id);
        }
        (void)QTest::qWaitFor([&] { return !openApprovals(home).isEmpty(); }, 1000);
    }
    QCOMPARE(answered.size(), 5);
    for (const auto &run : runs) {
        const Finished end = MusterHome::waitFor(*run);
        QVERIFY2(end.exitCode == 0, end.tail().constData());
    }
    const StoreView store(home.paths().storeFile);
    QStringList expected = gateEffects(true);
    expected.sort();
    for (int run = 1; run <= 5; ++run)
        QCOMPARE(effects(home, run), expected);
    QCOMPARE((store.problems() + store.loose()).join(u'\n'), QString());
    QCOMPARE(home.muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root(), store.markers()), QStringList(), 30'000);
    qInfo("5 runs by 4 nodes in process and the background node, %.1f s",
          static_cast<double>(elapsed.elapsed()) / 1000.0);
}

// A node in a command line is killed; the background node finds its run and brings it to its end.
void TestManyClients::nodeTakesOverFromADeadOne()
{
    MusterHome home;
    const QString shop = project(home, u"shop"_s);
    QCOMPARE(home.muster({u"trust"_s, shop}).exitCode, 0);
    const auto doomed = home.start(runArguments(home, shop) + QStringList{u"--in-process"_s});
    QTRY_VERIFY_WITH_TIMEOUT(readFile(home.path(u"effects"_s)).contains("b["), patienceMs);
    doomed->kill();
    QCOMPARE(MusterHome::waitFor(*doomed).exitCode, -1);
    QTRY_COMPARE_WITH_TIMEOUT(openApprovals(home).size(), 1, patienceMs);
    QCOMPARE(home.muster({u"inbox"_s, u"answer"_s, u"1"_s, u"yes"_s}).exitCode, 0);
    NodeClient client(home);
    const auto detail = client.ended(RunId{1});
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    QStringList expected = gateEffects(true);
    expected.sort();
    QCOMPARE(effects(home, 1), expected);
    const StoreView store(home.paths().storeFile);
    QCOMPARE(store.problems(), QStringList());
    // The dead node's session ends when its processes are known to be gone, which the run does not wait for.
    QTRY_COMPARE_WITH_TIMEOUT(store.loose().join(u'\n'), QString(), patienceMs);
    QCOMPARE(home.muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root(), store.markers()), QStringList(), 30'000);
}

QTEST_GUILESS_MAIN(TestManyClients)
#include "tst_many_clients.moc"
