// Counting, conventions and what the top of a project says.
#include "app/demo_agent/analysis/git.h"
#include "app/demo_agent/analysis/licence.h"
#include "app/demo_agent/analysis/project.h"
#include "app/demo_agent/analysis/tests.h"
#include "app/demo_agent/analysis/text.h"
#include "tests/core/demo_agent/fixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace muster;
using namespace muster::demo;

class TestDemoAnalysis : public QObject {
    Q_OBJECT

private slots:
    void findsTheLanguage_data();
    void findsTheLanguage();
    void countsLines_data();
    void countsLines();
    void findsNotes_data();
    void findsNotes();
    void countsTests_data();
    void countsTests();
    void knowsTestNames_data();
    void knowsTestNames();
    void cutsFirstSentences_data();
    void cutsFirstSentences();
    void knowsLicences_data();
    void knowsLicences();
    void readsReadmes_data();
    void readsReadmes();
    void scansWhatGitTracks();
    void scansWithoutGit();
    void setsForeignFilesApart();
    void readsHistory();
    void runsNoProgramOfTheRepository();
    void findsBuildSystems();
};

void TestDemoAnalysis::findsTheLanguage_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QString>("language");
    QTest::newRow("extension") << u"a/b.cpp"_s << ""_ba << u"C++"_s;
    QTest::newRow("capital") << u"A.PY"_s << ""_ba << u"Python"_s;
    QTest::newRow("name") << u"x/CMakeLists.txt"_s << ""_ba << u"CMake"_s;
    QTest::newRow("shebang") << u"tool"_s << "#!/usr/bin/env python3.11\n"_ba << u"Python"_s;
    QTest::newRow("shebang with options")
        << u"tool"_s << "#!/usr/bin/env -S FOO=1 node --x\n"_ba << u"JavaScript"_s;
    QTest::newRow("shell") << u"configure"_s << "#! /bin/sh\n"_ba << u"Shell"_s;
    QTest::newRow("unknown") << u"blob.qqq"_s << "text"_ba << QString();
    QTest::newRow("header of C") << u"a.h"_s << "#include <stdio.h>\nstruct a { int class_; };\n"_ba
                                 << u"C"_s;
    QTest::newRow("header of C++") << u"a.h"_s << "#pragma once\nnamespace a {\n}\n"_ba << u"C++"_s;
    QTest::newRow("dot file") << u".py"_s << ""_ba << QString();
}

void TestDemoAnalysis::findsTheLanguage()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, head);
    QFETCH(QString, language);
    const Language *found = languageOf(path, head);
    QCOMPARE(found == nullptr ? QString() : QString::fromLatin1(found->name), language);
}

void TestDemoAnalysis::countsLines_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QList<int>>("counts"); // lines, code, comments, blank
    QTest::newRow("empty") << u"C"_s << ""_ba << QList<int>{0, 0, 0, 0};
    QTest::newRow("C") << u"C"_s << "/* a\n b */\nint x; // y\n\n//z"_ba << QList<int>{5, 1, 3, 1};
    QTest::newRow("block behind code")
        << u"C"_s << "int x; /* a\nb */\nint y;\n"_ba << QList<int>{3, 2, 1, 0};
    QTest::newRow("mark in a string")
        << u"JavaScript"_s << "glob('src/**/*.js')\nlet a\n"_ba << QList<int>{2, 2, 0, 0};
    QTest::newRow("docstring") << u"Python"_s << "def f():\n  \"\"\"Doc\n\n  more\"\"\"\n  return 1\n"_ba
                               << QList<int>{5, 2, 2, 1};
    QTest::newRow("one line docstring")
        << u"Python"_s << "\"\"\"Doc.\"\"\"\nx = 1\n"_ba << QList<int>{2, 1, 1, 0};
    QTest::newRow("text in code") << u"Python"_s << "x = \"\"\"\na\n\"\"\"\n"_ba << QList<int>{3, 3, 0, 0};
    QTest::newRow("pod") << u"Perl"_s << "my $x;\n\n=head1 A\n\ntext\n\n=cut\nprint;\n"_ba
                         << QList<int>{8, 2, 3, 3};
    QTest::newRow("end of Perl") << u"Perl"_s << "1;\n__END__\nx\n"_ba << QList<int>{3, 1, 2, 0};
    QTest::newRow("CRLF") << u"C"_s << "int x;\r\n\r\n"_ba << QList<int>{2, 1, 0, 1};
}

void TestDemoAnalysis::countsLines()
{
    QFETCH(QString, language);
    QFETCH(QByteArray, text);
    QFETCH(QList<int>, counts);
    const Language *known = languageNamed(QLatin1StringView(language.toLatin1()));
    QVERIFY(known != nullptr);
    const LineCounts found = countLines(text, *known);
    QCOMPARE((QList<int>{found.lines, found.code, found.comments, found.blank}), counts);
}

void TestDemoAnalysis::findsNotes_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("note"); // "WORD line text", empty: none
    const auto row = [](const char *name, const QString &language, const QByteArray &text,
                        const QString &note) {
        QTest::newRow(name) << language << text << note;
    };
    row("comment", u"C"_s,
        "\n// TO"
        "DO: later",
        u"TODO 2 later"_s);
    row("with owner", u"Python"_s,
        "x = 1  # FIX"
        "ME(ada): now",
        u"FIXME 1 (ada): now"_s);
    row("in a block", u"C"_s,
        "/*\n * XX"
        "X really? */",
        u"XXX 2 really?"_s);
    row("name", u"C"_s,
        "int TO"
        "DO_LIST = 1;",
        {});
    row("string", u"Python"_s,
        "print('TO"
        "DO: x')",
        {});
    row("prose about it", u"C"_s,
        "// see the TO"
        "DO list",
        {});
    row("template", u"Shell"_s,
        "# mktemp /tmp/aXX"
        "XXXX",
        {});
    row("bug without mark", u"C"_s, "// BUG reports go to x", {});
    row("bug", u"C"_s,
        "// BU"
        "G: wrong",
        u"BUG 1 wrong"_s);
    row("Markdown", u"Markdown"_s,
        "TO"
        "DO: write this",
        u"TODO 1 write this"_s);
}

void TestDemoAnalysis::findsNotes()
{
    QFETCH(QString, language);
    QFETCH(QByteArray, text);
    QFETCH(QString, note);
    const LineCounts found = countLines(text, *languageNamed(QLatin1StringView(language.toLatin1())));
    QString said;
    for (const Note &one : found.notes)
        said += one.word + u' ' + QString::number(one.line) + u' ' + one.text;
    QCOMPARE(said, note);
}

void TestDemoAnalysis::countsTests_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("tests");
    QTest::newRow("Python")
        << u"tests/test_a.py"_s
        << "class T:\n  def test_a(self):\n  async def test_b(self):\n  def helper(self):\n"_ba << 2;
    QTest::newRow("Python elsewhere") << u"pkg/a.py"_s << "def test_connection():\n"_ba << 0;
    QTest::newRow("JavaScript") << u"a.test.js"_s << "test('a', f)\nit.only(\"b\", f)\nsubmit(x)\n"_ba << 2;
    QTest::newRow("Go") << u"a_test.go"_s << "func TestA(t *testing.T) {\nfunc helper() {\n"_ba << 1;
    QTest::newRow("Rust") << u"src/a.rs"_s << "#[test]\nfn a() {}\n#[tokio::test]\n#[derive(Debug)]\n"_ba
                          << 2;
    QTest::newRow("Java") << u"ATest.java"_s << "  @Test\n  @TestOnly\n"_ba << 1;
    QTest::newRow("GoogleTest") << u"a_test.cc"_s << "TEST(A, b) {\nTEST_F(A, c) {\n"_ba << 2;
    QTest::newRow("Qt Test")
        << u"tst_a.cpp"_s
        << "class T {\nprivate slots:\n    void initTestCase();\n    void a_data();\n    void a();\nprivate:\n    void b();\n};\nQTEST_MAIN(T)\n"_ba
        << 1;
    QTest::newRow("Perl") << u"t/a.t"_s << "ok(1);\n"_ba << 1;
    QTest::newRow("Perl with parts") << u"t/a.t"_s << "subtest 'a' => sub {\nsubtest 'b' => sub {\n"_ba << 2;
    QTest::newRow("bats") << u"a.bats"_s << "@test \"a\" {\n"_ba << 1;
}

void TestDemoAnalysis::countsTests()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, text);
    QFETCH(int, tests);
    QCOMPARE(demo::countTests(text, *languageOf(path, text), path), tests);
}

void TestDemoAnalysis::knowsTestNames_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("isTest");
    for (const char *path : {"tests/test_a.py", "a_test.go", "x/a.spec.ts", "src/__tests__/a.js", "t/a/b.t",
                             "tst_a.cpp", "AThingTest.java", "a_spec.rb"})
        QTest::newRow(path) << QString::fromLatin1(path) << true;
    for (const char *path :
         {"testing.py", "latest.py", "contest.go", "lib/install-test.js", "attest.ts", "tests/data.json"})
        QTest::newRow(path) << QString::fromLatin1(path) << false;
}

void TestDemoAnalysis::knowsTestNames()
{
    QFETCH(QString, path);
    QFETCH(bool, isTest);
    QCOMPARE(hasTestName(path), isTest);
}

void TestDemoAnalysis::cutsFirstSentences_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("two") << u"Reads a file. Then writes it."_s << u"Reads a file."_s;
    QTest::newRow("version") << u"Since version 1.2 it reads, e.g. files. More."_s
                             << u"Since version 1.2 it reads, e.g. files."_s;
    QTest::newRow("lines") << u"Reads\n a file\n\nAnother paragraph"_s << u"Reads a file"_s;
    QTest::newRow("tags") << u"@brief Reads it.\n@param x the x"_s << u"Reads it."_s;
    QTest::newRow("pod") << u"See L<perldoc|x> and C<code>."_s << u"See x and code."_s;
    QTest::newRow("link") << u"A [tool](http://x.y) for **you**."_s << u"A tool for you."_s;
}

void TestDemoAnalysis::cutsFirstSentences()
{
    QFETCH(QString, text);
    QFETCH(QString, sentence);
    QCOMPARE(firstSentence(text), sentence);
}

void TestDemoAnalysis::knowsLicences_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("licence");
    QTest::newRow("MIT")
        << u"MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy"_s
        << u"MIT"_s;
    QTest::newRow("GPL") << u"GNU GENERAL PUBLIC LICENSE\n  Version 3, 29 June 2007"_s << u"GPL-3.0"_s;
    QTest::newRow("LGPL names the GPL")
        << u"GNU LESSER GENERAL PUBLIC LICENSE\nVersion 3\n incorporates the GNU General Public License, version 3"_s
        << u"LGPL-3.0"_s;
    QTest::newRow("SPDX") << u"SPDX-License-Identifier: 0BSD\n"_s << u"0BSD"_s;
    QTest::newRow("unknown") << u"All yours."_s << QString();
}

void TestDemoAnalysis::knowsLicences()
{
    QFETCH(QString, text);
    QFETCH(QString, licence);
    QCOMPARE(licenceOf(text), licence);
}

void TestDemoAnalysis::readsReadmes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("purpose");
    QTest::newRow("plain") << u"# Tool\n\nIt does this and that.\n\nMore."_s << u"Tool"_s
                           << u"It does this and that."_s;
    QTest::newRow("badges") << u"# Tool\n[![x](y)](z)\n\n<p align=center>x</p>\n\nIt does this and that."_s
                            << u"Tool"_s << u"It does this and that."_s;
    QTest::newRow("underlined") << u"Tool\n====\n\nIt does this and that.\n"_s << u"Tool"_s
                                << u"It does this and that."_s;
    QTest::newRow("only how to use") << u"# Tool\n\n## Requirements\n\nYou need a computer with Linux.\n"_s
                                     << u"Tool"_s << QString();
    QTest::newRow("empty") << QString() << QString() << QString();
}

void TestDemoAnalysis::readsReadmes()
{
    QFETCH(QString, text);
    QFETCH(QString, title);
    QFETCH(QString, purpose);
    QCOMPARE(readmeTitle(text), title);
    QCOMPARE(readmePurpose(text), purpose);
}

void TestDemoAnalysis::scansWhatGitTracks()
{
    const test::TempRepo repo;
    repo.write(u".gitignore"_s, "out/\n");
    repo.write(u"a.py"_s, "x = 1\n");
    repo.write(u"out/b.py"_s, "x = 1\n");
    repo.write(u"ä ö.py"_s, "x = 1\n");
    repo.commit(u"One"_s);
    repo.write(u"new.py"_s, "x = 1\n");
    QVERIFY(QFile::link(u"/etc/passwd"_s, repo.file(u"link"_s)));
    const Result<Repository> found = scanRepository(repo.path());
    QVERIFY(found);
    QVERIFY(found->git);
    QVERIFY(found->file(u"a.py"_s) != nullptr);
    QVERIFY(found->file(u"new.py"_s) != nullptr);
    QVERIFY(found->file(u"ä ö.py"_s) != nullptr);
    QVERIFY(found->file(u"out/b.py"_s) == nullptr);
    QVERIFY(found->file(u"link"_s) == nullptr);
    QCOMPARE(found->links, 1);
}

void TestDemoAnalysis::scansWithoutGit()
{
    const test::TempRepo repo;
    repo.write(u"a.h"_s, "int a();\n");
    repo.write(u"a.cpp"_s, "int a() { return 1; }\n");
    repo.write(u"__pycache__/a.pyc"_s, QByteArray(10, '\0'));
    repo.write(u"big.txt"_s, QByteArray(maxReadBytes + 1, 'x'));
    repo.write(u"blob"_s, QByteArray("a\0b", 3));
    const Result<Repository> found = scanRepository(repo.path());
    QVERIFY(found);
    QVERIFY(!found->git);
    QCOMPARE(found->files.size(), 4U);
    QCOMPARE(QByteArray(found->file(u"a.h"_s)->language->name), QByteArray("C++"));
    QVERIFY(found->file(u"big.txt"_s)->tooLarge);
    QVERIFY(found->file(u"blob"_s)->binary);
    QCOMPARE(scanRepository(repo.file(u"none"_s)).error().code, ErrorCode::NotFound);
    QCOMPARE(scanRepository(repo.path(), [] { return true; }).error().code, ErrorCode::Cancelled);
}

void TestDemoAnalysis::setsForeignFilesApart()
{
    const test::TempRepo repo;
    repo.write(u"node_modules/x/i.js"_s, "let x\n");
    repo.write(u"package-lock.json"_s, "{}\n");
    repo.write(u"made.py"_s, "# Code generated by x. DO NOT EDIT.\nx = 1\n");
    repo.write(u"own.py"_s, "x = 1\n");
    const Result<Repository> found = scanRepository(repo.path());
    QVERIFY(found);
    for (const FileFacts &file : found->files)
        QCOMPARE(file.foreign, file.path != "own.py"_L1);
}

void TestDemoAnalysis::readsHistory()
{
    const test::TempRepo repo;
    repo.write(u"a.py"_s, "x = 1\n");
    repo.commit(u"Begin"_s);
    repo.write(u"a.py"_s, "x = 1\ny = 2\n");
    repo.commit(u"Go on"_s);
    const Result<History> history = readHistory(repo.path());
    QVERIFY(history);
    QCOMPARE(history->commits.size(), 2U);
    QCOMPARE(history->commits.front().subject, u"Go on"_s);
    QCOMPARE(history->byFile.value(u"a.py"_s).commits, 2);
    QCOMPARE(history->byFile.value(u"a.py"_s).added, 2);
    QCOMPARE(history->authors.value(u"Ada"_s), 2);
    QVERIFY(history->complete);
    QVERIFY(!readHistory(repo.path(), {}, 1)->complete);
    const test::TempRepo none;
    QCOMPARE(readHistory(none.path()).error().code, ErrorCode::Unavailable);
}

void TestDemoAnalysis::runsNoProgramOfTheRepository()
{
    const test::TempRepo repo;
    repo.write(u"a.py"_s, "x = 1\n");
    repo.write(u".gitattributes"_s, "*.py diff=evil\n");
    repo.commit(u"Begin"_s);
    const QString mark = repo.file(u"hit"_s);
    for (const QString &key : {u"core.fsmonitor"_s, u"diff.external"_s, u"diff.evil.textconv"_s,
                               u"diff.evil.command"_s, u"core.pager"_s, u"gpg.program"_s})
        repo.git({u"config"_s, key, u"touch "_s + mark + u" #"_s});
    repo.git({u"config"_s, u"log.showSignature"_s, u"true"_s});
    QVERIFY(scanRepository(repo.path()));
    QVERIFY(readHistory(repo.path()));
    QVERIFY(!QFile::exists(mark));
}

void TestDemoAnalysis::findsBuildSystems()
{
    const test::TempRepo repo;
    repo.write(
        u"package.json"_s,
        R"({"license":"MIT","description":"does things","scripts":{"test":"node --test","build":"x"}})");
    repo.write(u"Makefile"_s, "all:\n\tx\ntest: all\n\ty\nTEST := 1\n");
    const Result<Repository> found = scanRepository(repo.path());
    const Project project = readProject(*found);
    QCOMPARE(project.builds.size(), 2U);
    QCOMPARE(project.builds.at(0).build, (QStringList{u"npm install"_s, u"npm run build"_s}));
    QCOMPARE(project.builds.at(0).test, QStringList{u"npm test"_s});
    QCOMPARE(project.builds.at(1).test, QStringList{u"make test"_s});
    QCOMPARE(project.licence, u"MIT"_s);
    QCOMPARE(project.purpose, u"does things"_s);
}

QTEST_GUILESS_MAIN(TestDemoAnalysis)
#include "tst_demo_analysis.moc"
