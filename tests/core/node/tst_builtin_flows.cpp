// The built-in flows with the demo agent on clones of the demo project: how each step ends and what stands on
// the branches, unattended and with somebody who answers.
#include "tests/core/node/node_harness.h"

#include <QTemporaryDir>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

namespace {

enum class Person : std::uint8_t { SaysYes, SaysNo, Away }; // away: started with --yes

struct Case {
    QString flow;
    QString prepare = u"true"_s; // with bash, in a clone of the demo project
    QJsonObject inputs = {};
    Person person = Person::Away;
    RunStatus status = RunStatus::Completed;
    QStringList steps = {};  // "ID STATUS" or "ID[ITEM] STATUS"
    QStringList files = {};  // "PATH: TEXT" that stands in it on one of the branches
    QStringList result = {}; // texts of the last step that has something to say
    int asked = 0;           // how often the person was
};

QString stepText(const StepInfo &step)
{
    const QString item = step.index < 0 ? QString() : u'[' + QString::number(step.index) + u']';
    return step.stepId + item + u' ' + enumName(step.status);
}

} // namespace

Q_DECLARE_METATYPE(Case)

class TestBuiltinFlows : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void runs_data();
    void runs();
    void cleanupTestCase() { m_node.reset(); }

private:
    static void reviews();
    static void fixes();
    static void researches();
    static void implements();
    static void triages();
    // In the folder; what it printed if it failed.
    static QString bash(const QString &folder, const QString &script);
    int answerUntilEnded(RunId run, Person person);

    std::unique_ptr<NodeHarness> m_node;
    QString m_demo;
};

QString TestBuiltinFlows::bash(const QString &folder, const QString &script)
{
    QProcess shell;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &who : {u"AUTHOR"_s, u"COMMITTER"_s}) {
        environment.insert(u"GIT_"_s + who + u"_NAME"_s, u"Tester"_s);
        environment.insert(u"GIT_"_s + who + u"_EMAIL"_s, u"tester@example.org"_s);
    }
    shell.setProcessEnvironment(environment);
    shell.setWorkingDirectory(folder);
    shell.setProcessChannelMode(QProcess::MergedChannels);
    shell.start(u"bash"_s, {u"-ec"_s, script});
    shell.waitForFinished(patienceMs);
    return shell.exitCode() == 0 ? QString() : QString::fromUtf8(shell.readAll());
}

void TestBuiltinFlows::initTestCase()
{
    m_node = std::make_unique<NodeHarness>(false);
    const auto project = m_node->submit(OpenProject{.demo = true});
    QVERIFY(project);
    m_demo = project->text;
}

void TestBuiltinFlows::reviews()
{
    const QStringList done{u"change completed"_s,     u"correctness completed"_s, u"tests completed"_s,
                           u"style completed"_s,      u"verdict completed"_s,     u"write completed"_s,
                           u"second_look excluded"_s, u"gate skipped"_s};
    const QStringList found{u"REVIEW.md: **Can be merged, with remarks.** Since"_s,
                            u"REVIEW.md: - `web/app.js:15` (correctness) A new TODO"_s,
                            u"REVIEW.md: `web/app.js:1` (tests) 21 lines added"_s};
    const QJsonObject before{{u"base"_s, u"HEAD~1"_s}};
    QTest::newRow("review") << Case{.flow = u"review"_s,
                                    .inputs = before,
                                    .steps = done,
                                    .files = found,
                                    .result = {u"Wrote `REVIEW.md`"_s}};
    QTest::newRow("review, attended") << Case{
        .flow = u"review"_s, .inputs = before, .person = Person::SaysYes, .steps = done, .files = found};
    // The branch left the main one two commits ago; what the first of them did counts too.
    QTest::newRow("review of a branch that must be fixed") << Case{
        .flow = u"review"_s,
        .prepare =
            u"git checkout -qb feature; printf '    # FIXME: this loses the last item\\n' >> "
            u"larder/stock.py; "
            "git commit -qam one; printf 'x   \\n<<<<<<< HEAD\\ny\\n' >> larder/units.py; git commit -qam two"_s,
        .inputs = {{u"strict"_s, true}},
        .status = RunStatus::Failed,
        .steps = {u"second_look completed"_s, u"write completed"_s, u"gate failed"_s},
        .files = {u"REVIEW.md: **Fix first.**"_s,
                  u"REVIEW.md: this loses the last item — confirmed: there stands"_s,
                  u"REVIEW.md: The mark of a conflict"_s,
                  u"REVIEW.md: (style) 1 line with blanks at the end"_s,
                  u"REVIEW.md: no test in this change names `stock`"_s}};
    QTest::newRow("review of nothing") << Case{.flow = u"review"_s,
                                               .inputs = {{u"base"_s, u"HEAD"_s}},
                                               .status = RunStatus::Failed,
                                               .steps = {u"change failed"_s, u"write cancelled"_s},
                                               .result = {}};
    QTest::newRow("a base that would run a command") << Case{.flow = u"review"_s,
                                                             .inputs = {{u"base"_s, u"x'; touch pwned; '"_s}},
                                                             .status = RunStatus::Failed,
                                                             .steps = {u"change failed"_s}};
}

void TestBuiltinFlows::fixes()
{
    const QJsonObject grow{{u"task"_s, u"append `one more line` to notes.txt"_s},
                           {u"test"_s, u"test \"$(wc -l < notes.txt)\" -ge 3"_s}};
    const QStringList threeRounds{u"before failed"_s,   u"mend completed"_s, u"work completed"_s,
                                  u"check completed"_s, u"gate completed"_s, u"report completed"_s};
    const QStringList threeLines{u"notes.txt: one more line\none more line\none more line\n"_s};
    const QStringList told{u"succeeds after 3 rounds."_s, u"Branch: muster/fix-"_s,
                           u"Changed `notes.txt` (3 lines)."_s};
    QTest::newRow("fix") << Case{
        .flow = u"fix"_s, .inputs = grow, .steps = threeRounds, .files = threeLines, .result = told};
    QTest::newRow("fix, attended") << Case{.flow = u"fix"_s,
                                           .inputs = grow,
                                           .person = Person::SaysYes,
                                           .steps = threeRounds,
                                           .files = threeLines,
                                           .result = told};
    QTest::newRow("nothing to fix, the command is found")
        << Case{.flow = u"fix"_s,
                .prepare = u"git rm -q Makefile; printf '#!/bin/sh\\n' > gradlew; chmod +x gradlew; "
                           "git add gradlew; git commit -qm gradle"_s,
                .steps = {u"before completed"_s, u"mend skipped"_s, u"gate completed"_s},
                .result = {u"`./gradlew test` succeeds as it is: nothing to fix."_s}};
    QTest::newRow("no command that tests")
        << Case{.flow = u"fix"_s,
                .prepare = u"git rm -qr Makefile tests; git commit -qm none"_s,
                .status = RunStatus::Failed,
                .steps = {u"find failed"_s, u"mend failed"_s, u"report completed"_s},
                .result = {u"No command that runs the tests was found."_s}};
    QTest::newRow("a round that changes nothing is the last")
        << Case{.flow = u"fix"_s,
                .inputs = {{u"test"_s, u"echo 'FAIL: test_soup'; exit 3"_s}},
                .status = RunStatus::Failed,
                .steps = {u"mend completed"_s, u"gate failed"_s, u"report completed"_s},
                .result = {u"still fails (exit code 3): round 1 changed nothing"_s,
                           u"I cannot mend code, and changed nothing"_s, u"- FAIL: test_soup"_s}};
    QTest::newRow("five rounds at most")
        << Case{.flow = u"fix"_s,
                .inputs = {{u"task"_s, u"append `x` to notes.txt"_s}, {u"test"_s, u"false"_s}},
                .status = RunStatus::Failed,
                .steps = {u"mend failed"_s, u"gate failed"_s, u"report completed"_s},
                .files = {u"notes.txt: x\nx\nx\nx\nx\n"_s},
                .result = {u"still fails (exit code 1) after 5 rounds."_s}};
}

void TestBuiltinFlows::researches()
{
    const QStringList done{u"plan completed"_s, u"ask[0] completed"_s, u"ask[5] completed"_s,
                           u"ask completed"_s,  u"join completed"_s,   u"write completed"_s};
    const QStringList found{u"RESEARCH.md: ## Which parts have no tests?\n"_s,
                            u"RESEARCH.md: 20 tests in 5 test files."_s,
                            u"RESEARCH.md: FIXME `larder/stock.py:65`"_s, u"RESEARCH.md: ## Left out"_s};
    QTest::newRow("research") << Case{.flow = u"research"_s, .steps = done, .files = found};
    QTest::newRow("research, attended")
        << Case{.flow = u"research"_s, .person = Person::SaysYes, .steps = done, .files = found};
    QTest::newRow("research with questions") << Case{
        .flow = u"research"_s,
        .inputs = {{u"questions"_s, u"- Who wrote this?\n\n2. Could it be quicker?\nleft out"_s},
                   {u"most"_s, 2}},
        .steps = {u"plan skipped"_s, u"ask[0] completed"_s, u"ask[1] completed"_s, u"write completed"_s},
        .files = {u"RESEARCH.md: ## Who wrote this?\n\n1 author in"_s,
                  u"RESEARCH.md: ## Could it be quicker?\n\nI did not understand"_s}};
}

void TestBuiltinFlows::implements()
{
    const QStringList done{u"plan completed"_s,     u"ok completed"_s,       u"build[0] completed"_s,
                           u"build[2] completed"_s, u"check[2] completed"_s, u"join completed"_s,
                           u"report completed"_s};
    const QStringList made{u"larder/NOTES.md: # larder\n\nThe program: units, stock"_s,
                           u"web/NOTES.md: # web\n"_s, u"tests/NOTES.md: # tests\n"_s};
    const QStringList told{u"- Describe larder: `larder/NOTES.md` on `muster/implement-"_s, u"`, checked\n"_s,
                           u"All of it is joined on `muster/implement-"_s, u"and checked there too."_s};
    const QJsonObject check{{u"check"_s, u"test -f Makefile && ls */NOTES.md"_s}};
    QTest::newRow("implement") << Case{
        .flow = u"implement"_s, .inputs = check, .steps = done, .files = made, .result = told};
    QTest::newRow("implement, attended") << Case{.flow = u"implement"_s,
                                                 .inputs = check,
                                                 .person = Person::SaysYes,
                                                 .steps = done,
                                                 .files = made,
                                                 .result = told,
                                                 .asked = 1};
    QTest::newRow("a plan that is not approved") << Case{.flow = u"implement"_s,
                                                         .person = Person::SaysNo,
                                                         .steps = {u"ok completed"_s, u"build skipped"_s},
                                                         .result = {u"The plan was not approved"_s},
                                                         .asked = 1};
    QTest::newRow("one check fails") << Case{
        .flow = u"implement"_s,
        .inputs = {{u"check"_s, u"test ! -e web/NOTES.md"_s}},
        .steps = {u"check[0] completed"_s, u"check[1] failed"_s, u"check[2] completed"_s, u"join skipped"_s},
        .result = {u"--build.0`, checked"_s, u"--build.1`, **the check failed**"_s,
                   u"--build.2`, checked"_s}};
    QTest::newRow("a goal that cannot be planned")
        << Case{.flow = u"implement"_s,
                .inputs = {{u"goal"_s, u"Make it twice as quick."_s}},
                .person = Person::SaysYes,
                .steps = {u"ok skipped"_s, u"build skipped"_s},
                .result = {u"Nothing was planned. The demo agent has no language model"_s}};
    QTest::newRow("a goal of edits") << Case{
        .flow = u"implement"_s,
        .inputs = {{u"goal"_s,
                    u"append `## 0.4` to CHANGELOG.md\nreplace `Larder` by `Pantry` in README.md"_s}},
        .steps = {u"build[1] completed"_s, u"check skipped"_s, u"join completed"_s},
        .files = {u"README.md: # Pantry"_s, u"CHANGELOG.md: ## 0.4\n"_s},
        .result = {u"All of it is joined on `muster/implement-1`."_s}};
    QTest::newRow("what does not fit together stays apart") << Case{
        .flow = u"implement"_s,
        .inputs = {{u"goal"_s, u"append `one` to CHANGELOG.md\nappend `two` to CHANGELOG.md"_s}},
        .steps = {u"build[0] completed"_s, u"build[1] completed"_s, u"join failed"_s, u"report completed"_s},
        .result = {u"--build.0`"_s, u"--build.1`"_s, u"The branches could not be joined"_s}};
}

void TestBuiltinFlows::triages()
{
    const QStringList done{u"read completed"_s, u"classify[5] completed"_s, u"decide completed"_s,
                           u"locate[0] completed"_s, u"write completed"_s};
    const QStringList found{
        u"TRIAGE.md: ## First\n\n- **bug** larder/stock.py:65: # FIXME: a broken date stops"_s,
        u"TRIAGE.md:   - `larder/stock.py:65`: the issue names this place itself"_s,
        u"TRIAGE.md: - **chore** larder/matching.py:54: # HACK"_s};
    QTest::newRow("triage") << Case{.flow = u"triage"_s, .steps = done, .files = found};
    QTest::newRow("triage, attended")
        << Case{.flow = u"triage"_s, .person = Person::SaysYes, .steps = done, .files = found};
    QTest::newRow("triage of what is said") << Case{
        .flow = u"triage"_s,
        .inputs = {{u"issues"_s, u"1. Typo in the manual: it's 'soup'\n2. Please add a dark theme\n"_s}},
        .steps = {u"classify[1] completed"_s, u"locate excluded"_s, u"write completed"_s},
        .files = {
            u"TRIAGE.md: ## Next\n\n- **feature** Please add a dark theme"_s,
            u"TRIAGE.md: ## Later\n\n- **docs** Typo in the manual: it's 'soup' — by the words “Typo”"_s}};
    QTest::newRow("triage of a file") << Case{
        .flow = u"triage"_s,
        .prepare =
            u"printf '# Inbox\\n\\n- [ ] The shopping list crashes on an empty recipe\\n' > 'my issues.md'; "
            "git add -A; git commit -qm issues"_s,
        .inputs = {{u"file"_s, u"my issues.md"_s}},
        .steps = {u"classify[0] completed"_s, u"locate[0] completed"_s},
        .files = {u"TRIAGE.md: **bug** The shopping list crashes"_s, u"TRIAGE.md: has the words "_s}};
    QTest::newRow("no issues") << Case{.flow = u"triage"_s,
                                       .inputs = {{u"issues"_s, u"# none"_s}},
                                       .steps = {u"locate excluded"_s, u"write skipped"_s},
                                       .result = {u"There are no issues."_s}};
    QTest::newRow("a file that is not there") << Case{.flow = u"triage"_s,
                                                      .inputs = {{u"file"_s, u"-nowhere"_s}},
                                                      .status = RunStatus::Failed,
                                                      .steps = {u"read failed"_s}};
}

void TestBuiltinFlows::runs_data()
{
    QTest::addColumn<Case>("row");
    reviews();
    fixes();
    researches();
    implements();
    triages();
}

int TestBuiltinFlows::answerUntilEnded(RunId run, Person person)
{
    int asked = 0;
    const AnswerKind kind = person == Person::SaysNo ? AnswerKind::No : AnswerKind::Yes;
    (void)waitFor([&] {
        const auto items = m_node->query(ListInbox{.run = run});
        for (const InboxInfo &item : items.value_or(std::vector<InboxInfo>()))
            asked += m_node->submit(AnswerInbox{.inbox = item.id, .answer = kind}) ? 1 : 0;
        const auto detail = m_node->query(GetRun{.run = run});
        return detail && isSettled(detail->run.status);
    });
    return asked;
}

void TestBuiltinFlows::runs()
{
    QFETCH(Case, row);
    const QTemporaryDir dir;
    const QString folder = dir.filePath(u"larder"_s);
    QCOMPARE(bash(dir.path(), u"git clone -q '%1' larder"_s.arg(m_demo)), QString());
    QCOMPARE(bash(folder, row.prepare), QString());
    QVERIFY(m_node->submit(OpenProject{.path = folder}));
    const auto run = m_node->submit(StartRun{.project = folder,
                                             .flow = row.flow,
                                             .inputs = row.inputs,
                                             .runtime = u"demo"_s,
                                             .unattended = row.person == Person::Away,
                                             .approve = row.person == Person::Away});
    QVERIFY2(run, qPrintable(run ? QString() : run.error().detail));
    QCOMPARE(answerUntilEnded(run->refs.run, row.person), row.asked);

    const auto detail = m_node->ended(run->refs.run);
    QVERIFY(detail);
    QStringList steps;
    for (const StepInfo &step : detail->steps)
        steps.append(stepText(step));
    QString branches;
    for (const QString &file : std::as_const(row.files)) {
        const QString name = file.section(u": "_s, 0, 0);
        const QString text = file.sliced(name.size() + 2);
        branches.clear();
        for (const WorktreeInfo &worktree : detail->worktrees) {
            QFile there(worktree.path + u'/' + name);
            branches += there.open(QIODevice::ReadOnly) ? QString::fromUtf8(there.readAll()) : QString();
        }
        QVERIFY2(branches.contains(text), qPrintable(file + u"\n\nin\n\n"_s + branches));
    }
    for (const QString &step : std::as_const(row.steps))
        QVERIFY2(steps.contains(step), qPrintable(step + u" in "_s + steps.join(u", "_s)));
    QCOMPARE(detail->run.status, row.status);
    for (const QString &text : std::as_const(row.result))
        QVERIFY2(detail->result.contains(text), qPrintable(text + u" in "_s + detail->result));
    // Where the person works nothing has changed, and nothing is left for them to answer.
    QCOMPARE(bash(folder, u"test -z \"$(git status --porcelain)\""_s), QString());
    QVERIFY(m_node->query(ListInbox{.run = run->refs.run}).value().empty());
}

QTEST_GUILESS_MAIN(TestBuiltinFlows)
#include "tst_builtin_flows.moc"
