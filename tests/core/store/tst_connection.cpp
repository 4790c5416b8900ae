// One connection: values survive, statements are reused and always finished, errors have their codes.
#include "core/events/reasons.h"
#include "tests/support/temp_store.h"

using namespace muster;
using namespace Qt::StringLiterals;

class TestConnection : public QObject {
    Q_OBJECT
private slots:
    void init();
    void valuesSurvive();
    void bindsAnewEachTime();
    void numberedValuesStandInSeveralPlaces();
    void refusesTooFewValues();
    void statementMayBeUsedWithinItself();
    void unfinishedRowsDoNotBlockCheckpoints();
    void errorsHaveCodes_data();
    void errorsHaveCodes();
    void readOnlyRefusesWrites();
    void busyIsATimeout();
    void transactionUndoes();
    void seesOthersByDataVersion();
    void refusesWhatIsNotADatabase();

private:
    [[nodiscard]] std::unique_ptr<Connection>
    open(int busyMs = 5000, ConnectionOptions::Mode mode = ConnectionOptions::Mode::ReadWrite)
    {
        auto db = Connection::open({.file = m_dir->filePath(u"x.db"_s),
                                    .mode = mode,
                                    .durability = Durability::Normal,
                                    .busyTimeoutMs = busyMs});
        return db ? std::move(*db) : nullptr;
    }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestConnection::init() { m_dir = std::make_unique<QTemporaryDir>(); }

void TestConnection::valuesSurvive()
{
    const auto db = open();
    QVERIFY(db);
    QVERIFY(db->exec(u"CREATE TABLE t (a, b, c, d, e, f, g, h, i)"_s));
    const qint64 large = 9'007'199'254'740'993; // beyond what a double holds
    QVERIFY(db->run(u"INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"_s, large, u"ñ'"_s, QString(), RunId{},
                    RunId{5}, TaskStatus::TimedOut, std::optional<int>(), QJsonObject{{u"k"_s, 1}},
                    QStringList{u"a"_s, u"b"_s}));
    Statement row =
        db->prepare(u"SELECT * FROM t WHERE c = '' AND d IS NULL AND f = 'timed_out' AND g IS NULL"_s);
    QCOMPARE(row.next().value_or(false), true);
    qint64 a = 0;
    QString b;
    QString c;
    RunId d{1};
    RunId e;
    TaskStatus f = TaskStatus::Queued;
    std::optional<int> g = 1;
    QJsonObject h;
    QStringList i;
    row.read(a, b, c, d, e, f, g, h, i);
    QCOMPARE(a, large);
    QCOMPARE(b, u"ñ'"_s);
    QCOMPARE(d, RunId{});
    QCOMPARE(e, RunId{5});
    QCOMPARE(f, TaskStatus::TimedOut);
    QVERIFY(!g);
    QCOMPARE(h.value(u"k").toInt(), 1);
    QCOMPARE(i, QStringList({u"a"_s, u"b"_s}));
    QCOMPARE(row.next().value_or(true), false);
}

void TestConnection::bindsAnewEachTime()
{
    const auto db = open();
    QVERIFY(db->exec(u"CREATE TABLE t (a, b)"_s));
    const QString sql = u"INSERT INTO t VALUES (?, ?)"_s;
    QVERIFY(db->run(sql, 1, u"1"_s));
    QVERIFY(db->run(sql, 1, u"2"_s));
    QVERIFY(db->run(sql, u"1"_s, u"2"_s));
    QVERIFY(db->run(sql, std::nullopt, u""_s));
    QVERIFY(db->run(sql, RunId{}, QString()));
    QVERIFY(db->run(sql, 0, std::nullopt));
    QCOMPARE(db->value<QString>(u"SELECT group_concat(quote(a) || quote(b), ' ') FROM t"_s).value().value(),
             u"1'1' 1'2' '1''2' NULL'' NULL'' 0NULL"_s);
}

void TestConnection::numberedValuesStandInSeveralPlaces()
{
    const auto db = open();
    const QString sql = u"SELECT json_array(?2, ?1, ?2, ?12 + ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"_s;
    for (const qint64 first : {1, 1, 7}) {
        const auto got = db->value<QString>(sql, first, u"b"_s, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        QCOMPARE(got.value().value(),
                 u"[\"b\",%1,\"b\",%2,3,4,5,6,7,8,9,10,11]"_s.arg(first).arg(first + 12));
    }
}

void TestConnection::refusesTooFewValues()
{
    const auto db = open();
    const QString sql = u"SELECT ? + ?"_s;
    QCOMPARE(db->value<qint64>(sql, 1, 2).value().value(), 3);
    QVERIFY(!db->value<qint64>(sql, 1));
    QCOMPARE(db->value<qint64>(sql, 1, 5).value().value(), 6);
}

void TestConnection::statementMayBeUsedWithinItself()
{
    const auto db = open();
    QVERIFY(db->exec(u"CREATE TABLE t (a)"_s));
    QVERIFY(db->run(u"INSERT INTO t VALUES (1), (2), (3)"_s));
    int pairs = 0;
    const QString sql = u"SELECT a FROM t WHERE a > ?"_s;
    Statement outer = db->prepare(sql);
    outer.bind(0);
    while (outer.next().value_or(false)) {
        Statement inner = db->prepare(sql);
        inner.bind(1);
        while (inner.next().value_or(false))
            ++pairs;
    }
    QCOMPARE(pairs, 6);
}

void TestConnection::unfinishedRowsDoNotBlockCheckpoints()
{
    const auto db = open();
    const auto reader = open();
    QVERIFY(db->exec(u"CREATE TABLE t (a)"_s));
    QVERIFY(db->run(u"INSERT INTO t VALUES (1), (2)"_s));
    {
        Statement half = reader->prepare(u"SELECT a FROM t"_s);
        QVERIFY(half.next().value_or(false)); // a second row is left unread
    }
    QVERIFY(db->run(u"INSERT INTO t VALUES (3)"_s));
    Statement checkpoint = db->prepare(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
    QVERIFY(checkpoint.next().value_or(false));
    int busy = 1;
    checkpoint.read(busy);
    QCOMPARE(busy, 0);
}

void TestConnection::errorsHaveCodes_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("unique") << u"INSERT INTO t(a, b) VALUES (1, 1)"_s << ErrorCode::AlreadyExists;
    QTest::newRow("primary key") << u"INSERT INTO t(id, a, b) VALUES (1, 2, 1)"_s << ErrorCode::AlreadyExists;
    QTest::newRow("check") << u"INSERT INTO t(a, b) VALUES (2, -1)"_s << ErrorCode::InvalidArgument;
    QTest::newRow("not null") << u"INSERT INTO t(a, b) VALUES (2, NULL)"_s << ErrorCode::InvalidArgument;
    QTest::newRow("foreign key") << u"INSERT INTO t(a, b, c) VALUES (2, 1, 99)"_s << ErrorCode::NotFound;
    QTest::newRow("syntax") << u"SELEKT 1"_s << ErrorCode::Internal;
    QTest::newRow("several statements") << u"SELECT 1; SELECT 2"_s << ErrorCode::Internal;
}

void TestConnection::errorsHaveCodes()
{
    QFETCH(QString, sql);
    QFETCH(ErrorCode, code);
    const auto db = open();
    QVERIFY(db->exec(u"CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE, b NOT NULL CHECK (b > 0), "
                     "c REFERENCES t(id))"_s));
    QVERIFY(db->run(u"INSERT INTO t(id, a, b) VALUES (1, 1, 1)"_s));
    const auto result = db->run(sql);
    QVERIFY(!result);
    QCOMPARE(result.error().code, code);
    QVERIFY(!result.error().detail.isEmpty());
}

void TestConnection::readOnlyRefusesWrites()
{
    const auto db = open();
    QVERIFY(db->exec(u"CREATE TABLE t (a)"_s));
    const auto reader = open(5000, ConnectionOptions::Mode::ReadOnly);
    QVERIFY(reader);
    QVERIFY(!reader->run(u"INSERT INTO t VALUES (1)"_s));
    QCOMPARE(reader->value<qint64>(u"SELECT count(*) FROM t"_s).value().value(), 0);
}

void TestConnection::busyIsATimeout()
{
    const auto one = open();
    const auto two = open(20);
    QVERIFY(one->begin());
    const Status begun = two->begin();
    QVERIFY(!begun);
    QCOMPARE(begun.error().code, ErrorCode::Timeout);
    QVERIFY(one->commit());
    QVERIFY(two->begin());
}

void TestConnection::transactionUndoes()
{
    const auto db = open();
    QVERIFY(db->exec(u"CREATE TABLE t (a)"_s));
    const auto failed = db->inTransaction([&]() -> Status {
        if (auto ran = db->run(u"INSERT INTO t VALUES (1)"_s); !ran)
            return std::unexpected(ran.error());
        return fail(ErrorCode::Conflict);
    });
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::Conflict);
    QCOMPARE(db->value<qint64>(u"SELECT count(*) FROM t"_s).value().value(), 0);
    QVERIFY(db->inTransaction([&] { return db->run(u"INSERT INTO t VALUES (1)"_s); }));
    QCOMPARE(db->value<qint64>(u"SELECT count(*) FROM t"_s).value().value(), 1);
}

void TestConnection::seesOthersByDataVersion()
{
    const auto one = open();
    const auto two = open();
    QVERIFY(one->exec(u"CREATE TABLE t (a)"_s));
    const qint64 before = two->dataVersion().value_or(-1);
    QVERIFY(two->run(u"INSERT INTO t VALUES (1)"_s));
    QCOMPARE(two->dataVersion().value_or(-1), before); // its own does not count
    QVERIFY(one->run(u"INSERT INTO t VALUES (2)"_s));
    QVERIFY(two->dataVersion().value_or(-1) != before);
}

void TestConnection::refusesWhatIsNotADatabase()
{
    QFile file(m_dir->filePath(u"x.db"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(8192, 'x'));
    file.close();
    const auto db = Connection::open({.file = file.fileName()});
    QVERIFY(!db);
    QCOMPARE(db.error().code, ErrorCode::Corrupt);
}

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
