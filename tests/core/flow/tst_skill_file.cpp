// Skills and teams: what a good file means, and each mistake with its place in the file.
#include "core/flow/skill_file.h"
#include "tests/core/flow/rules_driver.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestSkillFile : public QObject {
    Q_OBJECT
private slots:
    void aSkill();
    void aTeam();
    void problems_data();
    void problems();
    void builtInSkillsAreGood();
};

void TestSkillFile::aSkill()
{
    const auto read =
        parseSkill("\xEF\xBB\xBF---\nname: brief\ndescription: Few words\n---\n\nBe brief.\n\n---\nStill.\n");
    QVERIFY(read.value);
    QCOMPARE(read.value->name, u"brief"_s);
    QCOMPARE(read.value->description, u"Few words"_s);
    QCOMPARE(read.value->text, u"Be brief.\n\n---\nStill."_s);
}

void TestSkillFile::aTeam()
{
    const auto read = parseTeam("---\nname: pair\nroles:\n  driver: developer\n  second: reviewer\n---\n");
    QVERIFY(read.value);
    QCOMPARE(read.value->roles.keys(), (QStringList{u"driver"_s, u"second"_s}));
    QCOMPARE(read.value->roles.value(u"second"_s), u"reviewer"_s);
}

void TestSkillFile::problems_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isTeam");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const QByteArray &text, bool team, const QStringList &expected) {
        QTest::newRow(name) << text << team << expected;
    };
    row("no front matter", "Be brief.\n", false, {u"no_front_matter 1:1"_s});
    row("not closed", "---\nname: a\n", false, {u"unclosed_front_matter 1:1"_s});
    row("no name", "---\ndescription: a\n---\n", false, {u"missing_key 2:1"_s});
    row("an unknown key", "---\nname: a\ntools: [x]\n---\n", false, {u"unknown_key 3:1"_s});
    row("a team without roles", "---\nname: a\n---\n", true, {u"missing_key 2:1"_s});
    row("a team of nobody", "---\nname: a\nroles: {}\n---\n", true, {u"empty_value 3:8"_s});
    row("roles as a list", "---\nname: a\nroles: [x]\n---\n", true, {u"wrong_type 3:8"_s});
    row("a role of nobody", "---\nname: a\nroles: {x: a b}\n---\n", true, {u"invalid_name 3:12"_s});
    row("a role twice", "---\nname: a\nroles: {x: a, x: b}\n---\n", true, {u"duplicate_key 3:15"_s});
}

void TestSkillFile::problems()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isTeam);
    QFETCH(QStringList, expected);
    const FlowProblems found = isTeam ? parseTeam(text).problems : parseSkill(text).problems;
    QStringList lines;
    for (const FlowProblem &problem : found)
        lines.append(problemLine(problem));
    QCOMPARE(lines, expected);
    QVERIFY(isTeam ? !parseTeam(text).value : !parseSkill(text).value);
}

void TestSkillFile::builtInSkillsAreGood()
{
    const QDir skills(QStringLiteral(MUSTER_SOURCE_DIR "/resources/skills"));
    const QStringList names = skills.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QVERIFY(names.size() >= 2);
    for (const QString &name : names) {
        QFile file(skills.filePath(name + u"/SKILL.md"_s));
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(name));
        const auto read = parseSkill(file.readAll());
        QVERIFY2(read.value, qPrintable(name));
        QCOMPARE(read.value->name, name);
        QVERIFY(!read.value->description.isEmpty() && !read.value->text.isEmpty());
    }
}

QTEST_GUILESS_MAIN(TestSkillFile)
#include "tst_skill_file.moc"
