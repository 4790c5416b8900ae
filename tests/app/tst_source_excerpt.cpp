// The line and the mark below it stand right, whatever is in the line.
#include "app/cli/source_excerpt.h"

#include <QTest>

using namespace muster::app;
using namespace Qt::StringLiterals;

class TestSourceExcerpt : public QObject {
    Q_OBJECT
private slots:
    void lines_data();
    void lines();
    void longLines_data();
    void longLines();
};

void TestSourceExcerpt::lines_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addColumn<QStringList>("expected");
    const QByteArray two = "first: 1\nsecond: 2\n";
    QTest::newRow("first") << two << 1 << 1 << QStringList{u"  1 | first: 1"_s, u"    | ^"_s};
    QTest::newRow("second") << two << 2 << 9 << QStringList{u"  2 | second: 2"_s, u"    |         ^"_s};
    QTest::newRow("behind its end") << two << 2 << 99
                                    << QStringList{u"  2 | second: 2"_s, u"    |          ^"_s};
    QTest::newRow("no such line") << two << 9 << 1 << QStringList{};
    QTest::newRow("line 0") << two << 0 << 0 << QStringList{};
    QTest::newRow("nothing") << QByteArray() << 1 << 1 << QStringList{};
    QTest::newRow("of many") << QByteArray("\n").repeated(99) + "x" << 3 << 1
                             << QStringList{u"    3 | "_s, u"      | ^"_s};
    QTest::newRow("code points") << QByteArray("ü🙂: x") << 1 << 5
                                 << QStringList{u"  1 | ü🙂: x"_s, u"    |     ^"_s};
    QTest::newRow("tab and escape") << QByteArray("\ta\x1b[31mb\r\n") << 1 << 2
                                    << QStringList{u"  1 |  a [31mb"_s, u"    |  ^"_s};
}

void TestSourceExcerpt::lines()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    QFETCH(int, column);
    QFETCH(QStringList, expected);
    QCOMPARE(SourceExcerpt(text).at(line, column), expected);
}

void TestSourceExcerpt::longLines_data()
{
    QTest::addColumn<int>("column");
    for (const int column : {1, 50, 91, 92, 500, 999, 1000})
        QTest::addRow("%d", column) << column;
}

// The mark is below its character, and the line is no wider than it may be.
void TestSourceExcerpt::longLines()
{
    QFETCH(int, column);
    QByteArray text(1000, '-');
    text[column - 1] = 'X';
    const QStringList lines = SourceExcerpt(text).at(1, column);
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines.at(0).size() <= SourceExcerpt::widest + 6);
    QCOMPARE(lines.at(0).indexOf(u'X'), lines.at(1).indexOf(u'^'));
}

QTEST_GUILESS_MAIN(TestSourceExcerpt)
#include "tst_source_excerpt.moc"
