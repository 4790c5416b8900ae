// What is told of a flow before it runs: what it may do without asking in words that need no manual, and how
// many of its steps work at a time.
#include "core/viewmodel/describe_preflight.h"
#include "core/viewmodel/describe_run.h"
#include "core/viewmodel/flow_graph.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestDescribePreflight : public QObject {
    Q_OBJECT
private slots:
    void acceptedIsInWords_data();
    void acceptedIsInWords();
    void placesAreInWords();
    void capsAreTold();
};

void TestDescribePreflight::acceptedIsInWords_data()
{
    QTest::addColumn<QStringList>("mayWrite");
    QTest::addColumn<QString>("line");
    QTest::newRow("a file") << QStringList{u"A.md"_s} << u"Writes without asking: A.md"_s;
    QTest::newRow("a pattern") << QStringList{u"docs/**"_s, u"*.md"_s}
                               << u"Writes without asking: docs/**, *.md"_s;
    QTest::newRow("all") << QStringList{u"**"_s} << u"Writes without asking: anything in its worktree"_s;
    QTest::newRow("all, and a part of it")
        << QStringList{u"A.md"_s, u"**/*"_s} << u"Writes without asking: anything in its worktree"_s;
}

void TestDescribePreflight::acceptedIsInWords()
{
    QFETCH(QStringList, mayWrite);
    QFETCH(QString, line);
    QCOMPARE(describeAccepted({.mayWrite = mayWrite}), QStringList{line});
}

void TestDescribePreflight::placesAreInWords()
{
    const api::FlowCheckInfo flow{
        .steps = {{.id = u"work"_s, .kind = u"agent"_s, .isolation = u"run"_s, .mayWrite = {u"**"_s}}}};
    QCOMPARE(
        describePlaces(flow),
        QStringList{u"In the run's worktree, taking turns, writing anything there without asking: work"_s});
}

void TestDescribePreflight::capsAreTold()
{
    const api::FlowCheckInfo flow{
        .steps = {
            {.id = u"read"_s, .kind = u"agent"_s, .foreach = true, .atATime = 64, .batch = u"readers"_s},
            {.id = u"both"_s, .kind = u"group"_s, .atATime = 2, .batch = u"both"_s},
            {.id = u"end"_s, .kind = u"agent"_s},
            {.id = u"one"_s, .kind = u"agent"_s, .atATime = 2, .batch = u"both"_s}}};
    QCOMPARE(outlineOf(flow, 9),
             (QStringList{u"read  agent for each item, 64 at a time"_s, u"both  group, 2 at a time"_s,
                          u"end  agent"_s, u"one  agent, 2 at a time"_s}));
    const FlowGraph graph = flowGraphOf(flow);
    QCOMPARE(describe(graph, 0), u"read: agent for each item, 64 at a time (batch readers)"_s);
    QCOMPARE(describe(graph, 1), u"both: group, 2 at a time"_s);
    QCOMPARE(describe(graph, 3), u"one: agent, 2 at a time (group both)"_s);
    QVERIFY(graph.isCappedByGroup(3));
    QVERIFY(!graph.isCappedByGroup(0) && !graph.isCappedByGroup(1));
    QCOMPARE(describeCap(flow.steps[2]), QString());
}

QTEST_GUILESS_MAIN(TestDescribePreflight)
#include "tst_describe_preflight.moc"
