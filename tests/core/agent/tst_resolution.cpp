// Which runtime a task runs on, and what is said of the one that was wished.
#include "core/agent/resolution.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

using Problems = QHash<QString, LaunchProblem>;

class TestResolution : public QObject {
    Q_OBJECT
private slots:
    void resolves_data();
    void resolves();
    void namesOfASetting();
};

void TestResolution::resolves_data()
{
    QTest::addColumn<QStringList>("wishes"); // step, profile, default
    QTest::addColumn<QStringList>("fallback");
    QTest::addColumn<Problems>("problems");
    QTest::addColumn<QString>("runtime");
    QTest::addColumn<QString>("reason");
    using enum LaunchProblem;
    const Problems none;
    const Problems claudeGone{{u"claude"_s, NotInstalled}};
    const QStringList all{u"claude"_s, u"codex"_s, u"demo"_s};
    QTest::newRow("step first") << all << QStringList() << none << u"claude"_s << u"step"_s;
    QTest::newRow("then profile") << QStringList{{}, u"codex"_s, u"demo"_s} << QStringList() << none
                                  << u"codex"_s << u"profile"_s;
    QTest::newRow("then default") << QStringList{{}, {}, u"demo"_s} << QStringList() << none << u"demo"_s
                                  << u"default"_s;
    QTest::newRow("nothing wished") << QStringList{{}, {}, {}} << QStringList(u"pi"_s) << none << QString()
                                    << QString();
    QTest::newRow("no fallback") << all << QStringList() << claudeGone << u"claude"_s << u"step"_s;
    QTest::newRow("fallback") << all << QStringList{u"pi"_s, u"demo"_s} << claudeGone << u"pi"_s
                              << u"step; claude: not_installed"_s;
    QTest::newRow("not itself") << all << QStringList{u"claude"_s, u"demo"_s} << claudeGone << u"demo"_s
                                << u"step; claude: not_installed"_s;
    QTest::newRow("the next that can")
        << all << QStringList{u"pi"_s, u"codex"_s} << Problems{{u"claude"_s, BadKey}, {u"pi"_s, AuthRequired}}
        << u"codex"_s << u"step; claude: bad_key"_s;
    QTest::newRow("none can") << all << QStringList(u"pi"_s)
                              << Problems{{u"claude"_s, BadKey}, {u"pi"_s, AuthRequired}} << u"claude"_s
                              << u"step"_s;
    QTest::newRow("fallback not needed") << all << QStringList(u"pi"_s) << none << u"claude"_s << u"step"_s;
}

void TestResolution::resolves()
{
    QFETCH(QStringList, wishes);
    QFETCH(QStringList, fallback);
    QFETCH(Problems, problems);
    const Resolution taken = resolveRuntime({{.by = u"step"_s, .runtime = wishes.at(0), .model = u"big"_s},
                                             {.by = u"profile"_s, .runtime = wishes.at(1), .model = u"mid"_s},
                                             {.by = u"default"_s, .runtime = wishes.at(2), .model = {}}},
                                            fallback, problems);
    QTEST(taken.runtime, "runtime");
    QTEST(taken.reason(), "reason");
    // A model belongs to the runtime that it was wished with.
    const QStringList models{u"big"_s, u"mid"_s, {}};
    const qsizetype wish = wishes.indexOf(taken.runtime);
    const PassedOver told = passedOverIn(taken.reason());
    QCOMPARE(told.runtime, taken.wished);
    QCOMPARE(told.problem, taken.wished.isEmpty() ? QString() : enumName(taken.problem));
    for (const QString &account : {QString(), u"work"_s}) {
        const PassedOver same = passedOverIn(taken.reasonWith(account, u"most_left"_s));
        QCOMPARE(same.runtime, told.runtime);
        QCOMPARE(same.problem, told.problem);
    }
    QCOMPARE(taken.model, taken.wished.isEmpty() && !taken.runtime.isEmpty() ? models.at(wish) : QString());
}

void TestResolution::namesOfASetting()
{
    QCOMPARE(namesIn(u" pi, codex\tdemo,,"_s), (QStringList{u"pi"_s, u"codex"_s, u"demo"_s}));
    QCOMPARE(namesIn({}), QStringList());
}

QTEST_APPLESS_MAIN(TestResolution)
#include "tst_resolution.moc"
