// The window on the event log: pages in both directions, bounded, live at its end, found by number.
#include "core/viewmodel/timeline_model.h"
#include "tests/support/memory_node.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestTimelineModel : public QObject {
    Q_OBJECT
private slots:
    void init();
    void opensAtTheNewest();
    void pagesBothWaysAndStaysBounded();
    void jumpsToANumber_data();
    void jumpsToANumber();
    void newEventsFollowWhileAtTheEnd();
    void newEventsWaitWhileElsewhere();
    void aFilterShowsOnlyItsOwn();
    void anAnswerOfTheOldFilterIsDropped();
    void asleepItAsksNothing();
    void namesRunsAndSteps();

private:
    void fill(int count);
    void settle() { QTRY_VERIFY(!m_model->isLoading()); }
    [[nodiscard]] bool ascending() const;

    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<TimelineModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void TestTimelineModel::init()
{
    m_tester.reset();
    m_model.reset();
    m_node = std::make_unique<MemoryNode>();
    m_model = std::make_unique<TimelineModel>(m_node.get());
    m_tester = std::make_unique<QAbstractItemModelTester>(
        m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
}

void TestTimelineModel::fill(int count)
{
    for (int i = 1; i <= count; ++i)
        m_node->events.push_back({.seq = i,
                                  .atMs = 1'700'000'000'000 + i,
                                  .kind = i % 2 == 0 ? u"task.queued"_s : u"session.usage"_s,
                                  .refs = {.run = RunId{1 + i % 3}},
                                  .source = u"node"_s});
}

bool TestTimelineModel::ascending() const
{
    for (int row = 1; row < m_model->rowCount(); ++row) {
        if (m_model->eventAt(row).seq != m_model->eventAt(row - 1).seq + 1)
            return false;
    }
    return true;
}

void TestTimelineModel::opensAtTheNewest()
{
    fill(5000);
    QSignalSpy positioned(m_model.get(), &TimelineModel::positioned);
    m_model->setActive(true);
    settle();
    QCOMPARE(m_model->rowCount(), TimelineModel::pageRows);
    QCOMPARE(m_model->eventAt(m_model->rowCount() - 1).seq, 5000);
    QVERIFY(m_model->hasOlder());
    QVERIFY(!m_model->hasNewer());
    QTRY_COMPARE(m_model->oldestSeq(), 1);
    QCOMPARE(m_model->newestSeq(), 5000);
    QCOMPARE(positioned.count(), 1);
}

void TestTimelineModel::pagesBothWaysAndStaysBounded()
{
    fill(20'000);
    m_model->setActive(true);
    settle();
    while (m_model->hasOlder()) {
        m_model->fetchOlder();
        settle();
        QVERIFY(m_model->rowCount() <= TimelineModel::maxRows);
        QVERIFY(ascending());
    }
    QCOMPARE(m_model->eventAt(0).seq, 1);
    QVERIFY(m_model->hasNewer());
    while (m_model->hasNewer()) {
        m_model->fetchNewer();
        settle();
        QVERIFY(m_model->rowCount() <= TimelineModel::maxRows);
    }
    QVERIFY(ascending());
    QCOMPARE(m_model->eventAt(m_model->rowCount() - 1).seq, 20'000);
}

void TestTimelineModel::jumpsToANumber_data()
{
    QTest::addColumn<qint64>("seq");
    QTest::newRow("first") << qint64{1};
    QTest::newRow("middle") << qint64{7'777};
    QTest::newRow("in the window") << qint64{19'990};
    QTest::newRow("last") << qint64{20'000};
}

void TestTimelineModel::jumpsToANumber()
{
    QFETCH(qint64, seq);
    fill(20'000);
    m_model->setActive(true);
    settle();
    QSignalSpy positioned(m_model.get(), &TimelineModel::positioned);
    m_model->showAt(seq);
    settle();
    QVERIFY(!positioned.isEmpty());
    QCOMPARE(m_model->eventAt(m_model->rowOf(seq)).seq, seq);
    // What follows it is there too.
    QVERIFY(seq == 20'000 || m_model->eventAt(m_model->rowOf(seq) + 1).seq == seq + 1);
    QVERIFY(ascending());
}

void TestTimelineModel::newEventsFollowWhileAtTheEnd()
{
    fill(10);
    m_model->setActive(true);
    settle();
    for (int i = 0; i < 4000; ++i)
        m_node->touch(u"task.claimed"_s);
    QTRY_COMPARE(m_model->newestSeq(), 4010);
    QCOMPARE(m_model->eventAt(m_model->rowCount() - 1).seq, 4010);
    QVERIFY(m_model->rowCount() <= TimelineModel::maxRows);
    QCOMPARE(m_model->unseen(), 0);
    QVERIFY(ascending());
}

void TestTimelineModel::newEventsWaitWhileElsewhere()
{
    fill(10'000);
    m_model->setActive(true);
    settle();
    m_model->setFollowing(false);
    m_model->showOldest();
    settle();
    const qint64 last = m_model->eventAt(m_model->rowCount() - 1).seq;
    m_node->touch(u"task.claimed"_s);
    m_node->touch(u"task.finished"_s);
    QTRY_COMPARE(m_model->unseen(), 2);
    QCOMPARE(m_model->eventAt(m_model->rowCount() - 1).seq, last);
    QCOMPARE(m_model->newestSeq(), 10'002);
    m_model->setFollowing(true);
    m_model->showNewest();
    settle();
    QCOMPARE(m_model->eventAt(m_model->rowCount() - 1).seq, 10'002);
    QCOMPARE(m_model->unseen(), 0);
}

void TestTimelineModel::aFilterShowsOnlyItsOwn()
{
    fill(3000);
    m_model->setActive(true);
    settle();
    m_model->setFilter({.run = RunId{2}, .kinds = {u"task."_s}});
    settle();
    QVERIFY(m_model->rowCount() > 0);
    for (int row = 0; row < m_model->rowCount(); ++row) {
        QCOMPARE(m_model->eventAt(row).refs.run, RunId{2});
        QCOMPARE(m_model->eventAt(row).kind, u"task.queued"_s);
    }
    const int rows = m_model->rowCount();
    m_node->touch(u"task.queued"_s, {.run = RunId{1}});
    m_node->touch(u"task.queued"_s, {.run = RunId{2}});
    QTRY_COMPARE(m_model->rowCount(), rows + 1);
}

void TestTimelineModel::anAnswerOfTheOldFilterIsDropped()
{
    fill(3000);
    m_model->setActive(true); // its first page is under way
    m_model->setFilter({.kinds = {u"none."_s}});
    settle();
    QCOMPARE(m_model->rowCount(), 0);
    QCOMPARE(m_model->newestSeq(), 0);
    m_model->setFilter({});
    settle();
    QCOMPARE(m_model->rowCount(), TimelineModel::pageRows);
}

void TestTimelineModel::asleepItAsksNothing()
{
    fill(100);
    m_model->setActive(true);
    settle();
    m_model->setActive(false);
    QCOMPARE(m_node->subscriptionCount(), 0);
    const int asked = m_node->queryCount;
    m_node->touch(u"task.claimed"_s);
    m_model->fetchOlder();
    QCOMPARE(m_node->queryCount, asked);
    m_model->setActive(true);
    settle();
    QCOMPARE(m_model->eventAt(m_model->rowCount() - 1).seq, 101);
}

void TestTimelineModel::namesRunsAndSteps()
{
    api::RunDetail detail;
    detail.run = {.id = RunId{7}, .number = 3, .flow = u"survey"_s};
    detail.steps = {{.id = StepRunId{70}, .run = RunId{7}, .stepId = u"read"_s, .index = 2}};
    m_node->details.insert(RunId{7}, detail);
    m_node->touch(u"session.usage"_s, {.run = RunId{7}, .step = StepRunId{70}});
    m_model->setActive(true);
    settle();
    const QModelIndex subject = m_model->index(0, TimelineModel::Subject);
    QTRY_COMPARE(subject.data().toString(), u"survey #3 · read[2]"_s);
}

QTEST_MAIN(TestTimelineModel)
#include "tst_timeline_model.moc"
