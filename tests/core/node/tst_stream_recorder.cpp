// What streams say reaches the store whole and in order, however fast it comes, in writes of bounded size;
// and who waits for the end of a task is answered when all of it is committed.
#include "core/base/clock.h"
#include "core/node/work/stream_recorder.h"
#include "tests/support/temp_store.h"

#include <QSignalSpy>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 30'000;
constexpr qsizetype pieceUnits = 100'000;

} // namespace

class TestStreamRecorder : public QObject {
    Q_OBJECT
private slots:
    void init();
    void floodIsWrittenInOrder();
    void finishAnswersAfterItsTaskOnly();
    void smallPiecesAreMerged();
    void anotherMessageIsAnotherChunk();

private:
    void say(TaskId task, const QString &text, const QString &message = u"m"_s)
    {
        m_streams->add({.task = task, .refs = {.task = task}}, StreamChannel::Text, message, text);
    }
    [[nodiscard]] std::vector<StreamChunk> chunks(TaskId task)
    {
        const auto read = writeAndWait<std::vector<StreamChunk>>(*m_store, [task](Connection &db) {
            return StreamRepository(db).read({.session = {}, .task = task, .channel = {}, .messageKey = {}});
        });
        return read && *read ? **read : std::vector<StreamChunk>();
    }

    std::unique_ptr<TempStore> m_temp;
    SystemClock m_clock;
    Store *m_store = nullptr;
    std::unique_ptr<EventHub> m_hub;
    std::unique_ptr<Ledger> m_ledger;
    std::unique_ptr<StreamRecorder> m_streams;
};

void TestStreamRecorder::init()
{
    m_streams.reset();
    m_ledger.reset();
    m_hub.reset();
    m_temp = std::make_unique<TempStore>();
    m_store = m_temp->open();
    QVERIFY(m_store);
    m_hub = std::make_unique<EventHub>(*m_store);
    m_hub->begin(0);
    m_ledger = std::make_unique<Ledger>(*m_store, *m_hub, m_clock);
    m_streams = std::make_unique<StreamRecorder>(*m_ledger);
}

void TestStreamRecorder::floodIsWrittenInOrder()
{
    QSignalSpy written(m_streams.get(), &StreamRecorder::written);
    QString all[2];
    for (int i = 0; i < 60; ++i) {
        const int task = i % 2;
        const QString piece = u"%1 "_s.arg(i) + QString(pieceUnits, QChar(u'a' + i % 26));
        all[task] += piece;
        say(TaskId{task + 1}, piece);
    }
    QCOMPARE(m_streams->unwritten({1}), all[0].size());
    int finished = 0;
    for (const int task : {1, 2})
        m_streams->finish(TaskId{task}, [&] { ++finished; });
    QCOMPARE(finished, 0);
    QTRY_COMPARE_WITH_TIMEOUT(finished, 2, patienceMs);
    QCOMPARE(m_streams->unwritten({1}), 0);
    QCOMPARE(m_streams->unwritten({2}), 0);
    QVERIFY(written.size() >= 3); // no write holds all of the six million
    for (const int task : {0, 1}) {
        QString read;
        for (const StreamChunk &chunk : chunks(TaskId{task + 1})) {
            QCOMPARE(chunk.offset, read.size());
            read += chunk.text;
        }
        QVERIFY(read == all[task]);
    }
}

void TestStreamRecorder::finishAnswersAfterItsTaskOnly()
{
    say({1}, u"something"_s);
    bool other = false;
    m_streams->finish({2}, [&] { other = true; });
    QVERIFY(other); // it has said nothing
    bool own = false;
    m_streams->finish({1}, [&] { own = true; });
    QVERIFY(!own);
    QTRY_VERIFY_WITH_TIMEOUT(own, patienceMs);
    QCOMPARE(chunks({1}).size(), 1U);
}

void TestStreamRecorder::smallPiecesAreMerged()
{
    for (int i = 0; i < 1000; ++i)
        say({1}, u"word "_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_streams->unwritten({1}), 0, patienceMs);
    QCOMPARE(chunks({1}).size(), 1U);
    say({1}, u"more"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_streams->unwritten({1}), 0, patienceMs);
    const auto all = chunks({1});
    QCOMPARE(all.size(), 2U);
    QCOMPARE(all.back().offset, 5000);
}

void TestStreamRecorder::anotherMessageIsAnotherChunk()
{
    say({1}, u"one"_s, u"a"_s);
    say({1}, u"two"_s, u"b"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_streams->unwritten({1}), 0, patienceMs);
    const auto all = chunks({1});
    QCOMPARE(all.size(), 2U);
    QCOMPARE(all.front().messageKey, u"a"_s);
    QCOMPARE(all.back().offset, 3);
}

QTEST_GUILESS_MAIN(TestStreamRecorder)
#include "tst_stream_recorder.moc"
