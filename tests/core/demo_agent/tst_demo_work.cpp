// What the demo agent counts for the steps of flows: in a diff, in an issue, in a goal, in a test run's
// output.
#include "app/demo_agent/answer/issue_words.h"
#include "app/demo_agent/answer/work_plan.h"
#include "app/demo_agent/reading/change_review.h"
#include "tests/core/demo_agent/fixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace muster;
using namespace muster::demo;

namespace {

// Two hunks in a file of code, a deleted test, a new binary.
const QString kDiff =
    u"Since abc:\n- one\n\n"
    "diff --git a/src/soup.py b/src/soup.py\n--- a/src/soup.py\n+++ b/src/soup.py\n"
    "@@ -1,3 +1,4 @@ def a():\n one\n-two\n+# FIX"
    "ME: broken\n+two  \n\n"
    "@@ -10 +11,2 @@\n ten\n+--- no header\n"
    "diff --git a/tests/test_soup.py b/tests/test_soup.py\ndeleted file mode 100644\n"
    "--- a/tests/test_soup.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    "diff --git a/a.png b/a.png\nnew file mode 100644\nBinary files /dev/null and b/a.png differ\n"_s;

QStringList places(const QJsonObject &review)
{
    QStringList out;
    const QJsonArray findings = review[u"findings"].toArray();
    for (const auto &found : findings)
        out.append(found[u"severity"].toString() + u' ' + found[u"path"].toString() + u':' +
                   QString::number(found[u"line"].toInt()));
    return out;
}

} // namespace

class TestDemoWork : public QObject {
    Q_OBJECT
private slots:
    void readsADiff();
    void reviews_data();
    void reviews();
    void confirmsFindings();
    void classifies_data();
    void classifies();
    void findsPlacesOfAnIssue();
    void plansOnlyWhatItCanDo_data();
    void plansOnlyWhatItCanDo();
    void plansQuestions();
    void namesFailures();
};

void TestDemoWork::readsADiff()
{
    const std::vector<ChangedFile> files = readDiff(kDiff);
    QCOMPARE(files.size(), 3);
    QCOMPARE(files[0].path, u"src/soup.py"_s);
    QCOMPARE(files[0].removed, 1);
    QCOMPARE(files[0].added.size(), 3);
    QCOMPARE(files[0].added[1].line, 3);
    QCOMPARE(files[0].added[2].line, 12);
    QCOMPARE(files[0].added[2].text, u"--- no header"_s);
    QCOMPARE(files[1].path, u"tests/test_soup.py"_s);
    QVERIFY(files[1].deleted);
    QCOMPARE(files[2].path, u"a.png"_s);
    QVERIFY(files[2].binary);
    QVERIFY(readDiff(u"@@ -1 +1 @@\n+no file\n"_s).empty());
}

void TestDemoWork::reviews_data()
{
    QTest::addColumn<ReviewSide>("side");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("correctness") << ReviewSide::Correctness << QStringList{u"must src/soup.py:2"_s};
    QTest::newRow("tests") << ReviewSide::Tests
                           << QStringList{u"should src/soup.py:2"_s, u"should tests/test_soup.py:0"_s};
    QTest::newRow("style") << ReviewSide::Style << QStringList{u"may src/soup.py:3"_s};
}

void TestDemoWork::reviews()
{
    QFETCH(ReviewSide, side);
    QFETCH(QStringList, found);
    const QJsonObject review = reviewChange(readDiff(kDiff), side);
    QCOMPARE(places(review), found);
    QVERIFY(review[u"summary"].toString().startsWith(u"3 files changed, +3 −2 lines: `src/soup.py`"));
}

void TestDemoWork::confirmsFindings()
{
    const test::TempRepo repo;
    repo.write(u"a.py"_s, "one\ntwo\n");
    const Result<Repository> repository = scanRepository(repo.path());
    const QJsonArray told = confirmFindings(*repository, {QJsonObject{{u"path"_s, u"a.py"_s}, {u"line"_s, 2}},
                                                          QJsonObject{{u"path"_s, u"a.py"_s}, {u"line"_s, 9}},
                                                          QJsonObject{{u"path"_s, u"b.py"_s}}});
    QCOMPARE(told[0][u"confirmed"], QJsonValue(true));
    QCOMPARE(told[0][u"why"], QJsonValue(u"there stands `two`"_s));
    QCOMPARE(told[1][u"confirmed"], QJsonValue(false));
    QCOMPARE(told[2][u"confirmed"], QJsonValue(false));
}

void TestDemoWork::classifies_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("urgency");
    const auto row = [](const char *issue, const QString &kind, const QString &urgency) {
        QTest::newRow(issue) << kind << urgency;
    };
    row("The page crashes on Safari", u"bug"_s, u"high"_s);
    row("Wrong total in the footer", u"bug"_s, u"normal"_s);
    row("Please add a dark theme", u"feature"_s, u"normal"_s);
    row("Typo in the manual", u"docs"_s, u"low"_s);
    row("Is there a shortcut?", u"question"_s, u"normal"_s);
    row("Rename the folder", u"chore"_s, u"normal"_s);
    row("Blue", u"unclear"_s, u"normal"_s);
}

void TestDemoWork::classifies()
{
    QFETCH(QString, kind);
    QFETCH(QString, urgency);
    const QJsonObject said = classifyIssue(QString::fromLatin1(QTest::currentDataTag()));
    QCOMPARE(said[u"kind"].toString(), kind);
    QCOMPARE(said[u"urgency"].toString(), urgency);
    QVERIFY(!said[u"why"].toString().isEmpty());
}

void TestDemoWork::findsPlacesOfAnIssue()
{
    const test::TempRepo repo;
    repo.write(u"a.py"_s, "def scale(soup):\n    return soup\n");
    repo.write(u"b.py"_s, "x = 1\nscale_soup = 'scale soup twice'\n");
    const Result<Repository> repository = scanRepository(repo.path());
    QCOMPARE(
        placesOfIssue(*repository, u"Soup cannot scale twice"_s, {}),
        u"- `b.py:2`: has the words scale, soup and twice\n- `a.py:1`: has the words scale and soup\n"_s);
    QVERIFY(placesOfIssue(*repository, u"a.py:2: odd"_s, {}).contains(u"names this place itself"));
    QVERIFY(placesOfIssue(*repository, u"Nothing known"_s, {}).startsWith(u"None of its words"));
}

void TestDemoWork::plansOnlyWhatItCanDo_data()
{
    QTest::addColumn<QString>("goal");
    QTest::addColumn<QStringList>("tasks");
    QTest::newRow("each part") << u"Describe each part of it."_s
                               << QStringList{u"Write `src/NOTES.md` with a summary of `src`"_s,
                                              u"Write `a.py.NOTES.md` with a summary of `a.py`"_s,
                                              u"Write `NOTES.md` with a summary of `.`"_s};
    QTest::newRow("edits") << u"Do this:\nappend `x` to a.txt\n\nreplace `b` by `c` in d.md"_s
                           << QStringList{u"append `x` to a.txt"_s, u"replace `b` by `c` in d.md"_s};
    QTest::newRow("anything else") << u"Make it twice as quick."_s << QStringList{};
}

void TestDemoWork::plansOnlyWhatItCanDo()
{
    QFETCH(QString, goal);
    QFETCH(QStringList, tasks);
    ModuleList modules;
    for (const QString &path : {u"src"_s, u"a.py"_s, u"."_s})
        modules.modules.push_back({.name = path, .path = path});
    const QJsonObject plan = planWork(goal, modules);
    QStringList planned;
    const QJsonArray list = plan[u"tasks"].toArray();
    for (const auto &one : list)
        planned.append(one[u"task"].toString());
    QCOMPARE(planned, tasks);
    QVERIFY(!plan[u"summary"].toString().isEmpty());
}

void TestDemoWork::plansQuestions()
{
    const QJsonObject plan = planQuestions(u"Who looks after the tests?"_s, 2);
    QCOMPARE(plan[u"questions"].toArray(),
             (QJsonArray{u"How many tests are there?"_s, u"Which parts have no tests?"_s}));
    QVERIFY(plan[u"left_out"].toString().contains(u"Who wrote this?"));
    QCOMPARE(planQuestions(u"blue"_s, 6)[u"questions"].toArray().size(), 3);
}

void TestDemoWork::namesFailures()
{
    const QString output = u"ok 1\nnot ok 2 - soup\nFAIL: test_a (tests.A)\n  File \"a.py\", line 2\n"
                           "AssertionError: 1 != 2\nnode: not found\nFAIL: test_a (tests.A)\nRan 3 tests\n"_s;
    QCOMPARE(failuresIn(output, 10), (QStringList{u"not ok 2 - soup"_s, u"FAIL: test_a (tests.A)"_s,
                                                  u"AssertionError: 1 != 2"_s, u"node: not found"_s}));
    QCOMPARE(failuresIn(output, 1).size(), 1);
    QVERIFY(failuresIn(u"3 passed\n"_s, 10).isEmpty());
}

QTEST_GUILESS_MAIN(TestDemoWork)
#include "tst_demo_work.moc"
