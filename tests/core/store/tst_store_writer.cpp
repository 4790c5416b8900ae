// Group commit: jobs stand and fall alone, replies come after the commit, in order, in the poster's thread.
#include "core/store/log_file_mark.h"
#include "core/store/reply_queue.h"
#include "tests/support/temp_store.h"

#include <QRegularExpression>
#include <QTimer>

#include <latch>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

Status insertSetting(Connection &db, const QString &key)
{
    return db.run(u"INSERT INTO settings(key, value, updated_at) VALUES (?, '1', 0)"_s, key)
        .transform([](qint64) {});
}

} // namespace

class TestStoreWriter : public QObject {
    Q_OBJECT
private slots:
    void init();
    void repliesAfterTheCommit();
    void failingJobUndoesOnlyItself_data();
    void failingJobUndoesOnlyItself();
    void groupsWhatQueues();
    void boundsAGroup();
    void repliesInOrderInThePostersThread();
    void expectedRepliesComeWhenever();
    void deadContextGetsNoReply();
    void givesValues();
    void failedCommitFailsItsGroup();
    void stopCommitsWhatWasPosted();
    void refusesAfterStop();
    void drains();
    void waitsForAnotherWriter();
    void noticesForeignCommits();
    void logFileTellsOfCommits();
    void checkpointsWhenIdle();
    void readsASnapshot();
    void newestReadWins();
    void readerStopAnswersWhatWaits();

private:
    [[nodiscard]] qint64 count(const QString &like)
    {
        return m_look->value<qint64>(u"SELECT count(*) FROM settings WHERE key LIKE ?"_s, like)
            .value()
            .value();
    }
    // Nothing is run until the latch opens: what is posted meanwhile is one group.
    std::shared_ptr<std::latch> holdWriter()
    {
        auto latch = std::make_shared<std::latch>(1);
        m_store->writer().post([latch](Connection &) {
            latch->wait();
            return Status();
        });
        return latch;
    }
    std::unique_ptr<TempStore> m_temp;
    std::unique_ptr<Connection> m_look;
    Store *m_store = nullptr;
};

void TestStoreWriter::init()
{
    m_look.reset();
    m_temp = std::make_unique<TempStore>();
    m_temp->options.writer.groupMs = 60'000; // by number alone, so that a slow machine changes nothing
    m_store = m_temp->open();
    QVERIFY2(m_store, qPrintable(m_temp->error.detail));
    m_look = m_temp->connection();
    QVERIFY(m_look);
}

void TestStoreWriter::repliesAfterTheCommit()
{
    qint64 seen = -1;
    m_store->writer().post([](Connection &db) { return insertSetting(db, u"a"_s); }, this,
                           [&](const Status &status) { seen = status ? count(u"a"_s) : -2; });
    QTRY_COMPARE_WITH_TIMEOUT(seen, 1, 30'000); // another connection sees it when the reply comes
}

void TestStoreWriter::failingJobUndoesOnlyItself_data()
{
    QTest::addColumn<int>("failing");
    QTest::newRow("first") << 0;
    QTest::newRow("middle") << 2;
    QTest::newRow("last") << 4;
}

void TestStoreWriter::failingJobUndoesOnlyItself()
{
    QFETCH(int, failing);
    const auto hold = holdWriter();
    QStringList outcomes;
    for (int i = 0; i < 5; ++i) {
        m_store->writer().post([i, failing](Connection &db) -> Status {
            if (Status done = insertSetting(db, u"job-"_s + QString::number(i)); !done)
                return done;
            return i == failing ? insertSetting(db, u"job-"_s + QString::number(i)) : Status();
        }, this, [&](const Status &status) { outcomes += status ? u"ok"_s : u"failed"_s; });
    }
    hold->count_down();
    QTRY_COMPARE_WITH_TIMEOUT(outcomes.size(), 5, 30'000);
    QStringList expected(5, u"ok"_s);
    expected[failing] = u"failed"_s;
    QCOMPARE(outcomes, expected);
    QCOMPARE(count(u"job-%"_s), 4);
    QCOMPARE(count(u"job-"_s + QString::number(failing)), 0);
}

void TestStoreWriter::groupsWhatQueues()
{
    const auto hold = holdWriter();
    int answered = 0;
    for (int i = 0; i < 100; ++i) {
        m_store->writer().post([i](Connection &db) { return insertSetting(db, QString::number(i)); }, this,
                               [&](const Status &) { ++answered; });
    }
    hold->count_down();
    QTRY_COMPARE_WITH_TIMEOUT(answered, 100, 30'000);
    QCOMPARE(m_store->writer().committedGroups(), 1);
}

void TestStoreWriter::boundsAGroup()
{
    const auto hold = holdWriter();
    int answered = 0;
    for (int i = 0; i < 600; ++i) {
        m_store->writer().post([](Connection &) { return Status(); }, this,
                               [&](const Status &) { ++answered; });
    }
    hold->count_down();
    QTRY_COMPARE_WITH_TIMEOUT(answered, 600, 30'000);
    QCOMPARE(m_store->writer().committedGroups(), 3); // 256 + 256 + 89
}

void TestStoreWriter::repliesInOrderInThePostersThread()
{
    std::vector<int> order;
    bool right = true;
    for (int i = 0; i < 50; ++i) {
        m_store->writer().post([](Connection &) { return Status(); }, this, [&, i](const Status &) {
            order.push_back(i);
            right = right && QThread::currentThread() == thread();
        });
    }
    QTRY_COMPARE_WITH_TIMEOUT(order.size(), 50U, 30'000);
    QVERIFY(right);
    QVERIFY(std::ranges::is_sorted(order));
}

// What is waited for awake comes once and in order: while its thread is awake, and when it has given up.
void TestStoreWriter::expectedRepliesComeWhenever()
{
    QStringList told;
    QEventLoop loop;
    const auto ask = [&](const QString &key) {
        m_store->writer().post([key](Connection &db) { return insertSetting(db, key); }, this,
                               [&, key](const Status &status) {
            told += status ? key : u"failed"_s;
            loop.quit();
        });
        ReplyQueue::ofThisThread()->expect();
    };
    QStringList expected;
    for (int i = 0; i < 300; ++i) {
        expected += u"soon%1"_s.arg(i);
        ask(expected.back());
        loop.exec();
    }
    for (int i = 0; i < 3; ++i) {
        const auto latch = holdWriter();
        expected += u"late%1"_s.arg(i);
        ask(expected.back());
        QTimer::singleShot(20, &loop, [latch] { latch->count_down(); }); // by then nobody is awake
        loop.exec();
    }
    QCOMPARE(told, expected);
}

void TestStoreWriter::deadContextGetsNoReply()
{
    const auto hold = holdWriter();
    auto context = std::make_unique<QObject>();
    bool called = false;
    bool drained = false;
    m_store->writer().post([](Connection &db) { return insertSetting(db, u"kept"_s); }, context.get(),
                           [&](const Status &) { called = true; });
    m_store->writer().drain(this, [&] { drained = true; });
    context.reset();
    hold->count_down();
    QTRY_VERIFY_WITH_TIMEOUT(drained, 30'000);
    QVERIFY(!called);
    QCOMPARE(count(u"kept"_s), 1); // the work itself was asked for
}

void TestStoreWriter::givesValues()
{
    const auto five = writeAndWait<int>(*m_store, [](Connection &) { return Result<int>(5); });
    QVERIFY(five && five->has_value());
    QCOMPARE(**five, 5);
    const auto failed = writeAndWait<int>(
        *m_store, [](Connection &) -> Result<int> { return fail(ErrorCode::Conflict, u"x"_s); });
    QVERIFY(failed && !failed->has_value());
    QCOMPARE(failed->error().code, ErrorCode::Conflict);
    QCOMPARE(failed->error().detail, u"x"_s);
}

// A deferred foreign key is checked by the commit: a commit that fails without any trick.
void TestStoreWriter::failedCommitFailsItsGroup()
{
    QVERIFY(m_look->exec(u"CREATE TABLE parent (id INTEGER PRIMARY KEY)"_s));
    QVERIFY(m_look->exec(u"CREATE TABLE child (p REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)"_s));
    QList<WriterState> states;
    connect(&m_store->writer(), &StoreWriter::stateChanged, this,
            [&](const WriterState &state) { states += state; });
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"store cannot be written.*FOREIGN KEY"_s));
    const auto hold = holdWriter();
    QStringList outcomes;
    const auto note = [&](const Status &status) {
        outcomes += status ? u"ok"_s : u"failed"_s;
    };
    m_store->writer().post([](Connection &db) { return insertSetting(db, u"with-it"_s); }, this, note);
    m_store->writer().post([](Connection &db) {
        return db.run(u"INSERT INTO child VALUES (9)"_s).transform([](qint64) {});
    }, this, note);
    hold->count_down();
    QTRY_COMPARE_WITH_TIMEOUT(outcomes, QStringList({u"failed"_s, u"failed"_s}), 30'000);
    QCOMPARE(count(u"with-it"_s), 0);
    outcomes.clear();
    m_store->writer().post([](Connection &db) { return insertSetting(db, u"later"_s); }, this, note);
    QTRY_COMPARE_WITH_TIMEOUT(outcomes, QStringList({u"ok"_s}), 30'000);
    QCOMPARE(count(u"later"_s), 1);
    QTRY_COMPARE_WITH_TIMEOUT(states.size(), 2, 30'000); // paused, and fine again
    QVERIFY(states.at(0).paused);
    QVERIFY(!states.at(1).paused);
}

void TestStoreWriter::stopCommitsWhatWasPosted()
{
    for (int i = 0; i < 1000; ++i)
        m_store->writer().post(
            [i](Connection &db) { return insertSetting(db, u"s"_s + QString::number(i)); });
    m_store->close();
    QCOMPARE(count(u"s%"_s), 1000);
}

void TestStoreWriter::refusesAfterStop()
{
    m_store->close();
    const auto result = writeAndWait<int>(*m_store, [](Connection &) { return Result<int>(5); });
    QVERIFY(result && !result->has_value());
    QCOMPARE(result->error().code, ErrorCode::Unavailable);
}

void TestStoreWriter::drains()
{
    qint64 seen = -1;
    for (int i = 0; i < 300; ++i)
        m_store->writer().post(
            [i](Connection &db) { return insertSetting(db, u"d"_s + QString::number(i)); });
    m_store->writer().drain(this, [&] { seen = count(u"d%"_s); });
    QTRY_COMPARE_WITH_TIMEOUT(seen, 300, 30'000);
}

void TestStoreWriter::waitsForAnotherWriter()
{
    m_store = nullptr;
    m_temp->store.reset();
    StoreWriter writer({.file = m_temp->options.file, .durability = Durability::Normal, .busyTimeoutMs = 20});
    QVERIFY(writer.start());
    QList<WriterState> states;
    connect(&writer, &StoreWriter::stateChanged, this, [&](const WriterState &state) { states += state; });
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"store cannot be written.*locked"_s));
    QVERIFY(m_look->begin()); // another process would do the same
    std::optional<Status> outcome;
    writer.post([](Connection &db) { return insertSetting(db, u"patient"_s); }, this,
                [&](const Status &status) { outcome = status; });
    QTRY_COMPARE_WITH_TIMEOUT(states.size(), 1, 30'000); // it says that it waits
    QCOMPARE(states.at(0).reason, ErrorCode::Timeout);
    QVERIFY(!outcome);
    QVERIFY(m_look->commit());
    QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 30'000);
    QVERIFY(outcome->has_value());
    QCOMPARE(count(u"patient"_s), 1);
    QTRY_VERIFY_WITH_TIMEOUT(!writer.state().paused, 30'000);
}

void TestStoreWriter::noticesForeignCommits()
{
    const auto look = [&] {
        std::optional<bool> changed;
        m_store->writer().lookForForeignCommits(this, [&](bool is) { changed = is; });
        (void)QTest::qWaitFor([&] { return changed.has_value(); }, 30'000);
        return changed.value_or(true);
    };
    (void)look();
    QVERIFY(!look());
    (void)writeAndWait<void>(*m_store, [](Connection &db) { return insertSetting(db, u"own"_s); });
    QVERIFY(!look());
    QVERIFY(insertSetting(*m_look, u"foreign"_s));
    QVERIFY(look());
    QVERIFY(!look());
}

void TestStoreWriter::logFileTellsOfCommits()
{
    LogFileMark mark(m_temp->options.file);
    QVERIFY(mark.mayHaveChanged()); // the first look
    QVERIFY(!mark.mayHaveChanged());
    QVERIFY(insertSetting(*m_look, u"foreign"_s));
    QVERIFY(mark.mayHaveChanged());
    int told = 0;
    for (int i = 0; i < 3 * LogFileMark::looksBetween; ++i)
        told += mark.mayHaveChanged() ? 1 : 0;
    QCOMPARE(told, 3); // however quiet it is
}

void TestStoreWriter::checkpointsWhenIdle()
{
    m_store = nullptr;
    m_temp->options.writer.idleCheckpointMs = 1;
    m_store = m_temp->open();
    QVERIFY(m_store);
    (void)writeAndWait<void>(*m_store, [](Connection &db) { return insertSetting(db, u"checkpointed"_s); });
    // The main file alone has it then.
    const auto isInFile = [&] {
        QFile file(m_temp->options.file);
        return file.open(QIODevice::ReadOnly) && file.readAll().contains("checkpointed");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isInFile(), 30'000);
}

void TestStoreWriter::readsASnapshot()
{
    std::latch first(1);
    std::latch second(1);
    std::optional<Result<bool>> same;
    m_store->reader().read(this, [&](Connection &db) -> Result<bool> {
        const auto before = db.value<qint64>(u"SELECT count(*) FROM settings"_s);
        first.count_down();
        second.wait();
        const auto after = db.value<qint64>(u"SELECT count(*) FROM settings"_s);
        return before.value() == after.value();
    }, [&](const Result<bool> &result) { same = result; });
    first.wait();
    (void)writeAndWait<void>(*m_store, [](Connection &db) { return insertSetting(db, u"meanwhile"_s); });
    second.count_down();
    QTRY_VERIFY_WITH_TIMEOUT(same.has_value(), 30'000);
    QCOMPARE(same->value(), true);
}

void TestStoreWriter::newestReadWins()
{
    const NewestRead newest;
    QStringList answers;
    for (const QString &name : {u"old"_s, u"new"_s}) {
        m_store->reader().read(newest, this, [name](Connection &) { return Result<QString>(name); },
                               [&](const Result<QString> &result) { answers += *result; });
    }
    std::optional<bool> last;
    m_store->reader().read(this, [](Connection &) { return Result<bool>(true); },
                           [&](const Result<bool> &result) { last = *result; });
    QTRY_VERIFY_WITH_TIMEOUT(last.has_value() && !answers.isEmpty(), 30'000);
    QCOMPARE(answers, QStringList({u"new"_s}));
}

void TestStoreWriter::readerStopAnswersWhatWaits()
{
    std::latch go(1);
    int running = 0;
    int cancelled = 0;
    for (int i = 0; i < 10; ++i) {
        m_store->reader().read(this, [&go](Connection &) {
            go.wait();
            return Result<int>(1);
        }, [&](const Result<int> &result) { ++(result ? running : cancelled); });
    }
    const std::unique_ptr<QThread> opener(QThread::create([&] { go.count_down(); }));
    opener->start();
    m_store->reader().stop();
    opener->wait();
    QTRY_COMPARE_WITH_TIMEOUT(running + cancelled, 10, 30'000);
}

QTEST_GUILESS_MAIN(TestStoreWriter)
#include "tst_store_writer.moc"
