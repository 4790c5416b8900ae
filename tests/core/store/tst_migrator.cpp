// From nothing, from an older version, and what is refused: then not a byte of the file changes.
#include "core/store/migrator.h"
#include "tests/support/temp_store.h"

#include <QProcess>
#include <QRandomGenerator>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

QByteArray contentOf(const QString &file)
{
    QFile f(file);
    return f.open(QIODevice::ReadOnly) ? f.readAll() : QByteArray();
}

Migration migration(int version, const QString &sql, int minCompatible)
{
    return {.version = version,
            .name = u"m"_s + QString::number(version),
            .sql = sql,
            .minCompatible = minCompatible};
}

std::vector<Migration> upTo(int version)
{
    const std::vector all{
        migration(1, u"CREATE TABLE a (x); INSERT INTO a VALUES (1);"_s, 1),
        migration(2, u"CREATE TABLE b (y); INSERT INTO b SELECT x + 1 FROM a;"_s, 1),
        migration(3, u"DROP TABLE a;"_s, 3),
    };
    return {all.begin(), all.begin() + version};
}

Result<QString> noBackup() { return fail(ErrorCode::Internal, u"no backup was due"_s); }

} // namespace

class TestMigrator : public QObject {
    Q_OBJECT
private slots:
    void init();
    void embeddedFollowEachOther();
    void parses_data();
    void parses();
    void makesANewStore();
    void upgradesAfterABackup();
    void doesNothingWhenCurrent();
    void failedBackupStopsTheUpgrade();
    void failedMigrationLeavesTheOld();
    void danglingReferenceIsRefused();
    void refuses_data();
    void refuses();
    void opensWhatANewerSaysIsCompatible();
    void survivesBeingKilled();

private:
    [[nodiscard]] std::unique_ptr<Connection> open()
    {
        auto db = Connection::open({.file = file(), .durability = Durability::Normal});
        return db ? std::move(*db) : nullptr;
    }
    [[nodiscard]] QString file() const { return m_dir->filePath(u"x.db"_s); }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestMigrator::init() { m_dir = std::make_unique<QTemporaryDir>(); }

void TestMigrator::embeddedFollowEachOther()
{
    const auto migrations = Migrator::embedded();
    QVERIFY(!migrations.empty());
    for (size_t i = 0; i < migrations.size(); ++i) {
        QCOMPARE(migrations.at(i).version, static_cast<int>(i) + 1);
        QVERIFY(migrations.at(i).minCompatible <= migrations.at(i).version);
    }
}

void TestMigrator::parses_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<bool>("fine");
    QTest::newRow("good") << u"012_more.sql"_s << u"-- min_compatible: 7\nSELECT 1;"_s << true;
    QTest::newRow("no header") << u"012_more.sql"_s << u"SELECT 1;"_s << false;
    QTest::newRow("no number") << u"more.sql"_s << u"-- min_compatible: 7\n"_s << false;
}

void TestMigrator::parses()
{
    QFETCH(QString, name);
    QFETCH(QString, sql);
    QFETCH(bool, fine);
    const auto parsed = Migrator::parse(name, sql);
    QCOMPARE(parsed.has_value(), fine);
    if (fine) {
        QCOMPARE(parsed->version, 12);
        QCOMPARE(parsed->name, u"012_more"_s);
        QCOMPARE(parsed->minCompatible, 7);
    }
}

void TestMigrator::makesANewStore()
{
    const auto db = open();
    const auto report = Migrator().migrate(*db, 77, noBackup);
    VERIFY_RESULT(report);
    QVERIFY(report->created);
    QCOMPARE(report->to, Migrator().newest());
    QCOMPARE(db->value<qint64>(u"PRAGMA application_id"_s).value().value(), storeApplicationId);
    QCOMPARE(db->value<qint64>(u"PRAGMA user_version"_s).value().value(), Migrator().newest());
    QCOMPARE(
        db->value<qint64>(u"SELECT applied_at FROM schema_migrations WHERE version = 1"_s).value().value(),
        77);
    QCOMPARE(db->value<QString>(u"PRAGMA integrity_check"_s).value().value(), u"ok"_s);
    QCOMPARE(db->value<QString>(u"PRAGMA journal_mode"_s).value().value(), u"wal"_s);
}

void TestMigrator::upgradesAfterABackup()
{
    const auto db = open();
    QVERIFY(Migrator(upTo(1)).migrate(*db, 1, noBackup));
    const Backups backups(m_dir->filePath(u"backups"_s), 7);
    const auto report =
        Migrator(upTo(3)).migrate(*db, 2, [&] { return backups.make(file(), 2, u"upgrade"_s); });
    VERIFY_RESULT(report);
    QVERIFY(!report->created);
    QCOMPARE(report->from, 1);
    QCOMPARE(report->to, 3);
    QCOMPARE(db->value<qint64>(u"SELECT y FROM b"_s).value().value(), 2);
    const auto old = Connection::open({.file = report->backup, .mode = ConnectionOptions::Mode::ReadOnly});
    QVERIFY(old);
    QCOMPARE((*old)->value<qint64>(u"PRAGMA user_version"_s).value().value(), 1);
    QCOMPARE((*old)->value<qint64>(u"SELECT x FROM a"_s).value().value(), 1);
}

void TestMigrator::doesNothingWhenCurrent()
{
    const auto db = open();
    QVERIFY(Migrator(upTo(2)).migrate(*db, 1, noBackup));
    const auto report = Migrator(upTo(2)).migrate(*db, 2, noBackup);
    VERIFY_RESULT(report);
    QCOMPARE(report->from, report->to);
}

void TestMigrator::failedBackupStopsTheUpgrade()
{
    const auto db = open();
    QVERIFY(Migrator(upTo(1)).migrate(*db, 1, noBackup));
    const auto report =
        Migrator(upTo(2)).migrate(*db, 2, [] { return Result<QString>(fail(ErrorCode::DiskFull)); });
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::DiskFull);
    QCOMPARE(db->value<qint64>(u"PRAGMA user_version"_s).value().value(), 1);
}

void TestMigrator::failedMigrationLeavesTheOld()
{
    const auto db = open();
    QVERIFY(Migrator(upTo(1)).migrate(*db, 1, noBackup));
    auto broken = upTo(1);
    broken.push_back(migration(2, u"CREATE TABLE c (z); INSERT INTO missing VALUES (1);"_s, 1));
    const auto report = Migrator(broken).migrate(*db, 2, [] { return Result<QString>(u"x"_s); });
    QVERIFY(!report);
    QVERIFY(report.error().where.contains(u"m2: INSERT INTO missing"));
    QCOMPARE(db->value<qint64>(u"SELECT count(*) FROM sqlite_schema WHERE name = 'c'"_s).value().value(), 0);
    QCOMPARE(db->value<qint64>(u"PRAGMA foreign_keys"_s).value().value(), 1);
}

void TestMigrator::danglingReferenceIsRefused()
{
    const auto db = open();
    const std::vector broken{migration(
        1,
        u"CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p(id)); INSERT INTO c VALUES (9);"_s,
        1)};
    const auto report = Migrator(broken).migrate(*db, 1, noBackup);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Corrupt);
    QCOMPARE(db->value<qint64>(u"PRAGMA user_version"_s).value().value(), 0);
}

void TestMigrator::refuses_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<int>("knows");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("newer") << QString() << 2 << ErrorCode::NewerStore;
    QTest::newRow("newer without a table") << u"DROP TABLE schema_migrations"_s << 2 << ErrorCode::NewerStore;
    QTest::newRow("another program's")
        << u"PRAGMA application_id = 12345"_s << 3 << ErrorCode::VersionMismatch;
    QTest::newRow("nobody's") << u"PRAGMA application_id = 0"_s << 3 << ErrorCode::VersionMismatch;
    QTest::newRow("changed migration")
        << u"UPDATE schema_migrations SET sha = 'x' WHERE version = 2"_s << 3 << ErrorCode::VersionMismatch;
}

void TestMigrator::refuses()
{
    QFETCH(QString, change);
    QFETCH(int, knows);
    QFETCH(ErrorCode, code);
    {
        const auto db = open();
        QVERIFY(Migrator(upTo(3)).migrate(*db, 1, noBackup));
        if (!change.isEmpty())
            QVERIFY(db->exec(change));
    }
    const QByteArray before = contentOf(file());
    const Migrator migrator(upTo(knows));
    const Status inspected = migrator.inspect(file());
    QVERIFY(!inspected);
    QCOMPARE(inspected.error().code, code);
    {
        const auto db = open();
        const auto report = migrator.migrate(*db, 2, noBackup);
        QVERIFY(!report);
        QCOMPARE(report.error().code, code);
    }
    QCOMPARE(contentOf(file()), before);
}

void TestMigrator::opensWhatANewerSaysIsCompatible()
{
    {
        const auto db = open();
        QVERIFY(Migrator(upTo(2)).migrate(*db, 1, noBackup));
    }
    QVERIFY(Migrator(upTo(1)).inspect(file()));
    const auto db = open();
    const auto report = Migrator(upTo(1)).migrate(*db, 2, noBackup);
    VERIFY_RESULT(report);
    QCOMPARE(report->from, 2);
    QCOMPARE(report->to, 2);
}

// Wherever in it the process dies: the old schema, or all of the new one.
void TestMigrator::survivesBeingKilled()
{
    {
        const auto db = open();
        QVERIFY(Migrator().migrate(*db, 1, noBackup));
    }
    const QByteArray before = contentOf(file());
    int killed = 0;
    for (int round = 0; round < 10; ++round) {
        for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s})
            QFile::remove(file() + suffix);
        QFile fresh(file());
        QVERIFY(fresh.open(QIODevice::WriteOnly));
        fresh.write(before);
        fresh.close();
        QProcess probe;
        probe.start(u"" STORE_PROBE ""_s, {u"migrate"_s, file(), u"2000000"_s});
        QTRY_VERIFY_WITH_TIMEOUT(probe.canReadLine() || probe.state() == QProcess::NotRunning, 30'000);
        QElapsedTimer time;
        time.start();
        const int after = QRandomGenerator::global()->bounded(120);
        QTRY_VERIFY_WITH_TIMEOUT(time.elapsed() >= after, 30'000);
        probe.kill();
        QTRY_COMPARE_WITH_TIMEOUT(probe.state(), QProcess::NotRunning, 30'000);
        killed += probe.exitStatus() == QProcess::CrashExit ? 1 : 0;
        const auto db = open();
        QVERIFY(db);
        QCOMPARE(db->value<QString>(u"PRAGMA integrity_check"_s).value().value(), u"ok"_s);
        const qint64 version = db->value<qint64>(u"PRAGMA user_version"_s).value().value();
        const auto second = db->value<qint64>(u"SELECT count(*) FROM sqlite_schema WHERE name = 'second'"_s);
        QCOMPARE(second.value().value(), version - Migrator().newest());
        QVERIFY(version == Migrator().newest() || version == Migrator().newest() + 1);
    }
    QVERIFY(killed > 0);
}

QTEST_GUILESS_MAIN(TestMigrator)
#include "tst_migrator.moc"
