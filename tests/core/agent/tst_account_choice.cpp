// With which of several accounts a session begins, and why.
#include "core/agent/account_choice.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

using Standings = std::vector<AccountStanding>;

Q_DECLARE_METATYPE(Standings)

class TestAccountChoice : public QObject {
    Q_OBJECT
private slots:
    void chooses_data();
    void chooses();
};

void TestAccountChoice::chooses_data()
{
    QTest::addColumn<Standings>("accounts");
    QTest::addColumn<QString>("goesOn"); // null: no session to go on with
    QTest::addColumn<QString>("name");
    QTest::addColumn<AccountReason>("reason");
    QTest::addColumn<qint64>("restsUntil");
    using enum AccountReason;
    const QString none;
    const QString first = u""_s;
    const auto row = [](const char *name, const Standings &accounts, const QString &goesOn,
                        const QString &taken, AccountReason reason, qint64 until = 0) {
        QTest::newRow(name) << accounts << goesOn << taken << reason << until;
    };
    row("only one", {{.name = {}}}, none, first, Only);
    row("only one, rests", {{.name = {}, .restsUntilMs = 50}}, none, first, Only, 50);
    row("nothing known", {{.name = {}}, {.name = u"a"_s}}, none, first, InOrder);
    row("the other rests", {{.name = {}, .restsUntilMs = 50}, {.name = u"a"_s}}, none, u"a"_s, OthersRest);
    row("most left", {{.name = {}, .usedPercent = 92}, {.name = u"a"_s, .usedPercent = 80, .limitedMs = 9}},
        none, u"a"_s, MostLeft);
    row("unknown is more than warned of", {{.name = {}, .usedPercent = 92}, {.name = u"a"_s, .usedMs = 9}},
        none, u"a"_s, MostLeft);
    row("limited longest ago",
        {{.name = {}, .limitedMs = 30}, {.name = u"a"_s, .limitedMs = 20, .usedMs = 9}}, none, u"a"_s,
        LimitedLeast);
    row("never limited", {{.name = {}, .limitedMs = 30}, {.name = u"a"_s, .usedMs = 9}}, none, u"a"_s,
        LimitedLeast);
    row("used longest ago", {{.name = {}, .usedMs = 30}, {.name = u"a"_s, .usedMs = 20}}, none, u"a"_s,
        UsedLeast);
    row("stable", {{.name = {}, .restsUntilMs = 9}, {.name = u"a"_s}, {.name = u"b"_s}, {.name = u"c"_s}},
        none, u"a"_s, InOrder);
    row("goes on", {{.name = {}}, {.name = u"a"_s, .usedPercent = 95}}, u"a"_s, u"a"_s, GoesOn);
    row("goes on with the first", {{.name = {}, .usedMs = 9}, {.name = u"a"_s}}, first, first, GoesOn);
    row("rests, so it does not go on", {{.name = {}}, {.name = u"a"_s, .restsUntilMs = 50}}, u"a"_s, first,
        OthersRest);
    row("was removed", {{.name = {}}, {.name = u"a"_s}}, u"gone"_s, first, InOrder);
    row("all rest", {{.name = {}, .restsUntilMs = 50}, {.name = u"a"_s, .restsUntilMs = 40}}, none, u"a"_s,
        AllRest, 40);
    row("all rest, goes on", {{.name = {}, .restsUntilMs = 50}, {.name = u"a"_s, .restsUntilMs = 40}}, first,
        first, AllRest, 40);
}

void TestAccountChoice::chooses()
{
    QFETCH(Standings, accounts);
    QFETCH(QString, goesOn);
    const AccountChoice choice =
        chooseAccount(accounts, goesOn.isNull() ? std::nullopt : std::optional(goesOn));
    QTEST(choice.name, "name");
    QTEST(choice.reason, "reason");
    QTEST(choice.restsUntilMs, "restsUntil");
}

QTEST_APPLESS_MAIN(TestAccountChoice)
#include "tst_account_choice.moc"
