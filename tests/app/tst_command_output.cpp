// What the command line prints and how it ends, with a node behind it as people have it.
#include "tests/e2e/muster_home.h"

#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

const QByteArray asks = "muster: 1\nname: asks\nsteps:\n  - { id: ok, approval: { ask: Go on? } }\n";

} // namespace

class TestCommandOutput : public QObject {
    Q_OBJECT
private slots:
    void init();
    void inboxNamesItsProject();
    void anAnswerIsSaidOnce();
    void severalAreAnsweredTogether();
    void whoeverWaitsDoesNotKeepTheNode();
    void workKeepsTheNodeAndIsNamed();
    void aFailureShowsItsLastLines();
    void aFailureSaysWhatThereIsAndWhatNext();
    void agentsAreSeenAtWork();
    void workSaysWhenItLastGotOn();
    void overdueApprovalIsSaid();
    void runtimesAndTheirTranscripts();
    void listsSayWhatTheyHide();
    void whatIsNotThereIsRefused_data();
    void whatIsNotThereIsRefused();

private:
    [[nodiscard]] QString project(const QString &name, const QString &flow, const QByteArray &text) const
    {
        const QString folder = m_home->makeProject(name);
        MusterHome::writeFlow(folder, flow, text);
        return folder;
    }
    [[nodiscard]] std::unique_ptr<QProcess> run(const QString &folder, const QString &flow) const
    {
        return m_home->start({u"run"_s, flow, u"--project"_s, folder, u"--trust"_s});
    }
    // The open items as `inbox --json` has them, once there are so many.
    [[nodiscard]] QJsonArray open(qsizetype count, const QStringList &options = {}) const
    {
        QJsonArray items;
        (void)QTest::qWaitFor([&] {
            items = m_home->muster(QStringList{u"inbox"_s, u"--json"_s} + options).array();
            return items.size() == count;
        }, patienceMs);
        return items;
    }
    std::unique_ptr<MusterHome> m_home;
};

void TestCommandOutput::init()
{
    m_home = std::make_unique<MusterHome>();
    m_home->startNode();
    QVERIFY(m_home->waitUntilReady());
}

void TestCommandOutput::inboxNamesItsProject()
{
    const QString one = project(u"one"_s, u"asks"_s, asks);
    const QString two = project(u"two"_s, u"asks"_s, asks);
    const auto first = run(one, u"asks"_s);
    const auto second = run(two, u"asks"_s);
    QCOMPARE(open(2).size(), 2);
    const QJsonArray ofTwo = open(1, {u"--project"_s, two});
    QCOMPARE(ofTwo.size(), 1);
    QCOMPARE(ofTwo.first().toObject().value(u"project"_s).toString(), two);
    QCOMPARE(ofTwo.first().toObject().value(u"project_name"_s).toString(), u"two"_s);
    const QString table = QString::fromUtf8(m_home->muster({u"inbox"_s}).out);
    QVERIFY2(table.contains(u"PROJECT"_s) && table.contains(one) && table.contains(two), qPrintable(table));
    const QJsonArray items = open(2);
    for (const auto &item : items)
        QCOMPARE(m_home
                     ->muster({u"inbox"_s, u"answer"_s,
                               QString::number(item.toObject().value(u"id"_s).toInt()), u"no"_s})
                     .exitCode,
                 0);
    for (QProcess *process : {first.get(), second.get()})
        QVERIFY(MusterHome::waitFor(*process).exitCode >= 0);
}

void TestCommandOutput::severalAreAnsweredTogether()
{
    const auto first = run(project(u"one"_s, u"asks"_s, asks), u"asks"_s);
    const auto second = run(project(u"two"_s, u"asks"_s, asks), u"asks"_s);
    const QJsonArray items = open(2);
    QCOMPARE(items.size(), 2);
    QStringList ids;
    for (const auto &item : items)
        ids += QString::number(item[u"id"].toInt());
    const QStringList answer = QStringList{u"inbox"_s, u"answer"_s, ids.front(), u"999"_s} + ids;
    const Finished yes = m_home->muster(answer + QStringList{u"yes"_s, u"--json"_s});
    QCOMPARE(yes.exitCode, 3); // of the one that is not there
    QVERIFY2(yes.err.contains("999"), yes.err.constData());
    const QList<QByteArray> lines = yes.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QCOMPARE(QString::number(QJsonDocument::fromJson(lines.front())[u"id"].toInt()), ids.front());
    QVERIFY(QJsonDocument::fromJson(lines.at(1))[u"error"].isObject());
    QCOMPARE(QString::number(QJsonDocument::fromJson(lines.back())[u"id"].toInt()), ids.back());
    for (QProcess *process : {first.get(), second.get()})
        QCOMPARE(MusterHome::waitFor(*process).exitCode, 0);
}

void TestCommandOutput::anAnswerIsSaidOnce()
{
    const QString folder = project(u"one"_s, u"asks"_s, asks);
    const auto started = run(folder, u"asks"_s);
    const QJsonArray items = open(1);
    QCOMPARE(items.size(), 1);
    const QString id = QString::number(items.first().toObject().value(u"id"_s).toInt());
    const QString shown = QString::fromUtf8(m_home->muster({u"inbox"_s, u"show"_s, id}).out);
    QVERIFY2(shown.contains(u"Go on?"_s) && shown.contains(folder) && shown.contains(u"asks #1"_s),
             qPrintable(shown));
    const Finished later = m_home->muster({u"inbox"_s, u"answer"_s, id, u"later"_s});
    QCOMPARE(later.exitCode, 0);
    QVERIFY2(later.out.contains("Put off"), later.out.constData());
    QVERIFY(open(1).first().toObject().value(u"later"_s).toBool());
    const Finished yes = m_home->muster({u"inbox"_s, u"answer"_s, id, u"yes"_s});
    QCOMPARE(yes.exitCode, 0);
    QVERIFY2(yes.out.contains("Answered yes: Go on?"), yes.out.constData());
    const Finished again = m_home->muster({u"inbox"_s, u"answer"_s, id, u"no"_s});
    QCOMPARE(again.exitCode, 1);
    QVERIFY2(again.err.contains("answered before: yes"), again.err.constData());
    QCOMPARE(MusterHome::waitFor(*started).exitCode, 0);
}

void TestCommandOutput::whoeverWaitsDoesNotKeepTheNode()
{
    const QString folder =
        project(u"one"_s, u"asks"_s, QByteArray(asks).replace("Go on?", "Go on?, timeout: 2h"));
    const auto started = run(folder, u"asks"_s);
    QCOMPARE(open(1).size(), 1);
    const Finished stop = m_home->muster({u"serve"_s, u"--stop"_s});
    QCOMPARE(stop.exitCode, 0);
    QVERIFY2(stop.out.contains("What waits for you is kept"), stop.tail().constData());
    QVERIFY2(stop.err.contains("waits for you: Go on? (asks #1"), stop.tail().constData());
    QTRY_VERIFY_WITH_TIMEOUT(!m_home->nodeRuns(), patienceMs);
    started->kill();
    (void)MusterHome::waitFor(*started);
}

void TestCommandOutput::workKeepsTheNodeAndIsNamed()
{
    const QString folder =
        project(u"one"_s, u"slow"_s, "muster: 1\nname: slow\nsteps: [{ id: s, run: sleep 600 }]\n");
    const auto started = run(folder, u"slow"_s);
    QVERIFY(QTest::qWaitFor([&] {
        const QJsonArray tasks = m_home->muster({u"tasks"_s, u"--active"_s, u"--json"_s}).array();
        return tasks.size() == 1 && tasks.first().toObject().value(u"status"_s) == u"running"_s;
    }, patienceMs));
    const Finished stop = m_home->muster({u"serve"_s, u"--stop"_s});
    QCOMPARE(stop.exitCode, 1);
    QVERIFY2(stop.err.contains("run: slow #1"), stop.err.constData());
    QVERIFY(m_home->nodeRuns());
    QCOMPARE(m_home->muster({u"runs"_s, u"cancel"_s, u"1"_s}).exitCode, 0);
    QCOMPARE(MusterHome::waitFor(*started).exitCode, 1);
    const Finished again = m_home->muster({u"runs"_s, u"cancel"_s, u"1"_s});
    QCOMPARE(again.exitCode, 1);
    QVERIFY2(again.err.contains("not under way any more") && again.out.isEmpty(), again.tail().constData());
}

void TestCommandOutput::aFailureShowsItsLastLines()
{
    const QString folder =
        project(u"one"_s, u"file"_s,
                "muster: 1\nname: fails\nsteps: [{ id: s, run: 'seq -f line-%g 30; exit 3' }]\n");
    const auto started = run(folder, u"file"_s);
    const Finished end = MusterHome::waitFor(*started);
    QCOMPARE(end.exitCode, 1);
    QVERIFY2(end.out.contains("fails #1: Failed"), end.out.constData()); // the flow's name, not its file's
    for (const QByteArray &out : {end.out, m_home->muster({u"runs"_s, u"show"_s, u"1"_s}).out}) {
        QVERIFY2(out.contains("    line-11\n") && out.contains("    line-30\n"), out.constData());
        QVERIFY2(!out.contains("line-10\n"), out.constData());
        QVERIFY2(out.contains("✗ s: Failed"), out.constData());
    }
}

void TestCommandOutput::aFailureSaysWhatThereIsAndWhatNext()
{
    const QString folder = project(u"one"_s, u"stops"_s,
                                   "muster: 1\nname: stops\ndefaults: { isolation: none }\nsteps:\n"
                                   "  - { id: first, run: 'echo found it; echo more' }\n"
                                   "  - { id: some, needs: [first], foreach: [1, 2, 3], join: all_done, "
                                   "run: 'test ${{ item }} -ne 2' }\n"
                                   "  - { id: quiet, needs: [some], script: 'null' }\n"
                                   "  - { id: gate, needs: [quiet], run: exit 3 }\n"
                                   "  - { id: after, needs: [gate], run: echo never }\n"
                                   "  - { id: beside, needs: [some], approval: go on }\n"
                                   "  - { id: late, needs: [beside], run: echo never }\n");
    const auto started = run(folder, u"stops"_s);
    const Finished end = MusterHome::waitFor(*started);
    QCOMPARE(end.exitCode, 1);
    const QByteArray expected = "\nWhat there is (all of it: muster runs show 1 --json):\n"
                                "  ✓ first: found it\n"
                                "  ✓ some: 2 of 3 items completed\n"
                                "  ✓ quiet: Completed\n"
                                "  – did not begin: late\n";
    const QByteArray next = "\nNext:\n"
                            "  muster rerun 1 --failed   only what failed or did not end\n"
                            "  muster rerun 1 --skip gate   go on without that step\n"
                            "  muster rerun 1 --edited   with the flow's file as it is by then\n";
    for (const QByteArray &out : {end.out, m_home->muster({u"runs"_s, u"show"_s, u"1"_s}).out}) {
        QVERIFY2(out.contains(expected), out.constData());
        QVERIFY2(out.contains(next), out.constData());
    }
    // What is said can be done.
    QCOMPARE(m_home->muster({u"rerun"_s, u"1"_s, u"--skip"_s, u"gate"_s, u"--yes"_s, u"--trust"_s}).exitCode,
             0);
}

void TestCommandOutput::agentsAreSeenAtWork()
{
    const QString folder = project(u"one"_s, u"look"_s,
                                   "muster: 1\nname: look\ndefaults: { isolation: none }\n"
                                   "steps: [{ id: s, prompt: What is this project? }]\n");
    const auto started = run(folder, u"look"_s);
    const Finished end = MusterHome::waitFor(*started);
    QCOMPARE(end.exitCode, 0);
    QVERIFY2(end.out.contains("\n    · s  "), end.out.constData());
}

void TestCommandOutput::workSaysWhenItLastGotOn()
{
    QCOMPARE(m_home->muster({u"status"_s}).out, QByteArray("Quiet\n"));
    const QString folder = project(u"one"_s, u"slow"_s,
                                   "muster: 1\nname: slow\ndefaults: { isolation: none }\n"
                                   "steps: [{ id: s, prompt: '@@stall:600 say hello' }]\n");
    const auto started = run(folder, u"slow"_s);
    QJsonObject work;
    QVERIFY(QTest::qWaitFor([&] {
        const QJsonArray all = m_home->muster({u"status"_s, u"--json"_s}).object().value(u"work").toArray();
        work = all.isEmpty() ? QJsonObject() : all.first().toObject();
        return work.value(u"runtime").toString() == u"demo"_s;
    }, patienceMs));
    QCOMPARE(work.value(u"state").toString(), u"working"_s);
    const QDateTime sign = QDateTime::fromString(work.value(u"last_sign_at").toString(), Qt::ISODateWithMs);
    QVERIFY(sign.isValid() && sign.secsTo(QDateTime::currentDateTimeUtc()) < patienceMs / 1000);
    for (const QStringList &command : {QStringList{u"status"_s}, {u"runs"_s, u"show"_s, u"1"_s}}) {
        const QByteArray out = m_home->muster(command).out;
        QVERIFY2(out.contains(" \xc2\xb7 last sign ") || out.contains(" \xc2\xb7 silent for "),
                 out.constData()); // after what it does
    }
    QCOMPARE(m_home->muster({u"runs"_s, u"cancel"_s, u"1"_s}).exitCode, 0);
    QCOMPARE(MusterHome::waitFor(*started).exitCode, 1);
}

void TestCommandOutput::overdueApprovalIsSaid()
{
    const QString folder =
        project(u"one"_s, u"asks"_s, QByteArray(asks).replace("Go on?", "Go on?, timeout: 1s"));
    const auto started = run(folder, u"asks"_s);
    (void)MusterHome::waitFor(*started);
    // Its run ends with it, and the inbox tells it a moment later.
    QTRY_VERIFY_WITH_TIMEOUT(m_home->muster({u"inbox"_s, u"--all"_s}).out.contains("timed out"), patienceMs);
    const Finished late = m_home->muster({u"inbox"_s, u"answer"_s, u"1"_s, u"yes"_s});
    QCOMPARE(late.exitCode, 1);
    QVERIFY2(late.err.contains("The time for this answer is over"), late.err.constData());
}

void TestCommandOutput::runtimesAndTheirTranscripts()
{
    const Finished list = m_home->muster({u"runtimes"_s, u"--json"_s});
    QCOMPARE(list.exitCode, 0);
    QVERIFY(list.array().size() >= 7);
    const QJsonObject demo = m_home->muster({u"runtimes"_s, u"show"_s, u"demo"_s, u"--json"_s}).object();
    QCOMPARE(demo.value(u"state").toString(), u"ready"_s);
    QCOMPARE(demo.value(u"models")[0][u"prices"][u"input_usd"].toDouble(-1), 0.0);
    const Finished table = m_home->muster({u"runtimes"_s});
    QVERIFY2(table.out.contains("demo *"), table.out.constData());
    QCOMPARE(m_home->muster({u"permissions"_s, u"--json"_s}).out.trimmed(), QByteArray("[]"));

    const QString transcript =
        QStringLiteral(MUSTER_SOURCE_DIR "/tests/fixtures/transcripts/codex-acp/acp_err_429.io.jsonl");
    const QStringList decode{u"debug"_s, u"decode"_s, u"--runtime"_s, u"codex-acp"_s, transcript};
    const Finished decoded = m_home->muster(decode + QStringList{u"--json"_s});
    QCOMPARE(decoded.exitCode, 0);
    QCOMPARE(decoded.object().value(u"kind").toString(), u"session.turn_finished"_s);
    QCOMPARE(decoded.object().value(u"data")[u"reason"].toString(), u"rate_limited"_s);
    // A key in what an agent said does not leave the machine with a bug report.
    const QString secret = u"sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"_s;
    const QString leaky = m_home->path(u"leaky.jsonl"_s);
    QByteArray text = readFile(transcript);
    QVERIFY(
        writeFile(leaky, text.replace("exceeded retry limit", QByteArray("exceeded " + secret.toLatin1()))));
    const Finished masked = m_home->muster({u"debug"_s, u"decode"_s, u"--runtime"_s, u"codex-acp"_s, leaky});
    QCOMPARE(masked.exitCode, 0);
    QVERIFY(masked.out.contains("exceeded"));
    QVERIFY(!masked.out.contains(secret.toLatin1()));
    QVERIFY(writeFile(leaky, "no transcript\n"));
    QCOMPARE(m_home->muster({u"debug"_s, u"decode"_s, u"--runtime"_s, u"qwen"_s, leaky}).exitCode, 1);
}

void TestCommandOutput::listsSayWhatTheyHide()
{
    const QString folder =
        project(u"one"_s, u"survey"_s, QByteArray(asks).replace("name: asks", "name: survey"));
    QVERIFY(writeFile(folder + u"/skills/cite-places/SKILL.md"_s,
                      "---\nname: cite-places\ndescription: Ours\n---\nCite it.\n"));
    const auto linesOf = [&](const QString &command, const QString &name) {
        const Finished end = m_home->muster(command.split(u' ') + QStringList{u"--project"_s, folder});
        QStringList lines;
        for (const QString &line : QString::fromUtf8(end.out).split(u'\n')) {
            if (line.startsWith(name + u' '))
                lines += line.simplified();
        }
        return lines;
    };
    const QString builtIn = u"cite-places built-in Every claim about the code with the place that shows it"_s;
    QCOMPARE(linesOf(u"skills"_s, u"cite-places"_s),
             (QStringList{builtIn, u"cite-places project not trusted Ours"_s}));
    // Before it is trusted is when a person wants to read it.
    QVERIFY(writeFile(folder + u"/skills/ours/SKILL.md"_s,
                      "---\nname: ours\ndescription: Ours\n---\nRead this.\n"));
    const auto show = [&](const QString &name) {
        return m_home->muster({u"skills"_s, u"show"_s, name, u"--project"_s, folder});
    };
    const Finished untrusted = show(u"ours"_s);
    QCOMPARE(untrusted.exitCode, 0);
    QVERIFY2(untrusted.out.contains("not trusted") && untrusted.out.contains("Read this."),
             untrusted.out.constData());
    QVERIFY(writeFile(folder + u"/skills/ours/SKILL.md"_s, "---\nname: ours\nbad: x\n---\nRead this.\n"));
    const Finished wrong = show(u"ours"_s);
    QCOMPARE(wrong.exitCode, 1);
    QVERIFY2(wrong.out.contains("SKILL.md:3:1: ") && wrong.out.contains("3 | bad: x"), wrong.out.constData());
    QCOMPARE(m_home->muster({u"trust"_s, folder}).exitCode, 0);
    QCOMPARE(linesOf(u"skills list"_s, u"cite-places"_s),
             QStringList{u"cite-places project in place of built-in Ours"_s});
    QCOMPARE(linesOf(u"flow list"_s, u"survey"_s), QStringList{u"survey project in place of built-in"_s});
    const Finished shown = show(u"cite-places"_s);
    QCOMPARE(shown.exitCode, 0);
    QVERIFY2(shown.out.contains("in place of built-in") && shown.out.contains("Cite it."),
             shown.out.constData());
}

void TestCommandOutput::whatIsNotThereIsRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const QString &arguments, int code, const QString &says) {
        QTest::newRow(qPrintable(arguments)) << arguments.split(u' ') << code << says;
    };
    row(u"runs --project /nonexist"_s, 3, u"no folder /nonexist"_s);
    row(u"inbox --project /nonexist"_s, 3, u"no folder /nonexist"_s);
    row(u"tasks --run 999"_s, 3, u"no run 999"_s);
    row(u"skills show nobody"_s, 3, u"“muster skills”"_s);
    row(u"inbox show 999"_s, 3, u"number 999"_s);
    row(u"inbox show"_s, 2, u"inbox show ID"_s);
    row(u"run hello --demo --runtime foo"_s, 2, u", demo"_s);
    row(u"runtimes show foo"_s, 2, u", demo"_s);
    row(u"runtimes hide demo"_s, 2, u"runtimes show ID"_s);
    row(u"permissions revoke 999"_s, 3, u"999"_s);
    row(u"permissions revoke x"_s, 2, u"permissions revoke ID"_s);
    row(u"debug decode /nonexist"_s, 2, u"debug decode --runtime ID FILE"_s);
    row(u"debug decode --runtime foo /nonexist"_s, 2, u", demo"_s);
    row(u"debug decode --runtime qwen /nonexist"_s, 3, u"/nonexist"_s);
    row(u"config set runtime.default foo"_s, 2, u" | demo"_s);
}

void TestCommandOutput::whatIsNotThereIsRefused()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, says);
    const Finished end = m_home->muster(arguments);
    QCOMPARE(end.exitCode, code);
    QVERIFY2(QString::fromUtf8(end.err).contains(says), end.err.constData());
    QCOMPARE(end.out, QByteArray());
}

QTEST_GUILESS_MAIN(TestCommandOutput)
#include "tst_command_output.moc"
