// What a gate checks, as its command tells.
#include "core/node/work/gate_kind.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestGateKind : public QObject {
    Q_OBJECT
private slots:
    void guesses_data();
    void guesses();
};

void TestGateKind::guesses_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("kind"); // empty: none
    const auto row = [](const QString &command, const QString &kind) {
        QTest::addRow("%s", qPrintable(command.simplified())) << command << kind;
    };
    row(u"cargo fmt --check"_s, u"format"_s);
    row(u"npx prettier --check ."_s, u"format"_s);
    row(u"ruff format --check"_s, u"format"_s);
    row(u"ruff check ."_s, u"lint"_s);
    row(u"node_modules/.bin/eslint src"_s, u"lint"_s);
    row(u"go vet ./..."_s, u"lint"_s);
    row(u"cmake --build build -j4"_s, u"build"_s);
    row(u"make"_s, u"build"_s);
    row(u"make -C src check"_s, u"test"_s);
    row(u"CI=1 npm test"_s, u"test"_s);
    row(u"python3 -m pytest -q"_s, u"test"_s);
    row(u"mvn -q verify"_s, u"test"_s);
    row(u"./gradlew check"_s, u"test"_s);
    row(u"cd app && ctest --output-on-failure"_s, u"test"_s);
    row(u"set -e\ncmake -B build\ncmake --build build"_s, u"build"_s);
    row(u"make && ctest"_s, {}); // either may have failed
    row(u"sh check.sh"_s, {});
    row(u"echo make"_s, {});
    row(u"makefile"_s, {});
    row(u" ; "_s, {});
}

void TestGateKind::guesses()
{
    QFETCH(QString, command);
    QFETCH(QString, kind);
    const auto found = guessGateKind(command);
    QCOMPARE(found ? enumName(*found) : QString(), kind);
}

QTEST_APPLESS_MAIN(TestGateKind)
#include "tst_gate_kind.moc"
