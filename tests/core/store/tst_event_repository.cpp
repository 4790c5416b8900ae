// The log: sequence numbers only grow, slices go both ways, filters and words find what they name.
#include "core/store/event_repository.h"
#include "core/store/search_index.h"
#include "core/store/stream_repository.h"
#include "tests/support/temp_store.h"

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

std::vector<Event> tenEvents()
{
    std::vector<Event> events;
    for (int i = 1; i <= 10; ++i) {
        events.push_back({.atMs = i * 100,
                          .kind = i % 2 == 0 ? u"run.status"_s : u"session.text"_s,
                          .refs = {.run = {i % 3}, .session = {i % 2}},
                          .source = u"node"_s,
                          .data = {{u"text"_s, QString(u"number "_s + QString::number(i))}}});
    }
    return events;
}

} // namespace

class TestEventRepository : public QObject {
    Q_OBJECT
private slots:
    void init();
    void keepsEverything();
    void numbersAreNeverUsedAgain();
    void slices_data();
    void slices();
    void filters_data();
    void filters();
    void counts();
    void usesAnIndex_data();
    void usesAnIndex();
    void searchIsFedBehind();
    void batchesOfSearchAreBounded();
    void searchIsNewestFirst();
    void matchExpressionIsSafe_data();
    void matchExpressionIsSafe();
    void findsWords_data();
    void findsWords();
    void forgetsWhatIsDeleted();

private:
    QList<qint64> seqs(const Result<std::vector<Event>> &events)
    {
        QList<qint64> found;
        for (const Event &event : events.value())
            found += event.seq;
        return found;
    }
    std::unique_ptr<TempStore> m_temp;
    std::unique_ptr<Connection> m_db;
};

void TestEventRepository::init()
{
    m_db.reset();
    m_temp = std::make_unique<TempStore>();
    m_db = m_temp->connection();
    QVERIFY(m_db);
}

void TestEventRepository::keepsEverything()
{
    EventRepository log(*m_db);
    std::vector<Event> events{{.atMs = 1'700'000'000'123,
                               .kind = u"step.status"_s,
                               .refs = {.project = {1},
                                        .run = {2},
                                        .step = {3},
                                        .task = {4},
                                        .session = {5},
                                        .conversation = {6},
                                        .inbox = {7}},
                               .source = u"agent:5"_s,
                               .data = {{u"a"_s, QJsonObject{{u"b"_s, u"ñ"_s}}}}},
                              {.kind = u"node.started"_s}};
    QVERIFY(log.append(events));
    QCOMPARE(events.at(0).seq, 1);
    QCOMPARE(events.at(1).seq, 2);
    const auto back = log.slice({}, {});
    VERIFY_RESULT(back);
    QVERIFY(*back == events);
    QCOMPARE(log.lastSeq().value(), 2);
}

void TestEventRepository::numbersAreNeverUsedAgain()
{
    EventRepository log(*m_db);
    std::vector<Event> events = tenEvents();
    QVERIFY(log.append(events));
    QVERIFY(m_db->run(u"DELETE FROM events"_s));
    QCOMPARE(log.append(Event{.kind = u"node.started"_s}).value(), 11);
}

void TestEventRepository::slices_data()
{
    QTest::addColumn<EventSlice>("slice");
    QTest::addColumn<QList<qint64>>("found");
    QTest::newRow("from the first") << EventSlice{.limit = 3} << QList<qint64>{1, 2, 3};
    QTest::newRow("go on") << EventSlice{.seq = 3, .limit = 2} << QList<qint64>{4, 5};
    QTest::newRow("nothing newer") << EventSlice{.seq = 10} << QList<qint64>{};
    QTest::newRow("newest") << EventSlice{.direction = SliceDirection::Older, .limit = 3}
                            << QList<qint64>{8, 9, 10};
    QTest::newRow("before") << EventSlice{.seq = 4, .direction = SliceDirection::Older, .limit = 2}
                            << QList<qint64>{2, 3};
    QTest::newRow("at least one") << EventSlice{.limit = -5} << QList<qint64>{1};
}

void TestEventRepository::slices()
{
    QFETCH(EventSlice, slice);
    QFETCH(QList<qint64>, found);
    EventRepository log(*m_db);
    std::vector<Event> events = tenEvents();
    QVERIFY(log.append(events));
    QCOMPARE(seqs(log.slice({}, slice)), found);
}

void TestEventRepository::filters_data()
{
    QTest::addColumn<EventFilter>("filter");
    QTest::addColumn<QList<qint64>>("found");
    QTest::newRow("run") << EventFilter{.refs = {.run = {2}}} << QList<qint64>{2, 5, 8};
    QTest::newRow("run and session") << EventFilter{.refs = {.run = {2}, .session = {1}}} << QList<qint64>{5};
    QTest::newRow("kind") << EventFilter{.kinds = {u"run.status"_s}} << QList<qint64>{2, 4, 6, 8, 10};
    QTest::newRow("prefix") << EventFilter{.kinds = {u"session."_s}} << QList<qint64>{1, 3, 5, 7, 9};
    QTest::newRow("no such prefix") << EventFilter{.kinds = {u"sess."_s}} << QList<qint64>{};
    QTest::newRow("either") << EventFilter{.refs = {.run = {1}}, .kinds = {u"run."_s, u"session.text"_s}}
                            << QList<qint64>{1, 4, 7, 10};
    QTest::newRow("from") << EventFilter{.fromMs = 900} << QList<qint64>{9, 10};
    QTest::newRow("until") << EventFilter{.toMs = 300} << QList<qint64>{1, 2};
    QTest::newRow("words") << EventFilter{.text = u"number 7"_s} << QList<qint64>{7};
    QTest::newRow("words and run") << EventFilter{.refs = {.run = {1}}, .text = u"number"_s}
                                   << QList<qint64>{1, 4, 7, 10};
    QTest::newRow("a key is no text") << EventFilter{.text = u"text"_s} << QList<qint64>{};
    QTest::newRow("hostile words") << EventFilter{.text = u"\" OR * NEAR( '"_s} << QList<qint64>{};
}

void TestEventRepository::filters()
{
    QFETCH(EventFilter, filter);
    QFETCH(QList<qint64>, found);
    EventRepository log(*m_db);
    std::vector<Event> events = tenEvents();
    QVERIFY(log.append(events));
    QVERIFY(SearchIndex(*m_db).feed(100));
    QCOMPARE(seqs(log.slice(filter, {})), found);
    QCOMPARE(seqs(log.slice(filter, {.direction = SliceDirection::Older, .limit = 2})),
             found.size() > 2 ? found.last(2) : found);
}

void TestEventRepository::counts()
{
    EventRepository log(*m_db);
    std::vector<Event> events = tenEvents();
    QVERIFY(log.append(events));
    QCOMPARE(log.count({}, 100).value(), 10);
    QCOMPARE(log.count({}, 4).value(), 4);
    QCOMPARE(log.count({.refs = {.run = {2}}}, 100).value(), 3);
}

void TestEventRepository::usesAnIndex_data()
{
    QTest::addColumn<QString>("column");
    for (const QString &column : {u"run_id"_s, u"task_id"_s, u"session_id"_s, u"conversation_id"_s})
        QTest::newRow(qPrintable(column)) << column;
}

void TestEventRepository::usesAnIndex()
{
    QFETCH(QString, column);
    Statement plan = m_db->prepare(u"EXPLAIN QUERY PLAN SELECT * FROM events WHERE "_s + column +
                                   u" = ? ORDER BY seq DESC LIMIT 5"_s);
    QVERIFY(plan.bind(1).next().value_or(false));
    const QString step = plan.value(3).toString();
    QVERIFY2(step.contains(u"USING INDEX"), qPrintable(step));
    QVERIFY(!plan.next().value_or(true)); // and nothing is sorted
}

void TestEventRepository::searchIsFedBehind()
{
    EventRepository log(*m_db);
    SearchIndex index(*m_db);
    std::vector<Event> events = tenEvents();
    QVERIFY(log.append(events));
    QCOMPARE(index.search(SearchScope::Events, u"number"_s, 0, 50).value().size(), 0U);
    QCOMPARE(index.feed(4).value(), true);
    QCOMPARE(index.search(SearchScope::Events, u"number"_s, 0, 50).value().size(), 4U);
    QCOMPARE(index.feed(4).value(), true);
    QCOMPARE(index.feed(4).value(), false);
    QCOMPARE(index.search(SearchScope::Events, u"number"_s, 0, 50).value().size(), 10U);
    QCOMPARE(index.feed(4).value(), false);
}

// Chunks of a flood: a batch ends with the row that makes half a megabyte full.
void TestEventRepository::batchesOfSearchAreBounded()
{
    StreamRepository streams(*m_db);
    std::vector<StreamChunk> chunks;
    for (int i = 0; i < 4; ++i)
        chunks.push_back({.session = {1}, .text = u"needle "_s + QString(400'000, u'x')});
    QVERIFY(streams.append(chunks));
    SearchIndex index(*m_db);
    const auto found = [&] {
        return index.search(SearchScope::Streams, u"needle"_s, 0, 10).value().size();
    };
    QCOMPARE(index.feed(100).value(), true);
    QCOMPARE(found(), 2U);
    QCOMPARE(index.feed(100).value(), false);
    QCOMPARE(found(), 4U);
}

void TestEventRepository::searchIsNewestFirst()
{
    StreamRepository streams(*m_db);
    std::vector<StreamChunk> chunks;
    for (int i = 0; i < 5; ++i)
        chunks.push_back({.session = {1}, .text = u"the needle in Überlingen "_s + QString::number(i)});
    QVERIFY(streams.append(chunks));
    SearchIndex index(*m_db);
    QVERIFY(index.feed(100));
    const auto page = index.search(SearchScope::Streams, u"needle"_s, 0, 2).value();
    QCOMPARE(page.size(), 2U);
    QCOMPARE(page.at(0).id, 5);
    QVERIFY(page.at(0).snippet.contains(u"\u0002needle\u0003"));
    const auto next = index.search(SearchScope::Streams, u"needle"_s, page.at(1).id, 10).value();
    QCOMPARE(next.size(), 3U);
    QCOMPARE(next.at(0).id, 3);
    QCOMPARE(index.search(SearchScope::Streams, u"uberl"_s, 0, 10).value().size(),
             5U); // a beginning, no accents
    QCOMPARE(index.search(SearchScope::Streams, u"needle haystack"_s, 0, 10).value().size(), 0U);
    QCOMPARE(index.search(SearchScope::Messages, u"needle"_s, 0, 10).value().size(), 0U);
}

void TestEventRepository::matchExpressionIsSafe_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("expression");
    QTest::newRow("empty") << u""_s << u""_s;
    QTest::newRow("signs") << u" * - ( "_s << u""_s;
    QTest::newRow("one") << u"one"_s << u"\"one\"*"_s;
    QTest::newRow("two") << u"one  two"_s << u"\"one\" \"two\"*"_s;
    QTest::newRow("phrase") << u"\"exact words\""_s << u"\"exact words\""_s;
    QTest::newRow("phrase and word") << u"\"exact words\" more"_s << u"\"exact words\" \"more\"*"_s;
    QTest::newRow("open phrase") << u"a \"exact words"_s << u"\"a\" \"exact\" \"words\"*"_s;
    QTest::newRow("operators") << u"a AND b:c"_s << u"\"a\" \"AND\" \"b:c\"*"_s;
}

void TestEventRepository::matchExpressionIsSafe()
{
    QFETCH(QString, words);
    QFETCH(QString, expression);
    QCOMPARE(SearchIndex::matchExpression(words), expression);
    QVERIFY(SearchIndex(*m_db).search(SearchScope::Streams, words, 0, 1));
}

void TestEventRepository::findsWords_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("found");
    QTest::newRow("path") << u"core/store/writer.cpp"_s << true;
    QTest::newRow("part of it") << u"writer"_s << true;
    QTest::newRow("in order") << u"\"disk is full\""_s << true;
    QTest::newRow("out of order") << u"\"full disk\""_s << false;
    QTest::newRow("any order") << u"full disk"_s << true;
    QTest::newRow("case") << u"DISK"_s << true;
    QTest::newRow("nested value") << u"inner"_s << true;
    QTest::newRow("other alphabet") << u"привет"_s << true;
    QTest::newRow("not there") << u"tape"_s << false;
}

void TestEventRepository::findsWords()
{
    QFETCH(QString, words);
    QFETCH(bool, found);
    QVERIFY(EventRepository(*m_db).append(
        Event{.kind = u"node.error"_s,
              .data = {{u"text"_s, u"the disk is full, привет"_s},
                       {u"path"_s, u"core/store/writer.cpp"_s},
                       {u"deep"_s, QJsonArray{QJsonObject{{u"x"_s, u"inner"_s}}}}}}));
    SearchIndex index(*m_db);
    QVERIFY(index.feed(10));
    QCOMPARE(index.search(SearchScope::Events, words, 0, 10).value().size(), found ? 1U : 0U);
}

void TestEventRepository::forgetsWhatIsDeleted()
{
    EventRepository log(*m_db);
    SearchIndex index(*m_db);
    std::vector<Event> events = tenEvents();
    QVERIFY(log.append(events));
    QVERIFY(index.feed(6)); // the last four are not in the index yet
    QVERIFY(index.forgetEvents(1, 8));
    QVERIFY(m_db->run(u"DELETE FROM events WHERE seq <= 8"_s));
    QVERIFY(index.feed(100));
    QCOMPARE(index.search(SearchScope::Events, u"number"_s, 0, 50).value().size(), 2U);
    const auto consistent = m_db->run(u"INSERT INTO event_search(event_search) VALUES ('integrity-check')"_s);
    VERIFY_RESULT(consistent);
}

QTEST_GUILESS_MAIN(TestEventRepository)
#include "tst_event_repository.moc"
