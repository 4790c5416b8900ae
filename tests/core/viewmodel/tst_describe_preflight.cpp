// What is told of a flow before it runs: what it may do without asking in words that need no manual.
#include "core/viewmodel/describe_preflight.h"
#include "core/viewmodel/describe_run.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestDescribePreflight : public QObject {
    Q_OBJECT
private slots:
    void acceptedIsInWords_data();
    void acceptedIsInWords();
    void placesAreInWords();
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

QTEST_GUILESS_MAIN(TestDescribePreflight)
#include "tst_describe_preflight.moc"
