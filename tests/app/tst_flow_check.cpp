// `muster flow check` on a file that is wrong in many ways: all of it at once, each with its place, its code
// and what to write instead, for people and as JSON.
#include "tests/e2e/muster_home.h"

#include <QDir>
#include <QTest>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

const QString fixtures = QStringLiteral(MUSTER_SOURCE_DIR "/tests/fixtures/flows/");

struct Expected {
    int line = 0;
    int column = 0;
    const char *code = nullptr;
    const char *hint = nullptr; // a part of it
};

// By hand, from the file.
constexpr Expected mistakes[] = {
    {2, 7, "invalid_name", "“ten_mistakes”"},
    {3, 1, "unknown_key", "Did you mean “description”?"},
    {4, 16, "wrong_type", "true or false"},
    {7, 35, "default_not_of_type", "number"},
    {8, 22, "invalid_duration", "20m"},
    {8, 43, "out_of_range", "0 to 20"},
    {9, 39, "wrong_type", "a number"},
    {13, 5, "unknown_key", "Did you mean “prompt”?"},
    {15, 13, "unknown_step", "Did you mean “look”?"},
    {16, 21, "unknown_input", "Did you mean “depth”?"},
    {17, 5, "key_not_for_kind", "prompt"},
    {18, 5, "duplicate_step", "line 14"},
    {22, 26, "unknown_field", "Did you mean “output”?"},
    {23, 5, "cycle", "Remove one"},
    {26, 5, "duplicate_key", "line 25"},
    {29, 14, "foreach_not_expression", "“${{ … }}”"},
    {30, 16, "foreach_shares_worktree", "“step”"},
    {31, 12, "unknown_batch", "readers"},
    {32, 56, "expression_syntax", "“)”"},
    {35, 11, "when_not_expression", "“${{ … }}”"},
    {36, 5, "not_in_this_version", "Remove it"},
    {37, 26, "step_not_needed", "Add “look” to the needs of “answer”"},
    {37, 61, "unknown_name", "inputs, steps"},
    {38, 5, "missing_key", "Add “id: …” here."},
    {39, 29, "empty_expression", "“${{ inputs.NAME }}”"},
    {39, 51, "invalid_duration", "20m"},
    {39, 69, "invalid_choice", "Did you mean “reject”?"},
};

} // namespace

class TestFlowCheck : public QObject {
    Q_OBJECT
private slots:
    void asJson();
    void asText();
    void tabs_data();
    void tabs();
    void withoutProblems();
    void withoutNode();

private:
    // In the fixtures' folder, so that what is printed does not depend on where the sources are.
    [[nodiscard]] Finished check(const QString &file, const QStringList &options = {}) const
    {
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.setWorkingDirectory(fixtures);
        process.start(QStringLiteral(MUSTER_BIN_DIR "/muster"),
                      QStringList{u"flow"_s, u"check"_s, file, u"--in-process"_s} + options);
        (void)process.waitForStarted(patienceMs);
        return MusterHome::waitFor(process);
    }
    MusterHome m_home;
    QProcessEnvironment m_environment = m_home.environment();
};

void TestFlowCheck::asJson()
{
    const Finished end = check(u"ten_mistakes.yaml"_s, {u"--json"_s});
    QCOMPARE(end.exitCode, 1);
    const QJsonArray problems = end.object().value(u"problems"_s).toArray();
    qsizetype at = 0;
    for (const Expected &expected : mistakes) {
        const QJsonObject problem = problems.at(at++).toObject();
        const QString told = u"%1:%2 %3"_s.arg(problem.value(u"line"_s).toInt())
                                 .arg(problem.value(u"column"_s).toInt())
                                 .arg(problem.value(u"code"_s).toString());
        QCOMPARE(told,
                 u"%1:%2 %3"_s.arg(expected.line).arg(expected.column).arg(QString::fromUtf8(expected.code)));
        const QString hint = problem.value(u"hint"_s).toString();
        QVERIFY2(hint.contains(QString::fromUtf8(expected.hint)), qPrintable(told + u' ' + hint));
        QVERIFY(!problem.value(u"text"_s).toString().isEmpty());
        QCOMPARE(problem.value(u"warning"_s), QJsonValue(false));
    }
    QCOMPARE(problems.size(), at);
}

void TestFlowCheck::asText()
{
    const Finished end = check(u"ten_mistakes.yaml"_s);
    QCOMPARE(end.exitCode, 1);
    QCOMPARE(end.err, QByteArray());
    QCOMPARE(QString::fromUtf8(end.out).split(u'\n'),
             QString::fromUtf8(readFile(fixtures + u"ten_mistakes.txt"_s)).split(u'\n'));
}

void TestFlowCheck::tabs_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("printed");
    QTest::newRow("tab") << QByteArray("muster: 1\nname: a\nsteps:\n\t- id: b\n")
                         << u":4:1: A tab is used to indent. [tab_indent]\n"
                            "  4 |  - id: b\n    | ^\n      Use spaces.\n"_s;
    QTest::newRow("what a terminal obeys")
        << QByteArray("muster: 1\nname: a\n\"\\e[2Jx\": 1\nsteps: [{id: a, prompt: b}]\n")
        << u":3:1: “⟨U+001B⟩[2Jx” is not known here. [unknown_key]"_s;
}

void TestFlowCheck::tabs()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, printed);
    const QString file = m_home.path(u"tab.flow.yaml"_s);
    QVERIFY(writeFile(file, text));
    const Finished end = check(file);
    QCOMPARE(end.exitCode, 1);
    const QString out = QString::fromUtf8(end.out);
    QVERIFY2(out.startsWith(file + printed), end.out.constData());
    QVERIFY2(out.endsWith(file + u": 1 problem\n"_s), end.out.constData());
}

// Then it is told what a run would take and meet.
void TestFlowCheck::withoutProblems()
{
    const QString file = m_home.path(u"good.flow.yaml"_s);
    QVERIFY(writeFile(file, "muster: 1\nname: good\npermissions: {write: [A.md]}\nsteps:\n"
                            "  - {id: look, isolation: none, permissions: {}, prompt: b}\n"
                            "  - {id: write, needs: [look], runtime: openai-compatible, prompt: c}\n"));
    const Finished end = check(file);
    QCOMPARE(end.exitCode, 0);
    const QString out = QString::fromUtf8(end.out);
    QVERIFY2(out.startsWith(file + u": no problems, 2 steps\n"_s), end.out.constData());
    for (const QString &told :
         {u"\n  write  agent  ← look\n"_s, u"\n  In the project's folder, to read: look\n"_s,
          u"\n  In the run's worktree, taking turns, writing A.md without asking: write\n"_s,
          u"Runtimes that cannot be used\n  openai-compatible: "_s, u"these would fail: write\n"_s,
          u"\n  Cost: $0.00, without write, of which the price is not known\n"_s,
          u"\n  Tokens in: likely 40."_s, u"2 steps assumed"_s})
        QVERIFY2(out.contains(told), qPrintable(told + out));
    const QJsonObject json = check(file, {u"--json"_s}).object();
    QCOMPARE(json.value(u"problems"_s).toArray().size(), 0);
    const QJsonObject estimate = json.value(u"estimate"_s).toObject();
    QCOMPARE(estimate.value(u"unpriced"_s).toArray(), QJsonArray{u"write"_s});
    QCOMPARE(estimate.value(u"steps"_s).toArray().size(), 2);
    QVERIFY(estimate.value(u"tokens_in"_s).toObject().value(u"high"_s).toInteger() > 400'000);
    QCOMPARE(json.value(u"runtimes"_s).toArray().at(0).toObject().value(u"runtime"_s).toString(),
             u"openai-compatible"_s);
}

// The file alone can be looked at without a node, and what is left out is said.
void TestFlowCheck::withoutNode()
{
    const QString file = m_home.path(u"alone.flow.yaml"_s);
    QVERIFY(writeFile(file, "muster: 1\nname: alone\nsteps: [{id: a, prompt: b}]\n"));
    // No node can begin there: its store is none.
    const QString home = m_home.path(u"broken"_s);
    QVERIFY(QDir().mkpath(home + u"/store.db"_s));
    QVERIFY(QFile::setPermissions(home, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QProcess process;
    QProcessEnvironment environment = m_environment;
    environment.insert(u"MUSTER_HOME"_s, home);
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(MUSTER_BIN_DIR "/muster"), {u"flow"_s, u"check"_s, file});
    const Finished end = MusterHome::waitFor(process);
    QVERIFY2(QString::fromUtf8(end.out).startsWith(file + u": no problems, 1 step\n"_s), end.err.constData());
    QVERIFY(end.err.contains("Only the file was looked at"));
    QCOMPARE(end.exitCode, 0);
}

QTEST_GUILESS_MAIN(TestFlowCheck)
#include "tst_flow_check.moc"
