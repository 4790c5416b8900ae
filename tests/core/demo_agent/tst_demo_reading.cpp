// Modules, coverage, inventory and survey on the bundled project and on small made-up ones.
#include "app/demo_agent/answer/lookup.h"
#include "app/demo_agent/reading/module_reading.h"
#include "app/demo_agent/reading/survey.h"
#include "tests/core/demo_agent/fixture.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace muster;
using namespace muster::demo;

class TestDemoReading : public QObject {
    Q_OBJECT

private slots:
    void cutsIntoModules_data();
    void cutsIntoModules();
    void takesTheInventory();
    void readsAModule();
    void givesAsManyLinesAsAsked();
    void takesPurposeFromCodeMap();
    void findsUntested();
    void findsPathsInPrompts_data();
    void findsPathsInPrompts();
    void findsDefinitionsAndText();
    void findsReaderTexts_data();
    void findsReaderTexts();
    void composesASurvey();
    void surveysAnEmptyFolder();
    void isQuickOnManyFiles();
};

void TestDemoReading::cutsIntoModules_data()
{
    QTest::addColumn<QStringList>("files"); // "path lines"
    QTest::addColumn<QStringList>("modules");
    QTest::newRow("folders") << QStringList{u"a/x.py 50"_s, u"b/x.py 40"_s, u"c/x.py 30"_s}
                             << QStringList{u"a"_s, u"b"_s, u"c"_s};
    QTest::newRow("lone folder is opened")
        << QStringList{u"src/a/x.py 50"_s, u"src/b/x.py 40"_s, u"src/c/x.py 30"_s}
        << QStringList{u"src/a"_s, u"src/b"_s, u"src/c"_s};
    QTest::newRow("tests come last") << QStringList{u"tests/test_x.py 90"_s, u"b/x.py 40"_s, u"c/x.py 30"_s}
                                     << QStringList{u"b"_s, u"c"_s, u"tests"_s};
    QTest::newRow("flat: files") << QStringList{u"a.py 10"_s, u"b.py 40"_s, u"c.py 30"_s}
                                 << QStringList{u"b.py"_s, u"c.py"_s, u"a.py"_s};
    QTest::newRow("large one is opened")
        << QStringList{u"core/a/x.py 500"_s, u"core/b/x.py 400"_s, u"ui/x.py 100"_s, u"app/x.py 50"_s}
        << QStringList{u"core/a"_s, u"core/b"_s, u"ui"_s, u"app"_s};
    QTest::newRow("top files too") << QStringList{u"main.py 50"_s, u"a/x.py 50"_s, u"b/x.py 40"_s}
                                   << QStringList{u"."_s, u"a"_s, u"b"_s};
    QTest::newRow("no code") << QStringList{u"README.md 10"_s} << QStringList{};
}

void TestDemoReading::cutsIntoModules()
{
    QFETCH(QStringList, files);
    QFETCH(QStringList, modules);
    const test::TempRepo repo;
    for (const QString &file : std::as_const(files))
        repo.write(file.section(u' ', 0, 0), QByteArray("x = 1\n").repeated(file.section(u' ', 1).toInt()));
    QStringList found;
    for (const Module &module : findModules(*scanRepository(repo.path())).modules)
        found.append(module.path);
    QCOMPARE(found, modules);
}

void TestDemoReading::takesTheInventory()
{
    const test::TempRepo repo;
    repo.fillWithLarder();
    const Result<Repository> repository = scanRepository(repo.path());
    QVERIFY(repository);
    const QJsonObject json = toJson(takeInventory(*repository));
    for (const QString &key : {u"languages"_s, u"files"_s, u"lines"_s, u"tests"_s, u"test_files"_s,
                               u"modules"_s, u"build"_s, u"docs"_s, u"licence"_s, u"todos"_s})
        QVERIFY2(json.contains(key), qPrintable(key));
    QCOMPARE(json.value("name"_L1).toString(), u"Larder"_s);
    QCOMPARE(json.value("tests"_L1).toInt(), 20);
    QCOMPARE(json.value("test_files"_L1).toInt(), 5);
    QCOMPARE(json.value("licence"_L1).toString(), u"MIT"_s);
    QCOMPARE(json.value("todos"_L1).toInt(), 6);
    QCOMPARE(json.value("languages"_L1).toArray().first().toObject().value("name"_L1).toString(),
             u"Python"_s);
    const QJsonArray modules = json.value("modules"_L1).toArray();
    QVERIFY(modules.size() >= 3 && modules.size() <= maxModules);
    QCOMPARE(modules.first().toObject().value("path"_L1).toString(), u"larder"_s);
    QVERIFY(modules.first().toObject().value("purpose"_L1).toString().startsWith("The program"_L1));
}

void TestDemoReading::readsAModule()
{
    const test::TempRepo repo;
    repo.fillWithLarder();
    const Result<Repository> repository = scanRepository(repo.path());
    const TestIndex tests(*repository);
    const QStringList lines =
        summaryLines(readModule(*repository, moduleAt(*repository, u"larder/units.py"_s), tests), 5);
    const QString text = lines.join(u'\n');
    QVERIFY(lines.first().startsWith(u"**larder/units.py** — Amounts with units"_s));
    QVERIFY(text.contains("`Amount` (A number with the unit that it is kept in"_L1));
    QVERIFY(text.contains("`parse_amount()` (Read an amount such as"_L1));
    QVERIFY(text.contains("`tests/test_units.py`"_L1));
    QVERIFY(text.contains("units.py:52"_L1));
}

void TestDemoReading::givesAsManyLinesAsAsked()
{
    const test::TempRepo repo;
    repo.fillWithLarder();
    const Result<Repository> repository = scanRepository(repo.path());
    const TestIndex tests(*repository);
    const ModuleReading reading = readModule(*repository, moduleAt(*repository, u"larder"_s), tests);
    for (const int lines : {1, 3, 5, 9})
        QCOMPARE(summaryLines(reading, lines).size(), lines);
}

void TestDemoReading::takesPurposeFromCodeMap()
{
    const test::TempRepo repo;
    repo.write(u"core/README.md"_s, "| folder | what |\n| --- | --- |\n| store | keeps events |\n");
    repo.write(u"core/store/a.cpp"_s, "int a;\n");
    const Result<Repository> repository = scanRepository(repo.path());
    const Purpose purpose = purposeOf(*repository, moduleAt(*repository, u"core/store"_s));
    QCOMPARE(purpose.text, u"Keeps events"_s);
    QCOMPARE(purpose.source, u"core/README.md"_s);
}

void TestDemoReading::findsUntested()
{
    const test::TempRepo repo;
    repo.fillWithLarder();
    const Result<Repository> repository = scanRepository(repo.path());
    QStringList untested;
    for (const FileFacts *file : TestIndex(*repository).untested())
        untested.append(file->path);
    QVERIFY(untested.contains(u"larder/cli.py"_s));
    QVERIFY(untested.contains(u"web/app.js"_s));
    QVERIFY(!untested.contains(u"larder/units.py"_s));
    QVERIFY(!untested.contains(u"web/format.js"_s));
}

void TestDemoReading::findsPathsInPrompts_data()
{
    QTest::addColumn<QString>("prompt");
    QTest::addColumn<QString>("path");
    QTest::newRow("folder") << u"Read larder and summarise it in five lines."_s << u"larder"_s;
    QTest::newRow("longest") << u"Read web/test and summarise it."_s << u"web/test"_s;
    QTest::newRow("file at the end") << u"Describe `larder/units.py`."_s << u"larder/units.py"_s;
    QTest::newRow("slash") << u"Read ./web/ now"_s << u"web"_s;
    QTest::newRow("top") << u"Read . and summarise it"_s << u"."_s;
    QTest::newRow("by last name") << u"What does module Shopping do?"_s << u"larder/shopping.py"_s;
    QTest::newRow("none") << u"What is this?"_s << QString();
}

void TestDemoReading::findsPathsInPrompts()
{
    QFETCH(QString, prompt);
    QFETCH(QString, path);
    const test::TempRepo repo;
    repo.fillWithLarder();
    QCOMPARE(pathIn(*scanRepository(repo.path()), prompt), path);
}

void TestDemoReading::findsDefinitionsAndText()
{
    const test::TempRepo repo;
    repo.fillWithLarder();
    const Result<Repository> repository = scanRepository(repo.path());
    QVERIFY(whereDefined(*repository, u"ShoppingList"_s, {}).contains("`larder/shopping.py:20` (class)"_L1));
    QVERIFY(whereDefined(*repository, u"Nowhere"_s, {}).startsWith("I found no declaration"_L1));
    QVERIFY(findText(*repository, u"byUrgency"_s, {}).contains("of 3 files"_L1));
    QVERIFY(findText(*repository, u"zzz"_s, {}).contains("nowhere"_L1));
}

void TestDemoReading::findsReaderTexts_data()
{
    QTest::addColumn<QString>("context");
    QTest::newRow("plain") << u"**a** — reads.\nMain names: x.\n\n**b** — writes.\nMore."_s;
    QTest::newRow("without blank lines") << u"**a** — reads.\nMain names: x.\n**b** — writes.\nMore."_s;
    QTest::newRow("JSON list")
        << u"Readers:\n[\"**a** — reads.\\nMain names: x.\", \"**b** — writes.\\nMore.\"]"_s;
    QTest::newRow("JSON objects")
        << u"{\"outputs\":[{\"output\":\"**a** — reads.\\nMain names: x.\"},{\"output\":\"**b** — writes.\\nMore.\"}]}\n\nThe end."_s;
    QTest::newRow("list")
        << u"## Outputs\n\n1. **a** — reads.\nMain names: x.\n\n2. **b** — writes.\nMore.\n# Next"_s;
}

void TestDemoReading::findsReaderTexts()
{
    QFETCH(QString, context);
    ModuleList list;
    for (const QString &path : {u"a"_s, u"b"_s, u"c"_s})
        list.modules.push_back({.name = path, .path = path});
    const ReaderTexts texts = demo::findReaderTexts({u"Write SURVEY.md"_s, context}, list);
    QCOMPARE(texts.size(), 2);
    QCOMPARE(texts.value(u"a"_s), u"**a** — reads.\nMain names: x."_s);
    QCOMPARE(texts.value(u"b"_s), u"**b** — writes.\nMore."_s);
}

void TestDemoReading::composesASurvey()
{
    const test::TempRepo repo;
    repo.fillWithLarder();
    repo.write(u"larder/cli.py"_s, repo.read(u"larder/cli.py"_s) + "\n# more\n");
    repo.commit(u"More"_s);
    const Result<Repository> repository = scanRepository(repo.path());
    const Inventory inventory = takeInventory(*repository);
    const TestIndex tests(*repository);
    const Result<History> history = readHistory(repo.path());
    const SurveyInput input{
        *repository, inventory, tests, history, {{u"web"_s, u"**web** — said by a reader.\nSecond line."_s}}};
    const QString text = composeSurvey(input);
    for (const QString &part :
         {u"# Survey of Larder"_s, u"says what you can cook"_s, u"| Python | "_s, u"make test"_s,
          u"### `larder`"_s, u"said by a reader."_s, u"- Second line."_s, u"`larder/cli.py`: 2 commits"_s,
          u"FIXME `larder/stock.py:65`"_s, u"1 part was described by readers"_s,
          u"Licence: MIT (`LICENSE`)"_s})
        QVERIFY2(text.contains(part), qPrintable(part + u"\n\n"_s + text));
    QVERIFY(text.indexOf(u"FIXME `larder/stock.py"_s) < text.indexOf(u"- TODO `larder"_s));
}

void TestDemoReading::surveysAnEmptyFolder()
{
    const test::TempRepo repo;
    const Result<Repository> repository = scanRepository(repo.path());
    const Inventory inventory = takeInventory(*repository);
    const TestIndex tests(*repository);
    const Result<History> history = readHistory(repo.path());
    const QString text = composeSurvey({*repository, inventory, tests, history, {}});
    QVERIFY(text.contains("No program text was found"_L1));
    QVERIFY(text.contains("There is no git history"_L1));
}

void TestDemoReading::isQuickOnManyFiles()
{
    const test::TempRepo repo;
    const QByteArray body = "// Says what it does for people.\nint value(int x)\n{\n    return x; // TO"
                            "DO: more\n}\n\n";
    for (int i = 0; i < 2000; ++i)
        repo.write(u"d%1/f%2.c"_s.arg(i % 20).arg(i), body.repeated(30));
    QElapsedTimer timer;
    timer.start();
    const Inventory inventory = takeInventory(*scanRepository(repo.path()));
    QCOMPARE(inventory.files, 2000);
    qInfo("2000 files in %lld ms", timer.elapsed());
}

QTEST_GUILESS_MAIN(TestDemoReading)
#include "tst_demo_reading.moc"
