// Names and comments, a row per language and form.
#include "app/demo_agent/symbols/symbols.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace muster::demo;

class TestDemoSymbols : public QObject {
    Q_OBJECT

private slots:
    void findsSymbols_data();
    void findsSymbols();
    void summarisesFiles_data();
    void summarisesFiles();
};

// Expected: "kind name[- if not public][: doc]" each, joined by "; ". Members are left out.
void TestDemoSymbols::findsSymbols_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("symbols");
    QTest::newRow("Python")
        << u"a.py"_s
        << "class A(B):\n    \"\"\"Keeps it. More.\"\"\"\n    def m(self):\n        pass\n\ndef f(\n    x,\n):\n    '''Does it.'''\n\ndef _g(): pass\n"_ba
        << u"class A: Keeps it.; function f: Does it.; function _g-"_s;
    QTest::newRow("Python __all__") << u"a.py"_s << "__all__ = ['f']\ndef f(): pass\ndef g(): pass\n"_ba
                                    << u"function f; function g-"_s;
    QTest::newRow("C header")
        << u"a.h"_s
        << "/** Adds numbers. */\nextern int add(int a,\n               int b);\nstruct point {\n  int x;\n};\nstruct fwd;\n#define MAX(a, b) x\n"_ba
        << u"function add: Adds numbers.; struct point; macro MAX"_s;
    QTest::newRow("C source")
        << u"a.c"_s
        << "int used(void);\nstatic int helper(int a)\n{\n  if (a) {\n  }\n  return f(a);\n}\n/* Runs. */\nint\nrun (int a)\n{\n}\n"_ba
        << u"function helper-; function run: Runs."_s;
    QTest::newRow("C++ header")
        << u"store.h"_s
        << "// Store: keeps things. Any thread.\n#pragma once\nnamespace x {\nclass Store final : public B {\npublic:\n    void put();\n};\n// What it is.\nenum class Kind : int { A };\n[[nodiscard]] Status open(const QString &path);\n}\n"_ba
        << u"class Store: Keeps things.; enum Kind: What it is."_s;
    QTest::newRow("JavaScript")
        << u"a.js"_s
        << "/** Says it. */\nexport function say(x) {}\nconst go = async (a) => 1\nfunction inner() {}\nmodule.exports = { go }\n"_ba
        << u"function say: Says it.; function go; function inner-"_s;
    QTest::newRow("JavaScript class")
        << u"a.js"_s
        << "class Say extends B {\n  static description = 'Say a thing'\n  run () {\n  }\n}\nmodule.exports = Say\n"_ba
        << u"class Say: Say a thing"_s;
    QTest::newRow("TypeScript")
        << u"a.ts"_s
        << "export interface A { x: number }\nexport type B = string\nexport default class C {}\n"_ba
        << u"interface A; type B; class C"_s;
    QTest::newRow("Go")
        << u"a.go"_s
        << "// Open opens it. It may fail.\nfunc Open(a string) error {\n}\nfunc hidden() {}\ntype Store struct {\n}\n"_ba
        << u"function Open: Open opens it.; function hidden-; type Store"_s;
    QTest::newRow("Rust")
        << u"a.rs"_s
        << "/// Keeps it.\n#[derive(Debug)]\npub struct Keep;\npub async fn go() {}\nfn own() {}\n"_ba
        << u"struct Keep: Keeps it.; fn go; fn own-"_s;
    QTest::newRow("Java")
        << u"A.java"_s
        << "/**\n * Does it.\n * @since 1\n */\npublic final class A {\n    public int size() {\n}\n"_ba
        << u"class A: Does it."_s;
    QTest::newRow("Shell") << u"a.sh"_s << "# Says it.\nsay() {\n}\nfunction go {\n}\n"_ba
                           << u"function say: Says it.; function go"_s;
    QTest::newRow("Perl")
        << u"lib/A.pm"_s
        << "package A;\nsub new {\n}\nsub _own {}\nsub BUILD {}\n__END__\n=head1 NAME\n\nA - keeps it\n\n=head2 new\n\nMakes one.\n"_ba
        << u"package A: keeps it; sub new: Makes one.; sub _own-; sub BUILD-"_s;
    QTest::newRow("Ruby") << u"a.rb"_s << "# Keeps it.\nclass A < B\n  def go\n  end\nend\n"_ba
                          << u"class A: Keeps it."_s;
    QTest::newRow("PHP") << u"a.php"_s << "<?php\nfinal class A {\n}\nfunction go() {}\n"_ba
                         << u"class A; function go"_s;
    QTest::newRow("no family") << u"a.css"_s << "a { b: c }\n"_ba << QString();
}

void TestDemoSymbols::findsSymbols()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, text);
    QFETCH(QString, symbols);
    QStringList found;
    for (const Symbol &symbol : symbolsOf(text, *languageOf(path, text), path)) {
        if (!symbol.member)
            found.append(symbol.kind + u' ' + symbol.name + (symbol.isPublic ? u""_s : u"-"_s) +
                         (symbol.doc.isEmpty() ? QString() : QString(u": "_s + symbol.doc)));
    }
    QCOMPARE(found.join(u"; "_s), symbols);
}

void TestDemoSymbols::summarisesFiles_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("summary");
    QTest::newRow("licence first")
        << u"a.js"_s
        << "// Copyright (c) X\n// Licensed under MIT\n\n/** Draws the page for people. */\nlet x\n"_ba
        << u"Draws the page for people."_s;
    QTest::newRow("only a licence")
        << u"a.c"_s
        << "/* Copyright X\n * This program is free software; you can redistribute it.\n *\n * You should have received a copy of the GNU.\n */\nint x;\n"_ba
        << QString();
    QTest::newRow("own name") << u"store.c"_s << "/* store.c - keeps all the things */\n"_ba
                              << u"Keeps all the things"_s;
    QTest::newRow("class name") << u"line_framer.h"_s
                                << "// LineFramer: bytes to lines, always.\n#pragma once\n"_ba
                                << u"Bytes to lines, always."_s;
    QTest::newRow("title in docstring")
        << u"a.py"_s
        << "# -*- coding: utf-8 -*-\n\"\"\"\npkg.a\n~~~~~\n\nReads what others wrote.\n\n:copyright: x\n\"\"\"\n"_ba
        << u"Reads what others wrote."_s;
    QTest::newRow("pod")
        << u"A.pm"_s << "package A;\n1;\n__END__\n\n=head1 NAME\n\nA::B - read things and B<write> them\n"_ba
        << u"Read things and write them"_s;
    QTest::newRow("Rust") << u"lib.rs"_s << "//! Parses all of it.\n//! More.\nuse x;\n"_ba
                          << u"Parses all of it."_s;
    QTest::newRow("nothing") << u"a.py"_s << "import x\n# later comment here\n"_ba << QString();
}

void TestDemoSymbols::summarisesFiles()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, text);
    QFETCH(QString, summary);
    QCOMPARE(fileSummary(text, *languageOf(path, text), path), summary);
}

QTEST_GUILESS_MAIN(TestDemoSymbols)
#include "tst_demo_symbols.moc"
