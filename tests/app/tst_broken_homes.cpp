// Homes that cannot be used: every command says at once what is wrong and what to do, ends with 3, and leaves
// what is there as it was. One whose store is damaged goes on, says so, and keeps the damaged file.
#include "tests/e2e/muster_home.h"

#include <QDir>
#include <QElapsedTimer>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

#include <fcntl.h>

using namespace muster::e2e;
using namespace Qt::StringLiterals;

class TestBrokenHomes : public QObject {
    Q_OBJECT
private slots:
    void refused_data();
    void refused();
    void damagedStoreIsKeptAndTold();
    void fullLogIsSetAside();
    void lostOutputIsNoSuccess();
    void closedStreamsAreNoConnection();

private:
    static void sql(const QString &file, const QStringList &statements)
    {
        {
            QSqlDatabase db = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"broken"_s);
            db.setDatabaseName(file);
            QVERIFY(db.open());
            for (const QString &statement : statements)
                QVERIFY(QSqlQuery(db).exec(statement));
        }
        QSqlDatabase::removeDatabase(u"broken"_s);
    }
    static int shell(const MusterHome &home, const QString &command, QByteArray *err = nullptr)
    {
        const auto process = home.start({u"-c"_s, command}, u"/bin/sh"_s);
        const Finished done = MusterHome::waitFor(*process);
        if (err)
            *err = done.err;
        return done.exitCode;
    }
};

using Break = std::function<void(const MusterHome &)>;
Q_DECLARE_METATYPE(Break)

void TestBrokenHomes::refused_data()
{
    QTest::addColumn<Break>("breakIt");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("the store is a folder")
        << Break([](const MusterHome &home) { QVERIFY(QDir().mkpath(home.paths().storeFile)); })
        << QByteArray("should be a file and is a folder");
    QTest::newRow("another program's file")
        << Break([](const MusterHome &home) { sql(home.paths().storeFile, {u"CREATE TABLE theirs(a)"_s}); })
        << QByteArray("belongs to another program");
    QTest::newRow("a newer store") << Break([](const MusterHome &home) {
        QCOMPARE(home.muster({u"runs"_s, u"--in-process"_s}).exitCode, 0);
        sql(home.paths().storeFile, {u"INSERT INTO schema_migrations VALUES (999, 'later', 'x', 999, 0)"_s,
                                     u"PRAGMA user_version = 999"_s});
    }) << QByteArray("written by a newer Muster");
    QTest::newRow("the lock is a folder")
        << Break([](const MusterHome &home) { QVERIFY(QDir().mkpath(home.paths().storeFile + u".lock"_s)); })
        << QByteArray("cannot be opened or written");
}

void TestBrokenHomes::refused()
{
    QFETCH(Break, breakIt);
    QFETCH(QByteArray, says);
    const MusterHome home;
    QVERIFY(QDir().mkpath(home.paths().home));
    breakIt(home);
    const QByteArray before = readFile(home.paths().storeFile);
    const QList<QStringList> commands{{u"runs"_s},
                                      {u"doctor"_s},
                                      {u"doctor"_s, u"--in-process"_s},
                                      {u"run"_s, u"hello"_s, u"--demo"_s, u"--yes"_s},
                                      {u"serve"_s}};
    for (const QStringList &command : commands) {
        QElapsedTimer elapsed;
        elapsed.start();
        const Finished done = home.muster(command);
        QCOMPARE(done.exitCode, 3);
        QVERIFY2(done.err.contains(says), done.err.constData());
        QVERIFY2(done.err.contains("MUSTER_HOME"), done.err.constData());
        // Told by the node itself and not found out by waiting for it (20 s).
        QVERIFY2(elapsed.elapsed() < 15'000, qPrintable(command.join(u' ')));
    }
    QCOMPARE(readFile(home.paths().storeFile), before);
    QVERIFY(QDir(home.paths().home).entryList({u"*damaged*"_s}).isEmpty());
}

void TestBrokenHomes::damagedStoreIsKeptAndTold()
{
    const MusterHome home;
    QVERIFY(QDir().mkpath(home.paths().home));
    const QByteArray garbage = QByteArray("not a store ").repeated(1000);
    QVERIFY(writeFile(home.paths().storeFile, garbage));
    const Finished runs = home.muster({u"runs"_s});
    QCOMPARE(runs.exitCode, 0);
    QVERIFY2(runs.err.contains("The store was damaged"), runs.err.constData());
    const QDir folder(home.paths().home);
    const QStringList kept = folder.entryList({u"store.db.damaged-*"_s});
    QCOMPARE(kept.size(), 1);
    QVERIFY2(runs.err.contains(kept.front().toUtf8()), runs.err.constData());
    QCOMPARE(readFile(folder.filePath(kept.front())), garbage);
    QCOMPARE(home.muster({u"serve"_s, u"--stop"_s, u"--force"_s}).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root()), QStringList(), patienceMs);
}

// Of what background nodes printed, which nobody looks through: it must not grow for ever.
void TestBrokenHomes::fullLogIsSetAside()
{
    const MusterHome home;
    const QDir logs(home.paths().logDir);
    QVERIFY(QDir().mkpath(logs.path()));
    const QByteArray full(1024 * 1024, 'x');
    QVERIFY(writeFile(logs.filePath(u"node-stderr.log"_s), full));
    QCOMPARE(home.muster({u"runs"_s}).exitCode, 0);
    QCOMPARE(home.muster({u"serve"_s, u"--stop"_s, u"--force"_s}).exitCode, 0);
    QCOMPARE(readFile(logs.filePath(u"node-stderr.1.log"_s)), full);
    QVERIFY(QFileInfo(logs.filePath(u"node-stderr.log"_s)).size() < full.size());
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root()), QStringList(), patienceMs);
}

void TestBrokenHomes::lostOutputIsNoSuccess()
{
    const MusterHome home;
    const QString muster = QStringLiteral(MUSTER_BIN_DIR "/muster");
    QByteArray err;
    for (const QString &command : {u"config --in-process >/dev/full"_s, u"config --in-process >&-"_s}) {
        QCOMPARE(shell(home, muster + u' ' + command, &err), 3);
        QVERIFY2(err.contains("could not be written"), err.constData());
    }
    QCOMPARE(shell(home, muster + u" --help >/dev/full"_s), 3);
    QCOMPARE(shell(home, muster + u" config --in-process | head -n 1; exit 0"_s, &err), 0);
    QVERIFY2(err.isEmpty(), err.constData());
}

// Without standard streams the connection to the node would be number 1, and what is printed would go there.
void TestBrokenHomes::closedStreamsAreNoConnection()
{
    const MusterHome home;
    const QString muster = QStringLiteral(MUSTER_BIN_DIR "/muster");
    QCOMPARE(shell(home, muster + u" run hello --demo --yes <&- >&- 2>&-"_s), 3);
    const Finished runs = home.muster({u"runs"_s, u"--json"_s});
    QCOMPARE(runs.exitCode, 0);
    QCOMPARE(runs.array().size(), 1);
    QCOMPARE(runs.array().first().toObject().value(u"status"_s).toString(), u"completed"_s);
    QCOMPARE(home.muster({u"serve"_s, u"--stop"_s, u"--force"_s}).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root()), QStringList(), patienceMs);
}

QTEST_GUILESS_MAIN(TestBrokenHomes)
#include "tst_broken_homes.moc"
