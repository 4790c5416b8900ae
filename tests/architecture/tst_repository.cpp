#include "tests/architecture/planted_tree.h"
#include "tests/architecture/repository_rules.h"
#include "tests/architecture/source_tree.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace muster::architecture;

class TestRepository : public QObject {
    Q_OBJECT

private slots:
    void holds_data();
    void holds();
    void findsPlanted_data();
    void findsPlanted();
    void blanksCommentsAndStrings();
    void reportsLongFiles();
};

void TestRepository::holds_data()
{
    QTest::addColumn<int>("index");
    for (qsizetype i = 0; i < repositoryRules().size(); ++i)
        QTest::newRow(qPrintable(repositoryRules().at(i).name)) << static_cast<int>(i);
}

void TestRepository::holds()
{
    QFETCH(int, index);
    const QStringList problems = repositoryRules().at(index).check(u"" MUSTER_SOURCE_DIR ""_s);
    QVERIFY2(problems.isEmpty(), qPrintable("\n"_L1 + problems.join(u'\n')));
}

// What is planted is split where it would else break the rule in this file.
void TestRepository::findsPlanted_data()
{
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line"); // 0: nothing must be found

    const QString size = u"no file over 500 lines"_s;
    QTest::newRow("500 lines") << size << u"core/a.cpp"_s << QByteArray(500, '\n') << 0;
    QTest::newRow("501 lines") << size << u"core/a.cpp"_s << QByteArray(501, '\n') << 501;
    QTest::newRow("501 lines built") << size << u"build/dev/a.cpp"_s << QByteArray(501, '\n') << 0;

    const QString guard = u"#pragma once in every header"_s;
    QTest::newRow("guard") << guard << u"ui/a.h"_s << "// x\n#pragma once\n"_ba << 0;
    QTest::newRow("no guard") << guard << u"ui/a.h"_s << "// #pragma once\n"_ba << 1;

    const QString opens = u"no using namespace in headers"_s;
    QTest::newRow("using in header") << opens << u"ui/a.h"_s << "\nusing namespace x;\n"_ba << 2;
    QTest::newRow("using in source") << opens << u"ui/a.cpp"_s << "using namespace x;\n"_ba << 0;

    const QString waits = u"no blocking waits"_s;
    QTest::newRow("wait") << waits << u"core/a.cpp"_s << "p.waitForFinished(5);\n"_ba << 1;
    QTest::newRow("wait, demo agent")
        << waits << u"app/demo_agent/a.cpp"_s << "p.waitForFinished();\n"_ba << 0;
    QTest::newRow("wait, test") << waits << u"tests/a.cpp"_s << "p.waitForFinished();\n"_ba << 0;
    QTest::newRow("wait, comment") << waits << u"core/a.cpp"_s << "// never waitForFinished()\n"_ba << 0;
    QTest::newRow("loop") << waits << u"ui/a.cpp"_s << "\n\nQEventLoop loop;\n"_ba << 3;
    QTest::newRow("processEvents") << waits << u"ui/a.cpp"_s << "qApp->processEvents();\n"_ba << 1;

    const QString sleeps = u"no sleeping tests"_s;
    QTest::newRow("sleep") << sleeps << u"tests/a.cpp"_s << "QTest::qWait(5);\n"_ba << 1;
    QTest::newRow("sleep in a string") << sleeps << u"tests/a.cpp"_s << "run(\"qWait(5)\");\n"_ba << 0;
    QTest::newRow("slow program") << sleeps << u"tests/support/a.cpp"_s << "sleep_for(5);\n"_ba << 0;
    QTest::newRow("QTRY") << sleeps << u"tests/a.cpp"_s << "QTRY_VERIFY(x);\n"_ba << 0;

    const QString texts = u"tr() around text for people"_s;
    QTest::newRow("bare text") << texts << u"ui/a.cpp"_s << "label->setText(\"Hello\");\n"_ba << 1;
    QTest::newRow("bare u text") << texts << u"ui/a.cpp"_s << "new QLabel(u\"Hello\"_s);\n"_ba << 1;
    QTest::newRow("bare action") << texts << u"ui/a.cpp"_s << "menu->addAction(u\"Hello\"_s, this);\n"_ba
                                 << 1;
    QTest::newRow("bare variable") << texts << u"ui/a.cpp"_s << "QLabel label(u\"Hello\"_s);\n"_ba << 1;
    QTest::newRow("translated") << texts << u"ui/a.cpp"_s << "label->setText(tr(\"Hello\"));\n"_ba << 0;
    QTest::newRow("sign only") << texts << u"ui/a.cpp"_s << "label->setText(u\"…\"_s);\n"_ba << 0;
    QTest::newRow("object name") << texts << u"ui/a.cpp"_s << "label->setObjectName(u\"x\"_s);\n"_ba << 0;
    QTest::newRow("bare text in core") << texts << u"core/a.cpp"_s << "q.setText(\"Hello\");\n"_ba << 0;

    const QString sentences = u"no sentences in core"_s;
    QTest::newRow("tr in core") << sentences << u"core/flow/a.cpp"_s << "return tr(\"x\");\n"_ba << 1;
    QTest::newRow("tr in describe") << sentences << u"core/viewmodel/a.cpp"_s << "return tr(\"x\");\n"_ba
                                    << 0;
    QTest::newRow("other names") << sentences << u"core/flow/a.cpp"_s << "str(x); a.tr(x);\n"_ba << 0;

    const QString sql = u"SQL in the store only"_s;
    QTest::newRow("query") << sql << u"core/node/a.cpp"_s << "db.value(u\"SELECT 1 FROM runs\"_s);\n"_ba << 1;
    QTest::newRow("change") << sql << u"app/a.cpp"_s << "\ndb.run(u\"UPDATE runs SET x = 1\"_s);\n"_ba << 2;
    QTest::newRow("query in the store")
        << sql << u"core/store/a.cpp"_s << "u\"SELECT 1 FROM runs\"_s;\n"_ba << 0;
    QTest::newRow("query in a test") << sql << u"tests/a.cpp"_s << "u\"SELECT 1 FROM runs\"_s;\n"_ba << 0;
    QTest::newRow("other words") << sql << u"ui/a.cpp"_s << "tr(\"SELECTED\"); tr(\"Select one\");\n"_ba << 0;

    const QString rest = u"no leftovers"_s;
    QTest::newRow("leftover") << rest << u"core/a.cpp"_s
                              << "int x; // TO"
                                 "DO later\n"_ba
                              << 1;
    QTest::newRow("leftover in CMake") << rest << u"CMakeLists.txt"_s
                                       << "\n# FIX"
                                          "ME\n"_ba
                                       << 2;
    QTest::newRow("product word") << rest << u"app/a.cpp"_s
                                  << "find(\"// TO"
                                     "DO\"); // finds TO"
                                     "DO marks\n"_ba
                                  << 0;

    const QString hosts = u"no registry hosts"_s;
    QTest::newRow("host") << hosts << u"README.md"_s
                          << "get it from deb."
                             "debian.org\n"_ba
                          << 1;
    QTest::newRow("host in CI") << hosts << u".ci/x"_s
                                << "\nhttps://registry.npm"
                                   "js.org\n"_ba
                                << 2;
    QTest::newRow("no host") << hosts << u"README.md"_s << "Debian's mirror\n"_ba << 0;

    const QString map = u"the code map names every folder"_s;
    QTest::newRow("unknown folder") << map << u"core/extra/a.h"_s << "\n"_ba << 1;
    QTest::newRow("known folder") << map << u"core/base/a.h"_s << "\n"_ba << 0;

    const QString links = u"links between pages lead somewhere"_s;
    QTest::newRow("dead link") << links << u"docs/a.md"_s << "\nsee [b](b.md)\n"_ba << 2;
    QTest::newRow("link upwards") << links << u"docs/a.md"_s << "see [map](../core/README.md#x)\n"_ba << 0;
    QTest::newRow("link outside") << links << u"docs/a.md"_s << "see [web](https://example.org)\n"_ba << 0;

    const QString built = u"every source is built"_s;
    QTest::newRow("not listed") << built << u"core/base/b.cpp"_s << "\n"_ba << 1;
    QTest::newRow("only part of a name") << built << u"core/base/isted.cpp"_s << "\n"_ba << 1;
    QTest::newRow("listed") << built << u"core/base/listed.cpp"_s << "\n"_ba << 0;
    QTest::newRow("listed beside") << built << u"core/other/c.cpp"_s << "\n"_ba << 0;
    QTest::newRow("listed from the root") << built << u"core/other/d.cpp"_s << "\n"_ba << 0;
    QTest::newRow("listed above") << built << u"core/base/sub/deep.cpp"_s << "\n"_ba << 0;
}

void TestRepository::findsPlanted()
{
    QFETCH(QString, rule);
    QFETCH(QString, file);
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    PlantedTree tree;
    tree.write(u"core/README.md"_s, "| folder | what |\n| --- | --- |\n| base | x |\n");
    tree.write(u"core/base/CMakeLists.txt"_s,
               "muster_library(core_base SOURCES listed.cpp sub/deep.cpp ../other/c.cpp\n"
               "    ${CMAKE_SOURCE_DIR}/core/other/d.cpp)\n");
    tree.write(file, text);
    const auto found = std::ranges::find(repositoryRules(), rule, &Rule::name);
    QVERIFY(found != repositoryRules().end());
    const QStringList problems = found->check(tree.root());
    QVERIFY2(problems.size() == (line > 0 ? 1 : 0), qPrintable(problems.join(u'\n')));
    if (line > 0)
        QVERIFY2(problems.first().contains(u":%1: "_s.arg(line)), qPrintable(problems.first()));
}

void TestRepository::blanksCommentsAndStrings()
{
    const QString source = u"a /* b\nc */ \"d // e\" f // \"g\"\nh '\"' i R\"(j\nk)\" l"_s;
    QCOMPARE(blanked(source, Blank::Both), u"a     \n     %1 f %2\nh     i    %3\n    l"_s.arg(
                                               QString(8, u' '), QString(6, u' '), QString(1, u' ')));
    QCOMPARE(blanked(source, Blank::Comments),
             u"a     \n     \"d // e\" f %1\nh '\"' i R\"(j\nk)\" l"_s.arg(QString(6, u' ')));
    QCOMPARE(blanked(source, Blank::Nothing), source);
}

void TestRepository::reportsLongFiles()
{
    PlantedTree tree;
    tree.write(u"core/a.cpp"_s, QByteArray(201, '\n'));
    tree.write(u"core/b.cpp"_s, QByteArray(200, '\n'));
    const SizeShare planted = longerThan(tree.root(), 200);
    QCOMPARE(planted.files, 2);
    QCOMPARE(planted.longer, 1);
    const SizeShare ours = longerThan(u"" MUSTER_SOURCE_DIR ""_s, 200);
    qInfo("%lld of %lld source files are longer than 200 lines", static_cast<long long>(ours.longer),
          static_cast<long long>(ours.files));
}

QTEST_GUILESS_MAIN(TestRepository)
#include "tst_repository.moc"
