// Lanes of the timeline: who gets which, and how few hold many.
#include "core/viewmodel/timeline_lanes.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestTimelineLanes : public QObject {
    Q_OBJECT
private slots:
    void lanes_data();
    void lanes();
    void stepsStayInTheirLane();
    void tooManyShareTheLast();
};

namespace {

// One letter and number each: r1 run 1, s2 step 2 of run 1, c3 conversation 3, x4 session 4, - nothing.
std::deque<Event> eventsOf(const QString &text)
{
    std::deque<Event> events;
    const auto words = text.split(u' ', Qt::SkipEmptyParts);
    for (const QString &word : words) {
        Event event{.seq = static_cast<qint64>(events.size()) + 1};
        const qint64 id = word.sliced(1).toLongLong();
        if (word.front() == u'r')
            event.refs.run = RunId{id};
        else if (word.front() == u's')
            event.refs = {.run = RunId{1}, .step = StepRunId{id}, .session = SessionId{id}};
        else if (word.front() == u'c')
            event.refs = {.session = SessionId{9}, .conversation = ConversationId{id}};
        else if (word.front() == u'x')
            event.refs.session = SessionId{id};
        events.push_back(event);
    }
    return events;
}

} // namespace

void TestTimelineLanes::lanes_data()
{
    QTest::addColumn<QString>("events");
    QTest::addColumn<QString>("expected"); // the lane of each row
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("nothing") << u"- -"_s << u"- -"_s;
    QTest::newRow("one run") << u"r1 s1 s1 r1"_s << u"0 1 1 0"_s;
    QTest::newRow("one after the other") << u"r1 s1 s1 s2 s2 r1"_s << u"0 1 1 1 1 0"_s;
    QTest::newRow("side by side") << u"r1 s1 s2 s1 s2 r1"_s << u"0 1 2 1 2 0"_s;
    QTest::newRow("a lane is used again") << u"r1 s1 s2 s1 s3 s2 r1"_s << u"0 1 2 1 1 2 0"_s;
    QTest::newRow("chats and sessions") << u"c3 x4 c3 x4 -"_s << u"0 1 0 1 -"_s;
    QTest::newRow("ids of other kinds") << u"r1 x1 c1 r1"_s << u"0 1 1 0"_s;
}

void TestTimelineLanes::lanes()
{
    QFETCH(QString, events);
    QFETCH(QString, expected);
    const std::deque<Event> all = eventsOf(events);
    const TimelineLanes lanes(all);
    QStringList found;
    for (int row = 0; row < static_cast<int>(all.size()); ++row) {
        const LaneSpan *span = lanes.spanOf(row);
        found += span ? QString::number(span->lane) : u"-"_s;
    }
    QCOMPARE(found.join(u' '), expected);
    QVERIFY(!lanes.spanOf(-1));
    QVERIFY(!lanes.spanOf(static_cast<int>(all.size())));
}

void TestTimelineLanes::stepsStayInTheirLane()
{
    const TimelineLanes lanes(eventsOf(u"r1 s1 s2 s1 - s2 r1"_s));
    QCOMPARE(lanes.beside(1, 1), 3);
    QCOMPARE(lanes.beside(3, 1), -1);
    QCOMPARE(lanes.beside(3, -1), 1);
    QCOMPARE(lanes.beside(0, 1), 6);
    QCOMPARE(lanes.beside(4, 1), -1);
    QCOMPARE(lanes.beside(99, -1), -1);
    QCOMPARE(lanes.spanOf(1)->count, 2);
}

void TestTimelineLanes::tooManyShareTheLast()
{
    QStringList words;
    for (int round = 0; round < 2; ++round)
        for (int step = 1; step <= 200; ++step)
            words += u's' % QString::number(step);
    const TimelineLanes lanes(eventsOf(words.join(u' ')));
    QCOMPARE(lanes.laneCount(), TimelineLanes::most);
    QVERIFY(!lanes.spanOf(0)->shared);
    QVERIFY(lanes.spanOf(199)->shared);
    QCOMPARE(lanes.spanOf(199)->lane, TimelineLanes::most - 1);
    QCOMPARE(lanes.spans().size(), 200);
}

QTEST_GUILESS_MAIN(TestTimelineLanes)
#include "tst_timeline_lanes.moc"
