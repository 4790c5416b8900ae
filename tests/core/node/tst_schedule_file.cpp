// The file of a schedule: all that it can say, and every mistake with its place.
#include "core/node/schedules/schedule_file.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestScheduleFile : public QObject {
    Q_OBJECT
private slots:
    void readsAll();
    void readsAFlow();
    void isRefused_data();
    void isRefused();
    void folder();
};

void TestScheduleFile::readsAll()
{
    const ScheduleFile file = parseScheduleFile("muster: 1\n"
                                                "name: nightly\n"
                                                "when: every 2h\n"
                                                "starts_from: 2026-12-01 09:00\n"
                                                "zone: UTC\n"
                                                "prompt: Look at the build\n"
                                                "profile: reader\n"
                                                "runtime: demo\n"
                                                "model: small\n"
                                                "permissions: { write: [NOTES.md], run: [make] }\n"
                                                "pool: opus\n"
                                                "priority: 3\n"
                                                "max_turns: 40\n"
                                                "deadline: 10m\n"
                                                "budget_usd: 0.5\n"
                                                "day_budget_usd: 2\n"
                                                "unattended: true\n"
                                                "missed: all\n"
                                                "overlap: cancel_running\n"
                                                "notify: change\n"
                                                "archive: true\n",
                                                u"schedules/a.schedule.yaml"_s);
    QVERIFY2(file.problems.empty(), qPrintable(file.problems.empty() ? QString() : file.problems[0].code));
    const api::ScheduleSpec expected{.name = u"nightly"_s,
                                     .prompt = u"Look at the build"_s,
                                     .profile = u"reader"_s,
                                     .runtime = u"demo"_s,
                                     .model = u"small"_s,
                                     .mayWrite = {u"NOTES.md"_s},
                                     .mayRun = {u"make"_s},
                                     .when = u"every 2h"_s,
                                     .zone = u"UTC"_s,
                                     .anchorAt = 1'796'115'600'000,
                                     .pool = u"opus"_s,
                                     .priority = 3,
                                     .maxTurns = 40,
                                     .deadlineMs = 600'000,
                                     .budgetMicroUsd = 500'000,
                                     .dayBudgetMicroUsd = 2'000'000,
                                     .unattended = true,
                                     .missed = MissedRule::All,
                                     .overlap = OverlapRule::CancelRunning,
                                     .notify = ResultNotice::Change,
                                     .archive = true};
    QVERIFY(file.spec);
    QVERIFY(*file.spec == expected);
}

void TestScheduleFile::readsAFlow()
{
    const ScheduleFile file = parseScheduleFile("muster: 1\nname: survey\nwhen: weekdays at 9\nflow: survey\n"
                                                "inputs: { focus: core, deep: true }\n",
                                                u"a"_s);
    QVERIFY(file.spec);
    QCOMPARE(file.spec->flow, u"survey"_s);
    QCOMPARE(file.spec->inputs, (QJsonObject{{u"focus"_s, u"core"_s}, {u"deep"_s, true}}));
    QCOMPARE(file.spec->missed, MissedRule::Once);
    QCOMPARE(file.spec->deadlineMs, 0); // that of a prompt is no measure for it
    QCOMPARE(file.spec->notify, ResultNotice::Failure);
    const ScheduleFile limited = parseScheduleFile("muster: 1\nname: a\nwhen: hourly\nflow: survey\n"
                                                   "max_turns: 9\ndeadline: 2h\nbudget_usd: 1.5\n",
                                                   u"a"_s);
    QVERIFY(limited.spec);
    QCOMPARE(limited.spec->maxTurns, 9);
    QCOMPARE(limited.spec->deadlineMs, 7'200'000);
    QCOMPARE(limited.spec->budgetMicroUsd, 1'500'000);
}

void TestScheduleFile::isRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    const QByteArray head = "muster: 1\nname: a\n";
    const auto row = [](const char *name, const QByteArray &text, const QString &code, int line, int column) {
        QTest::newRow(name) << text << code << line << column;
    };
    row("when", head + "when: every monday att 9\nprompt: x\n", u"when"_s, 3, 20);
    row("when, quoted", head + "when: \"0 25 * * *\"\nprompt: x\n", u"when"_s, 3, 10);
    row("zone", head + "when: hourly\nzone: Mars/Olympus\nprompt: x\n", u"zone"_s, 4, 7);
    row("no when", head + "prompt: x\n", u"missing_key"_s, 1, 1);
    row("nothing to start", head + "when: hourly\n", u"missing_key"_s, 1, 1);
    row("both", head + "when: hourly\nprompt: x\nflow: y\n", u"prompt_and_flow"_s, 5, 7);
    row("of a prompt", head + "when: hourly\nflow: y\npool: opus\n", u"key_of_prompt"_s, 5, 1);
    row("of a flow", head + "when: hourly\nprompt: y\ninputs: {}\n", u"key_of_flow"_s, 5, 1);
    row("unknown key", head + "when: hourly\nprompt: x\nwhenn: y\n", u"unknown_key"_s, 5, 1);
    row("missed", head + "when: hourly\nprompt: x\nmissed: never\n", u"invalid_choice"_s, 5, 9);
    row("notify", head + "when: hourly\nprompt: x\nnotify: sometimes\n", u"invalid_choice"_s, 5, 9);
    row("archive", head + "when: hourly\nprompt: x\narchive: maybe\n", u"wrong_type"_s, 5, 10);
    row("turns", head + "when: hourly\nprompt: x\nmax_turns: 0\n", u"out_of_range"_s, 5, 12);
    row("start", head + "when: every 2h\nprompt: x\nstarts_from: soon\n", u"invalid_choice"_s, 5, 14);
    row("version", "muster: 9\nname: a\nwhen: hourly\nprompt: x\n", u"unsupported_version"_s, 1, 9);
    row("empty", "", u"empty_file"_s, 1, 1);
    row("not YAML", "muster: [\n", u"yaml_syntax"_s, 2, 1);
}

void TestScheduleFile::isRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, code);
    QFETCH(int, line);
    QFETCH(int, column);
    const ScheduleFile file = parseScheduleFile(text, u"a"_s);
    QVERIFY(!file.spec);
    QVERIFY(!file.problems.empty());
    QCOMPARE(file.problems.front().code, code);
    QCOMPARE(file.problems.front().line, line);
    QCOMPARE(file.problems.front().column, column);
}

void TestScheduleFile::folder()
{
    QTemporaryDir project;
    QVERIFY(readScheduleFiles(project.path()).empty());
    QVERIFY(stampOfScheduleFiles(project.path()).isEmpty());
    QVERIFY(QDir(project.path()).mkdir(u"schedules"_s));
    const auto write = [&](const QString &name, const QByteArray &text) {
        QFile file(project.filePath(u"schedules/"_s + name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    };
    const QByteArray text = "muster: 1\nname: a\nwhen: hourly\nprompt: x\n";
    QVERIFY(write(u"a.schedule.yaml"_s, text));
    const QByteArray stamp = stampOfScheduleFiles(project.path());
    QVERIFY(write(u"b.schedule.yaml"_s, text));
    QVERIFY(write(u"notes.txt"_s, "x"));
    QVERIFY(stampOfScheduleFiles(project.path()) != stamp);
    const std::vector<ScheduleFile> files = readScheduleFiles(project.path());
    QCOMPARE(files.size(), size_t{2});
    QVERIFY(files[0].spec);
    QVERIFY(!files[1].spec); // its name is taken
    QCOMPARE(files[1].problems.front().expected, QStringList{u"schedules/a.schedule.yaml"_s});
}

QTEST_APPLESS_MAIN(TestScheduleFile)
#include "tst_schedule_file.moc"
