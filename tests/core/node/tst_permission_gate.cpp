// The rules that hold for one task: flow, profile, answers and the store's rules, as the broker gets them.
#include "core/node/work/permission_gate.h"

#include <QTemporaryDir>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;
using Kind = PermissionVerdict::Kind;

class TestPermissionGate : public QObject {
    Q_OBJECT
private slots:
    void flowAndProfileAllow();
    void answerForTheTaskCoversTheSameActOnly();
    void storedRuleIsExact();
    void storedDenialBeatsAnAnswer();
    void saidRuleHasWildcards();
    void ruleOfAProfileIsForIt();
    void actWithoutNameIsNotKept();
    void unattendedRunIsDeniedWithAMessage();

private:
    static PermissionRequested command(const QString &text)
    {
        return {.kind = ToolKind::Execute, .command = text};
    }
    static PermissionRequested edit(const QString &path) { return {.kind = ToolKind::Edit, .paths = {path}}; }
    PermissionGate gate(const TaskData &data) const
    {
        PermissionGate made(data);
        made.setPlace(m_folder.path(),
                      {.name = u"writer"_s, .permissions = {.write = {u"docs/*"_s}, .run = {u"make *"_s}}});
        return made;
    }
    QTemporaryDir m_folder;
};

void TestPermissionGate::flowAndProfileAllow()
{
    const PermissionGate made = gate({.mayWrite = {u"SURVEY.md"_s}, .mayRun = {u"ctest *"_s}});
    for (const auto &request : {command(u"ctest -R x && make all"_s), edit(u"SURVEY.md"_s), edit(u"docs/x"_s),
                                edit(m_folder.filePath(u"SURVEY.md"_s))}) {
        const auto verdict = made.decide(request, {});
        QCOMPARE(verdict.kind, Kind::Allow);
        QCOMPARE(verdict.by, u"flow"_s);
    }
    const auto asked = made.decide(command(u"ctest > SURVEY.md; reboot"_s), {});
    QCOMPARE(asked.kind, Kind::Ask);
    QCOMPARE(made.decide(edit(u"../SURVEY.md"_s), {}).risk, PermissionRisk::OutsideWorkspace);
}

void TestPermissionGate::answerForTheTaskCoversTheSameActOnly()
{
    PermissionGate made = gate({});
    made.remember(command(u"rm -rf build"_s), true);
    made.remember(command(u"make clean"_s), false);
    made.remember(edit(u"src/a.cpp"_s), true);
    QCOMPARE(made.decide(command(u"rm -rf build"_s), {}).by, u"task"_s);
    QCOMPARE(made.decide(command(u"rm -rf build"_s), {}).kind, Kind::Allow);
    QCOMPARE(made.decide(command(u"rm -rf builds"_s), {}).kind, Kind::Ask);
    QCOMPARE(made.decide(command(u"make clean"_s), {}).kind, Kind::Deny);
    QVERIFY(!made.decide(command(u"make clean"_s), {}).message.isEmpty());
    QCOMPARE(made.decide(command(u"make all"_s), {}).kind, Kind::Allow);
    QCOMPARE(made.decide(edit(u"src/a.cpp"_s), {}).kind, Kind::Allow);
    QCOMPARE(made.decide(edit(u"src/b.cpp"_s), {}).kind, Kind::Ask);
}

void TestPermissionGate::storedRuleIsExact()
{
    const PermissionGate made = gate({});
    const auto rule = PermissionGate::ruleFor(command(u"rm *"_s), ProjectId{1}, true, u"person"_s);
    QVERIFY(rule);
    QCOMPARE(made.decide(command(u"rm *"_s), {*rule}).kind, Kind::Allow);
    QCOMPARE(made.decide(command(u"rm x"_s), {*rule}).kind, Kind::Ask);
}

void TestPermissionGate::saidRuleHasWildcards()
{
    const PermissionGate made = gate({});
    const PermissionRuleRow run{.toolKind = ToolKind::Execute,
                                .pattern = u"ctest *"_s,
                                .effect = RuleEffect::Allow,
                                .scope = QString(saidRule)};
    const PermissionRuleRow write{.toolKind = ToolKind::Edit,
                                  .pattern = u"src/**"_s,
                                  .effect = RuleEffect::Allow,
                                  .scope = QString(saidRule)};
    QCOMPARE(made.decide(command(u"ctest -R x"_s), {run}).kind, Kind::Allow);
    QCOMPARE(made.decide(command(u"ctest -R x; reboot"_s), {run}).kind, Kind::Ask);
    QCOMPARE(made.decide(edit(u"src/deep/a.cpp"_s), {write}).kind, Kind::Allow);
    QCOMPARE(made.decide(edit(u"LICENSE"_s), {write}).kind, Kind::Ask);
}

// Denied for another profile is not denied for this one, nor is it allowed.
void TestPermissionGate::ruleOfAProfileIsForIt()
{
    const PermissionGate made = gate({});
    PermissionRuleRow rule{.profile = u"reader"_s,
                           .toolKind = ToolKind::Execute,
                           .pattern = u"make all"_s,
                           .effect = RuleEffect::Deny,
                           .scope = QString(saidRule)};
    QCOMPARE(made.decide(command(u"make all"_s), {rule}).kind, Kind::Allow);
    rule.profile = u"writer"_s;
    QCOMPARE(made.decide(command(u"make all"_s), {rule}).kind, Kind::Deny);
    rule = {.profile = u"reader"_s,
            .toolKind = ToolKind::Edit,
            .pattern = u"src/a.cpp"_s,
            .effect = RuleEffect::Allow,
            .scope = QString(saidRule)};
    QCOMPARE(made.decide(edit(u"src/a.cpp"_s), {rule}).kind, Kind::Ask);
    rule.profile = u"writer"_s;
    QCOMPARE(made.decide(edit(u"src/a.cpp"_s), {rule}).kind, Kind::Allow);
}

void TestPermissionGate::storedDenialBeatsAnAnswer()
{
    PermissionGate made = gate({.mayRun = {u"git push *"_s}});
    made.remember(command(u"git push"_s), true);
    PermissionRuleRow rule = PermissionGate::ruleFor(command(u"git push"_s), {}, false, u"person"_s).value();
    rule.id = PermissionRuleId{7};
    const auto verdict = made.decide(command(u"make && sh -c 'git push'"_s), {rule});
    QCOMPARE(verdict.kind, Kind::Deny);
    QCOMPARE(verdict.by, u"rule:7"_s);
    QCOMPARE(verdict.rule, rule.id); // so that its use can be counted
    QVERIFY(!made.decide(command(u"git push origin"_s), {rule}).rule.isValid());
}

void TestPermissionGate::actWithoutNameIsNotKept()
{
    PermissionGate made = gate({});
    for (const auto &request : {command(u""_s), command(u" "_s), PermissionRequested{.kind = ToolKind::Other},
                                PermissionRequested{.kind = ToolKind::Edit, .paths = {u"a"_s, u"b"_s}}}) {
        QVERIFY(!PermissionGate::ruleFor(request, ProjectId{1}, true, u"person"_s));
        made.remember(request, true);
        QCOMPARE(made.decide(request, {}).kind, Kind::Ask);
    }
}

void TestPermissionGate::unattendedRunIsDeniedWithAMessage()
{
    const PermissionGate made = gate({.unattended = true});
    QCOMPARE(made.decide(command(u"make"_s), {}).kind, Kind::Allow);
    const auto verdict = made.decide(command(u"reboot"_s), {});
    QCOMPARE(verdict.kind, Kind::Deny);
    QCOMPARE(verdict.by, u"unattended"_s);
    QVERIFY(!verdict.message.isEmpty());
}

QTEST_GUILESS_MAIN(TestPermissionGate)
#include "tst_permission_gate.moc"
