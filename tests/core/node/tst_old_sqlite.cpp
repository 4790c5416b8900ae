// A SQLite that is too old for the search: said at the start and by the doctor, in words.
#include "core/node/adapters/process_git_runner.h"
#include "core/node/service/doctor.h"
#include "core/node/service/start_notes.h"
#include "core/store/sqlite_version.h"
#include "core/viewmodel/describe.h"

#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestOldSqlite : public QObject {
    Q_OBJECT
private slots:
    void versions_data();
    void versions();
    void isSaid_data();
    void isSaid();
};

void TestOldSqlite::versions_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<bool>("searches");
    QTest::newRow("3.42") << u"3.42.0"_s << false;
    QTest::newRow("3.43") << u"3.43.0"_s << true;
    QTest::newRow("two digits") << u"3.5.9"_s << false;
    QTest::newRow("newer") << u"4.0.0"_s << true;
    QTest::newRow("unknown") << QString() << false;
    QTest::newRow("this one") << sqliteVersion() << true; // the tests of the search need it
}

void TestOldSqlite::versions()
{
    QFETCH(QString, version);
    QTEST(indexesText(version), "searches");
}

void TestOldSqlite::isSaid_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<QString>("state");
    QTest::newRow("old") << u"3.40.1"_s << u"warning"_s;
    QTest::newRow("new") << u"3.46.0"_s << u"ok"_s;
}

void TestOldSqlite::isSaid()
{
    QFETCH(QString, version);
    QFETCH(QString, state);
    const bool old = state == "warning"_L1;
    const QStringList notes = startNotes({}, version);
    QCOMPARE(notes, old ? QStringList(u"sqlite_old\n"_s + version) : QStringList());

    const QTemporaryDir home;
    Paths paths;
    paths.home = home.path();
    const auto git =
        std::make_shared<ProcessGitRunner>(QProcessEnvironment::systemEnvironment().toStringList());
    auto checking = runDoctor({.paths = paths,
                               .binFolder = {},
                               .agents = {},
                               .containment = {},
                               .durability = {},
                               .sqlite = version},
                              git, {})
                        .future();
    QTRY_VERIFY_WITH_TIMEOUT(checking.isFinished(), 30'000);
    const auto checks = checking.result();
    QVERIFY(checks);
    const auto check = std::ranges::find(*checks, u"sqlite"_s, &api::CheckItem::name);
    QVERIFY(check != checks->end());
    QCOMPARE(check->state, state);
    QCOMPARE(check->detail, version);
    if (old) {
        QVERIFY(describeNote(notes.front()).contains(version));
        QVERIFY(describeAdvice(check->advice).contains(u"SQLite 3.43"_s));
    } else {
        QVERIFY(check->advice.isEmpty());
    }
}

QTEST_GUILESS_MAIN(TestOldSqlite)
#include "tst_old_sqlite.moc"
