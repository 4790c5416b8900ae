#include "tests/architecture/layer_rules.h"
#include "tests/architecture/planted_tree.h"
#include "tests/architecture/source_tree.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace muster::architecture;

class TestLayers : public QObject {
    Q_OBJECT

private slots:
    void repositoryKeepsItsDirection();
    void tableCoversTheAgreedDirection_data();
    void tableCoversTheAgreedDirection();
    void findsPlantedIncludes_data();
    void findsPlantedIncludes();
    void findsCircleOfHeaders();
    void findsCircleInTable();
    void refusesTableWithWrongColumns();
    void readsIncludes();

private:
    static LayerRules rules()
    {
        auto parsed = LayerRules::parse(readText(u"" MUSTER_SOURCE_DIR "/tests/architecture/layers.txt"_s));
        if (!parsed)
            qFatal("layers.txt: %s", qPrintable(parsed.error()));
        return *parsed;
    }
};

void TestLayers::repositoryKeepsItsDirection()
{
    QCOMPARE(rules().circle(), QString());
    const QStringList problems = rules().check(u"" MUSTER_SOURCE_DIR ""_s, u"" MUSTER_QT_HEADERS ""_s);
    QVERIFY2(problems.isEmpty(), qPrintable("\n"_L1 + problems.join(u'\n')));
}

void TestLayers::tableCoversTheAgreedDirection_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("mustNotSee");
    QTest::newRow("base sees nothing") << u"core/base"_s << u"core/events"_s;
    QTest::newRow("events below store") << u"core/events"_s << u"core/store"_s;
    QTest::newRow("protocol knows no processes") << u"core/protocol"_s << u"core/process"_s;
    QTest::newRow("flow knows no SQL") << u"core/flow"_s << u"core/store"_s;
    QTest::newRow("flow knows no processes") << u"core/flow"_s << u"core/process"_s;
    QTest::newRow("tasks know no SQL") << u"core/tasks"_s << u"core/store"_s;
    QTest::newRow("viewmodel knows only the node's API") << u"core/viewmodel"_s << u"core/node"_s;
    QTest::newRow("viewmodel knows no SQL") << u"core/viewmodel"_s << u"core/store"_s;
    QTest::newRow("ui knows no node") << u"ui"_s << u"core/node"_s;
    QTest::newRow("ui knows no processes") << u"ui"_s << u"core/process"_s;
}

void TestLayers::tableCoversTheAgreedDirection()
{
    QFETCH(QString, folder);
    QFETCH(QString, mustNotSee);
    PlantedTree tree;
    tree.write(mustNotSee + "/thing.h"_L1, "#pragma once\n");
    tree.write(folder + "/own.cpp"_L1, "#include \"" + mustNotSee.toUtf8() + "/thing.h\"\n");
    const QStringList problems = rules().check(tree.root(), u"" MUSTER_QT_HEADERS ""_s);
    QCOMPARE(problems,
             QStringList(u"%1/own.cpp:1: %1 must not include \"%2/thing.h\""_s.arg(folder, mustNotSee)));
}

void TestLayers::findsPlantedIncludes_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("include");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("downwards") << u"core/store/a.cpp"_s << "\"core/base/b.h\""_ba << true;
    QTest::newRow("own folder") << u"core/base/a.cpp"_s << "\"core/base/b.h\""_ba << true;
    QTest::newRow("upwards") << u"core/base/a.cpp"_s << "\"core/store/c.h\""_ba << false;
    QTest::newRow("by name alone") << u"core/base/a.cpp"_s << "\"b.h\""_ba << false;
    QTest::newRow("node's API from the viewmodel")
        << u"core/viewmodel/a.cpp"_s << "\"core/node/api/d.h\""_ba << true;
    QTest::newRow("node's inside from the viewmodel")
        << u"core/viewmodel/a.cpp"_s << "\"core/node/e.h\""_ba << false;
    QTest::newRow("processes in ui") << u"ui/docks/a.cpp"_s << "\"core/process/pty_process.h\""_ba << false;
    QTest::newRow("one opened header") << u"ui/docks/a.cpp"_s << "<qtermwidget.h>"_ba << true;
    QTest::newRow("another library") << u"ui/docks/a.cpp"_s << "<keychain.h>"_ba << false;
    QTest::newRow("app sees all") << u"app/a.cpp"_s << "\"core/store/c.h\""_ba << true;
    QTest::newRow("core never sees ui") << u"core/node/a.cpp"_s << "\"ui/f.h\""_ba << false;
    QTest::newRow("moc") << u"core/base/a.cpp"_s << "\"a.moc\""_ba << true;
    QTest::newRow("Qt Core") << u"core/base/a.cpp"_s << "<QString>"_ba << true;
    QTest::newRow("QtCore header without class") << u"core/base/a.cpp"_s << "<QtTypes>"_ba << true;
    QTest::newRow("GUI in core") << u"core/base/a.cpp"_s << "<QColor>"_ba << false;
    QTest::newRow("GUI in core by module") << u"core/node/a.cpp"_s << "<QtWidgets/QWidget>"_ba << false;
    QTest::newRow("GUI in core by whole module") << u"core/node/a.cpp"_s << "<QtWidgets>"_ba << false;
    QTest::newRow("GUI in core in small letters") << u"core/node/a.cpp"_s << "<qwidget.h>"_ba << false;
    QTest::newRow("SQL in flow") << u"core/flow/a.cpp"_s << "<QSqlQuery>"_ba << false;
    QTest::newRow("SQL in store") << u"core/store/a.cpp"_s << "<QSqlQuery>"_ba << true;
    QTest::newRow("SQL in ui") << u"ui/a.cpp"_s << "<QSqlQuery>"_ba << false;
    QTest::newRow("standard library") << u"core/flow/a.cpp"_s << "<vector>"_ba << true;
    QTest::newRow("YAML in flow") << u"core/flow/a.cpp"_s << "<yaml-cpp/yaml.h>"_ba << true;
    QTest::newRow("YAML in store") << u"core/store/a.cpp"_s << "<yaml-cpp/yaml.h>"_ba << false;
    QTest::newRow("system in process") << u"core/process/a.cpp"_s << "<sys/wait.h>"_ba << true;
    QTest::newRow("system in flow") << u"core/flow/a.cpp"_s << "<unistd.h>"_ba << false;
    QTest::newRow("library that looks like the system's")
        << u"core/process/a.cpp"_s << "<simdjson.h>"_ba << false;
    QTest::newRow("unknown folder") << u"extra/a.cpp"_s << "<vector>"_ba << false;
}

void TestLayers::findsPlantedIncludes()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, include);
    QFETCH(bool, allowed);
    PlantedTree tree;
    for (const char *header : {"core/base/b.h", "core/store/c.h", "core/node/api/d.h", "core/node/e.h",
                               "ui/f.h", "core/process/pty_process.h"})
        tree.write(QString::fromLatin1(header), "#pragma once\n");
    tree.write(file, "#include " + include + "\n");
    const QStringList problems = rules().check(tree.root(), u"" MUSTER_QT_HEADERS ""_s);
    QVERIFY2(problems.isEmpty() == allowed, qPrintable(problems.join(u'\n')));
    if (!allowed)
        QVERIFY2(problems.first().startsWith(file + ":1: "_L1), qPrintable(problems.first()));
}

void TestLayers::findsCircleOfHeaders()
{
    PlantedTree tree;
    tree.write(u"core/base/a.h"_s, "#include \"core/base/b.h\"\n");
    tree.write(u"core/base/b.h"_s, "\n#include \"core/base/a.h\"\n");
    const QStringList problems = rules().check(tree.root(), u"" MUSTER_QT_HEADERS ""_s);
    QCOMPARE(problems, QStringList(u"headers include each other in a circle: "
                                   "core/base/a.h -> core/base/b.h -> core/base/a.h"_s));
}

void TestLayers::findsCircleInTable()
{
    const auto parsed = LayerRules::parse(u"a | b | - | -\nb | c | - | -\nc | a | - | -\n"_s);
    QVERIFY(parsed);
    QCOMPARE(parsed->circle(), u"a -> b -> c -> a"_s);
}

void TestLayers::refusesTableWithWrongColumns()
{
    const auto parsed = LayerRules::parse(u"# comment\na | b | c\n"_s);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error(), u"line 2: four columns wanted"_s);
}

void TestLayers::readsIncludes()
{
    const QList<Include> includes = includesOf(u"// #include <no>\n#include \"a/b.h\"\n  #  include <c>\n"_s);
    QCOMPARE(includes.size(), 2);
    QCOMPARE(includes.at(0).path, u"a/b.h"_s);
    QCOMPARE(includes.at(0).line, 2);
    QVERIFY(includes.at(0).quoted);
    QCOMPARE(includes.at(1).path, u"c"_s);
    QVERIFY(!includes.at(1).quoted);
}

QTEST_GUILESS_MAIN(TestLayers)
#include "tst_layers.moc"
