// A script falls into its statements: strings, names, comments and triggers keep their semicolons.
#include "core/store/sql_script.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestSqlScript : public QObject {
    Q_OBJECT
private slots:
    void splits_data();
    void splits();
};

void TestSqlScript::splits_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QStringList>("statements");
    const auto row = [](const char *name, const QString &script, const QStringList &statements) {
        QTest::newRow(name) << script << statements;
    };
    const QString trigger =
        u"CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = 1; DELETE FROM b; END"_s;
    const QString caseTrigger =
        u"CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = CASE WHEN 1 THEN 2 ELSE 3 END; SELECT 1; END"_s;
    row("empty", u""_s, {});
    row("only comments", u"-- a\n/* b; */ ; -- c"_s, {});
    row("two", u"SELECT 1; SELECT 2;"_s, {u"SELECT 1"_s, u"SELECT 2"_s});
    row("unfinished last", u"SELECT 1;\nSELECT 2"_s, {u"SELECT 1"_s, u"SELECT 2"_s});
    row("semicolon in a text", u"SELECT 'a;b'; SELECT 2"_s, {u"SELECT 'a;b'"_s, u"SELECT 2"_s});
    row("doubled quote", u"SELECT 'it''s;'; SELECT 2"_s, {u"SELECT 'it''s;'"_s, u"SELECT 2"_s});
    row("comment in a text", u"SELECT '-- no; /* no'; SELECT 2"_s,
        {u"SELECT '-- no; /* no'"_s, u"SELECT 2"_s});
    row("quoted names", u"SELECT \"a;\", `b;`, [c;]; SELECT 2"_s,
        {u"SELECT \"a;\", `b;`, [c;]"_s, u"SELECT 2"_s});
    row("quote in a comment", u"SELECT 1 -- it's; here\n, 2; SELECT 3"_s,
        {u"SELECT 1  , 2"_s, u"SELECT 3"_s});
    row("block comment separates", u"SELECT/*;*/1; SELECT 2"_s, {u"SELECT 1"_s, u"SELECT 2"_s});
    row("open comment", u"SELECT 1; /* SELECT 2;"_s, {u"SELECT 1"_s});
    row("open text", u"SELECT 1; SELECT 'a;"_s, {u"SELECT 1"_s, u"SELECT 'a;"_s});
    row("trigger", trigger + u"; SELECT 2"_s, {trigger, u"SELECT 2"_s});
    row("trigger with a case", caseTrigger + u"; SELECT 2"_s, {caseTrigger, u"SELECT 2"_s});
    row("case outside", u"SELECT CASE WHEN 1 THEN 2 END; SELECT 2"_s,
        {u"SELECT CASE WHEN 1 THEN 2 END"_s, u"SELECT 2"_s});
    row("table named like a trigger", u"CREATE TABLE trigger_log(begin_at); SELECT 2"_s,
        {u"CREATE TABLE trigger_log(begin_at)"_s, u"SELECT 2"_s});
    row("drop trigger", u"DROP TRIGGER t; SELECT 2"_s, {u"DROP TRIGGER t"_s, u"SELECT 2"_s});
    row("transaction", u"BEGIN; SELECT 1; END;"_s, {u"BEGIN"_s, u"SELECT 1"_s, u"END"_s});
}

void TestSqlScript::splits()
{
    QFETCH(QString, script);
    QFETCH(QStringList, statements);
    QCOMPARE(splitSqlScript(script), statements);
}

QTEST_GUILESS_MAIN(TestSqlScript)
#include "tst_sql_script.moc"
