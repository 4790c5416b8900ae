// Opening: new, upgraded, refused, damaged and restored; backups, sizes, retention.
#include "core/store/event_repository.h"
#include "core/store/project_repository.h"
#include "core/store/stream_repository.h"
#include "tests/support/temp_store.h"

#include <QDir>
#include <QRandomGenerator>
#include <QRegularExpression>

using namespace muster;
using namespace Qt::StringLiterals;

class TestStore : public QObject {
    Q_OBJECT
private slots:
    void init();
    void opensNew();
    void opensAgain();
    void refusesForeignFile();
    void refusesNewerStore();
    void restoresDamaged_data();
    void restoresDamaged();
    void damagedWithoutBackupBeginsAnew();
    void damagedBackupIsSkipped();
    void damagedInUseIsRefused();
    void randomDamageNeverHurts();
    void checksInBackground();
    void backsUpOnceADay();
    void keepsSoManyBackups();
    void backupIsWhole();
    void tellsSizes();
    void prunesWhatIsOld();
    void indexesInBatches();

private:
    void set(const QString &key)
    {
        const auto written = writeAndWait<void>(
            *m_store, [&](Connection &db) { return SettingsRepository(db).set(key, 1, 0); });
        QVERIFY(written && written->has_value());
    }
    [[nodiscard]] QStringList keys()
    {
        const auto db = m_temp->connection();
        return QStringList(SettingsRepository(*db).all().value().keys());
    }
    QString backup()
    {
        const auto made =
            waitFor<QString>([&](auto done) { m_store->backupIfDue(nullptr, std::move(done)); });
        return made && *made ? **made : u"failed"_s;
    }
    // A store with "old" in its backup and "new" only in the store.
    void makeBackedUpStore()
    {
        m_store = m_temp->open();
        QVERIFY(m_store);
        set(u"old"_s);
        QVERIFY(QFile::exists(backup()));
        set(u"new"_s);
        m_temp->store.reset();
        m_store = nullptr;
    }
    void damage(const std::function<void(QByteArray &)> &change)
    {
        QFile file(m_temp->options.file);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray content = file.readAll();
        change(content);
        QVERIFY(file.resize(0));
        QVERIFY(file.seek(0));
        file.write(content);
    }
    std::unique_ptr<TempStore> m_temp;
    Store *m_store = nullptr;
};

using Change = std::function<void(QByteArray &)>;
Q_DECLARE_METATYPE(Change)

void TestStore::init()
{
    m_store = nullptr;
    m_temp = std::make_unique<TempStore>();
}

void TestStore::opensNew()
{
    m_store = m_temp->open();
    QVERIFY2(m_store, qPrintable(m_temp->error.detail));
    QVERIFY(m_store->openReport().created);
    QVERIFY(m_store->openReport().toSchema > 0);
    QVERIFY(!m_store->openReport().damaged);
    QVERIFY(m_store->openReport().backupBeforeUpgrade.isEmpty());
}

void TestStore::opensAgain()
{
    m_store = m_temp->open();
    QVERIFY(m_store);
    set(u"kept"_s);
    m_store = m_temp->open();
    QVERIFY(m_store);
    QVERIFY(!m_store->openReport().created);
    QVERIFY(m_store->openReport().checked);
    QCOMPARE(keys(), QStringList({u"kept"_s}));
}

void TestStore::refusesForeignFile()
{
    {
        const auto db = Connection::open({.file = m_temp->options.file});
        QVERIFY(db);
        QVERIFY((*db)->exec(u"CREATE TABLE somebodys (a)"_s));
    }
    QVERIFY(!m_temp->open());
    QCOMPARE(m_temp->error.code, ErrorCode::VersionMismatch);
    const auto db = Connection::open({.file = m_temp->options.file});
    QCOMPARE((*db)->value<qint64>(u"SELECT count(*) FROM sqlite_schema"_s).value().value(), 1);
}

void TestStore::refusesNewerStore()
{
    QVERIFY(m_temp->open());
    m_temp->store.reset();
    {
        const auto db = Connection::open({.file = m_temp->options.file});
        QVERIFY((*db)->exec(u"INSERT INTO schema_migrations VALUES (999, 'later', 'x', 999, 0)"_s));
        QVERIFY((*db)->exec(u"PRAGMA user_version = 999"_s));
    }
    QVERIFY(!m_temp->open());
    QCOMPARE(m_temp->error.code, ErrorCode::NewerStore);
    QVERIFY(QDir(m_temp->dir.path()).entryList({u"*damaged*"_s}).isEmpty());
}

void TestStore::restoresDamaged_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char *name, Change change) {
        QTest::newRow(name) << change;
    };
    row("empty", [](QByteArray &c) { c.clear(); });
    row("cut in the header", [](QByteArray &c) { c.truncate(50); });
    row("cut in the middle", [](QByteArray &c) { c.truncate(c.size() / 2); });
    row("not a database", [](QByteArray &c) { c.replace(0, 16, "this is no store"); });
    row("zeroed pages", [](QByteArray &c) { c.replace(8192, 40960, QByteArray(40960, '\0')); });
    row("random pages", [](QByteArray &c) {
        for (qsizetype i = 4096; i < c.size(); i += 7)
            c[i] = static_cast<char>(i * 31);
    });
}

void TestStore::restoresDamaged()
{
    QFETCH(Change, change);
    makeBackedUpStore();
    damage(change);
    m_temp->clock.advance(1000);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"damaged store set aside"_s));
    m_store = m_temp->open();
    QVERIFY2(m_store, qPrintable(m_temp->error.detail));
    const OpenReport &report = m_store->openReport();
    QVERIFY(report.damaged);
    QVERIFY(!report.created);
    QVERIFY(!report.damage.isEmpty());
    QVERIFY(QFile::exists(report.setAside));
    QVERIFY(QFile::exists(report.restoredFrom));
    QCOMPARE(report.restoredAtMs, m_temp->clock.nowMs() - 1000);
    QCOMPARE(keys(), QStringList({u"old"_s}));
    m_store = m_temp->open();
    QVERIFY(m_store);
    QVERIFY(!m_store->openReport().damaged); // once
}

void TestStore::damagedWithoutBackupBeginsAnew()
{
    QVERIFY(m_temp->open());
    m_temp->store.reset();
    damage([](QByteArray &c) { c.replace(0, 16, "this is no store"); });
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"damaged store set aside"_s));
    m_store = m_temp->open();
    QVERIFY(m_store);
    QVERIFY(m_store->openReport().damaged);
    QVERIFY(m_store->openReport().created);
    QVERIFY(m_store->openReport().restoredFrom.isEmpty());
    QVERIFY(QFile::exists(m_store->openReport().setAside));
}

void TestStore::damagedBackupIsSkipped()
{
    makeBackedUpStore();
    QFile::copy(m_temp->options.file, m_temp->dir.filePath(u"good"_s));
    const Backups backups(m_temp->options.backupDir, 7);
    const auto newer = backups.make(m_temp->options.file, m_temp->clock.nowMs() + 5000, u"daily"_s);
    VERIFY_RESULT(newer);
    QFile bad(*newer);
    QVERIFY(bad.open(QIODevice::ReadWrite));
    QVERIFY(bad.resize(5000));
    bad.close();
    damage([](QByteArray &c) { c.truncate(50); });
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"damaged store set aside"_s));
    m_store = m_temp->open();
    QVERIFY(m_store);
    QVERIFY(m_store->openReport().restoredFrom != *newer);
    QCOMPARE(keys(), QStringList({u"old"_s}));
}

void TestStore::damagedInUseIsRefused()
{
    makeBackedUpStore();
    const auto other = StoreLock::share(m_temp->options.file); // another process has it open
    QVERIFY(other);
    damage([](QByteArray &c) { c.truncate(c.size() / 2); });
    QVERIFY(!m_temp->open());
    QCOMPARE(m_temp->error.code, ErrorCode::Corrupt);
    QVERIFY(QDir(m_temp->dir.path()).entryList({u"*damaged*"_s}).isEmpty());
}

// Whatever the damage: it opens (as it is or restored) or is refused; it never crashes, and nothing is
// deleted.
void TestStore::randomDamageNeverHurts()
{
    makeBackedUpStore();
    QFile file(m_temp->options.file);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray good = file.readAll();
    file.close();
    QRandomGenerator random(4711);
    QtMessageHandler before =
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &) {});
    const auto restoreHandler = qScopeGuard([&] { qInstallMessageHandler(before); });
    int opened = 0;
    for (int round = 0; round < 60; ++round) {
        QByteArray bad = good;
        const int flips = 1 << random.bounded(8);
        for (int i = 0; i < flips; ++i)
            bad[random.bounded(bad.size())] = static_cast<char>(random.bounded(256));
        damage([&](QByteArray &c) { c = bad; });
        m_store = m_temp->open();
        opened += m_store ? 1 : 0;
        if (m_store) {
            const QString check =
                m_temp->connection()->value<QString>(u"PRAGMA quick_check(1)"_s).value().value();
            QCOMPARE(check, u"ok"_s);
        }
        m_temp->store.reset();
        m_store = nullptr;
    }
    QVERIFY2(opened > 30, qPrintable(QString::number(opened)));
}

void TestStore::checksInBackground()
{
    m_temp->options.checkAtOpenBytes = 1;
    QVERIFY(m_temp->open());
    m_store = m_temp->open();
    QVERIFY(m_store);
    QVERIFY(!m_store->openReport().checked);
    const auto check =
        waitFor<void>([&](auto done) { m_store->checkInBackground(nullptr, std::move(done)); });
    QVERIFY(check && check->has_value());
}

void TestStore::backsUpOnceADay()
{
    m_store = m_temp->open();
    QVERIFY(m_store);
    const QString first = backup();
    QVERIFY(QFile::exists(first));
    QVERIFY2(first.endsWith(u"-daily.db"), qPrintable(first));
    QCOMPARE(backup(), QString());
    m_temp->clock.advance(24 * 3600 * 1000);
    const QString second = backup();
    QVERIFY(QFile::exists(second));
    QVERIFY(first != second);
}

void TestStore::keepsSoManyBackups()
{
    m_store = m_temp->open();
    QVERIFY(m_store);
    QStringList made;
    for (int day = 0; day < 9; ++day) {
        made += backup();
        m_temp->clock.advance(24 * 3600 * 1000);
    }
    const auto kept = Backups(m_temp->options.backupDir, 7).list();
    QCOMPARE(kept.size(), 7U);
    QCOMPARE(kept.front().file, made.last()); // newest first
    QVERIFY(!QFile::exists(made.first()));
    QCOMPARE(QDir(m_temp->options.backupDir).entryList(QDir::Files | QDir::Hidden).size(), 7);
}

void TestStore::backupIsWhole()
{
    m_store = m_temp->open();
    QVERIFY(m_store);
    for (int i = 0; i < 50; ++i)
        set(u"k"_s + QString::number(i));
    const QString file = backup(); // while the store is open and its log is not moved over
    QVERIFY(checkStoreFile(file));
    const auto db = Connection::open({.file = file, .mode = ConnectionOptions::Mode::ReadOnly});
    QVERIFY(db);
    QCOMPARE(SettingsRepository(**db).all().value().size(), 50);
    QCOMPARE((*db)->value<qint64>(u"PRAGMA application_id"_s).value().value(), storeApplicationId);
}

void TestStore::tellsSizes()
{
    m_store = m_temp->open();
    QVERIFY(m_store);
    const auto filled = writeAndWait<void>(*m_store, [](Connection &db) -> Status {
        for (int i = 0; i < 200; ++i) {
            const auto id = StreamRepository(db).append({.session = {1}, .text = QString(2000, u'x')});
            if (!id)
                return std::unexpected(id.error());
        }
        return {};
    });
    QVERIFY(filled && *filled);
    const auto sizes =
        waitFor<std::vector<TableSize>>([&](auto done) { m_store->tableSizes(nullptr, std::move(done)); });
    QVERIFY(sizes && *sizes);
    QCOMPARE((*sizes)->front().table, u"stream_chunks"_s);
    QVERIFY((*sizes)->front().bytes >= 200 * 2000);
    QCOMPARE((*sizes)->front().rows, 200);
    QVERIFY(std::ranges::any_of(**sizes,
                                [](const TableSize &s) { return s.table == u"event_search"_s && !s.rows; }));
    QVERIFY(std::ranges::none_of(**sizes, [](const TableSize &s) { return s.table.endsWith(u"_data"); }));
}

void TestStore::prunesWhatIsOld()
{
    m_store = m_temp->open();
    QVERIFY(m_store);
    const qint64 now = m_temp->clock.nowMs();
    const auto filled = writeAndWait<void>(*m_store, [now](Connection &db) -> Status {
        for (int i = 0; i < 10; ++i) {
            const qint64 at = i < 6 ? now - 1000 : now;
            (void)EventRepository(db).append(
                {.atMs = at, .kind = u"node.x"_s, .data = {{u"t"_s, u"word"_s}}});
            (void)StreamRepository(db).append({.session = {1}, .atMs = at, .text = u"word"_s});
        }
        return SearchIndex(db).feed(100).transform([](bool) {});
    });
    QVERIFY(filled && *filled);
    const Retention retention{.streamMs = 500, .eventMs = 500, .batch = 4};
    int batches = 0;
    bool more = true;
    while (more && batches < 10) {
        const auto pruned =
            waitFor<bool>([&](auto done) { m_store->prune(retention, nullptr, std::move(done)); });
        QVERIFY(pruned && *pruned);
        more = **pruned;
        ++batches;
    }
    QCOMPARE(batches, 2);
    const auto db = m_temp->connection();
    QCOMPARE(db->value<qint64>(u"SELECT count(*) FROM events"_s).value().value(), 4);
    QCOMPARE(db->value<qint64>(u"SELECT count(*) FROM stream_chunks"_s).value().value(), 4);
    SearchIndex index(*db);
    QCOMPARE(index.search(SearchScope::Events, u"word"_s, 0, 50).value().size(), 4U);
    QCOMPARE(index.search(SearchScope::Streams, u"word"_s, 0, 50).value().size(), 4U);
    QVERIFY(db->run(u"INSERT INTO stream_search(stream_search, rank) VALUES ('integrity-check', 1)"_s));
}

void TestStore::indexesInBatches()
{
    m_store = m_temp->open();
    QVERIFY(m_store);
    const auto filled = writeAndWait<void>(*m_store, [](Connection &db) -> Status {
        for (int i = 0; i < 5; ++i)
            (void)StreamRepository(db).append({.session = {1}, .text = u"word"_s});
        return {};
    });
    QVERIFY(filled && *filled);
    const auto batch = [&] {
        const auto fed = waitFor<bool>([&](auto done) { m_store->indexBatch(3, nullptr, std::move(done)); });
        return fed && *fed && **fed;
    };
    QVERIFY(batch());
    QVERIFY(!batch());
    const auto hits = waitFor<std::vector<SearchHit>>([&](auto done) {
        m_store->reader().read(nullptr, [](Connection &db) {
            return SearchIndex(db).search(SearchScope::Streams, u"word"_s, 0, 50);
        }, std::move(done));
    });
    QVERIFY(hits && *hits);
    QCOMPARE((*hits)->size(), 5U);
}

QTEST_GUILESS_MAIN(TestStore)
#include "tst_store.moc"
