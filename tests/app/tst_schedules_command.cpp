// muster schedules, as people have it: made, shown, changed, run, and what is refused.
#include "tests/e2e/muster_home.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

class TestSchedulesCommand : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void wrongArguments_data();
    void wrongArguments();
    void isMadeShownAndChanged();
    void isRefused_data();
    void isRefused();
    void allArePausedForAWhile();
    void statusNamesThePaused();
    void runsNow();
    void checksFiles();

private:
    [[nodiscard]] Finished schedules(const QStringList &arguments) const
    {
        return m_home->muster(QStringList{u"schedules"_s} + arguments +
                              QStringList{u"--project"_s, m_project});
    }
    [[nodiscard]] QJsonObject json(const QStringList &arguments) const
    {
        return QJsonDocument::fromJson(schedules(arguments + QStringList{u"--json"_s}).out).object();
    }

    std::unique_ptr<MusterHome> m_home;
    QString m_project;
};

void TestSchedulesCommand::initTestCase()
{
    m_home = std::make_unique<MusterHome>();
    m_home->startNode();
    QVERIFY(m_home->waitUntilReady());
    m_project = m_home->makeProject(u"shop"_s);
}

void TestSchedulesCommand::wrongArguments_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no such word") << QStringList{u"make"_s};
    QTest::newRow("no name") << QStringList{u"add"_s};
    QTest::newRow("no id") << QStringList{u"show"_s, u"nightly"_s};
    QTest::newRow("no number") << QStringList{u"add"_s, u"a"_s, u"--max-turns"_s, u"many"_s};
    QTest::newRow("no time") << QStringList{u"add"_s, u"a"_s, u"--deadline"_s, u"soon"_s};
    QTest::newRow("no money") << QStringList{u"add"_s, u"a"_s, u"--budget"_s, u"-1"_s};
    QTest::newRow("two rules") << QStringList{u"run-now"_s, u"1"_s, u"--queue"_s, u"--force"_s};
    QTest::newRow("for no time") << QStringList{u"pause-all"_s, u"--for"_s, u"soon"_s};
    QTest::newRow("until nothing") << QStringList{u"pause-all"_s};
    QTest::newRow("both") << QStringList{u"pause-all"_s, u"--for"_s, u"1h"_s, u"--until-tomorrow"_s};
    QTest::newRow("one of all") << QStringList{u"resume-all"_s, u"1"_s};
    QTest::newRow("no answer") << QStringList{u"add"_s, u"a"_s, u"--unattended"_s, u"maybe"_s};
}

void TestSchedulesCommand::wrongArguments()
{
    QFETCH(QStringList, arguments);
    const auto ended = m_home->muster(QStringList{u"schedules"_s} + arguments);
    QCOMPARE(ended.exitCode, 2);
    QVERIFY(!ended.err.isEmpty());
}

void TestSchedulesCommand::isMadeShownAndChanged()
{
    const QJsonObject made =
        json({u"add"_s, u"nightly"_s, u"--when"_s, u"weekdays at 3"_s, u"--zone"_s, u"Europe/Berlin"_s,
              u"--prompt"_s, u"Look at the build"_s, u"--max-turns"_s, u"80"_s, u"--budget"_s, u"0.5"_s,
              u"--may-run"_s, u"make"_s, u"--may-run"_s, u"ctest"_s});
    const QString id = QString::number(made.value(u"id").toInteger());
    const QJsonObject spec = made.value(u"spec").toObject();
    QCOMPARE(made.value(u"cron").toString(), u"0 3 * * 1-5"_s);
    QCOMPARE(made.value(u"state").toString(), u"active"_s);
    QVERIFY(made.value(u"next_at").toString().endsWith(u"Z"_s));
    QCOMPARE(spec.value(u"max_turns").toInt(), 80);
    QCOMPARE(spec.value(u"budget_usd").toDouble(), 0.5);
    QCOMPARE(spec.value(u"may_run").toArray().size(), 2);
    const QString list = QString::fromUtf8(schedules({u"list"_s}).out);
    QVERIFY2(list.contains(u"nightly"_s) && list.contains(u"weekdays at 3"_s), qPrintable(list));
    const QJsonObject changed = json({u"edit"_s, id, u"--overlap"_s, u"skip"_s, u"--when"_s, u"every 2h"_s});
    QCOMPARE(changed.value(u"spec").toObject().value(u"overlap").toString(), u"skip"_s);
    QCOMPARE(changed.value(u"spec").toObject().value(u"max_turns").toInt(), 80);
    const QJsonObject quiet =
        json({u"edit"_s, id, u"--notify"_s, u"change"_s, u"--archive"_s, u"yes"_s}).value(u"spec").toObject();
    QCOMPARE(quiet.value(u"notify").toString(), u"change"_s);
    QVERIFY(quiet.value(u"archive").toBool());
    // A flow has no deadline of a prompt.
    const QJsonObject flow = json({u"edit"_s, id, u"--flow"_s, u"survey"_s}).value(u"spec").toObject();
    QCOMPARE(flow.value(u"deadline_ms").toInteger(), 0);
    QCOMPARE(changed.value(u"revision").toInt(), 2);
    QCOMPARE(schedules({u"pause"_s, id}).exitCode, 0);
    QCOMPARE(json({u"show"_s, id}).value(u"schedule").toObject().value(u"state").toString(), u"paused"_s);
    QCOMPARE(schedules({u"resume"_s, id}).exitCode, 0);
    QCOMPARE(json({u"show"_s, id}).value(u"next").toArray().size(), 5);
    QCOMPARE(schedules({u"remove"_s, id}).exitCode, 0);
    QCOMPARE(json({u"list"_s}).value(u"schedules").toArray().size(), 0);
}

void TestSchedulesCommand::isRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("says");
    const QStringList add{u"add"_s, u"a"_s, u"--when"_s, u"hourly"_s};
    QTest::newRow("when") << QStringList{u"add"_s,           u"a"_s,        u"--when"_s,
                                         u"mondays att 9"_s, u"--prompt"_s, u"x"_s}
                          << u"Column 9: 'att'"_s;
    QTest::newRow("zone") << (add + QStringList{u"--prompt"_s, u"x"_s, u"--zone"_s, u"Mars"_s})
                          << u"not a time zone"_s;
    QTest::newRow("nothing") << add << u"a prompt, or a flow"_s;
    QTest::newRow("pool") << (add + QStringList{u"--prompt"_s, u"x"_s, u"--pool"_s, u"none"_s})
                          << u"no pool “none”"_s;
    QTest::newRow("rule") << (add + QStringList{u"--prompt"_s, u"x"_s, u"--missed"_s, u"never"_s})
                          << u"missed"_s;
    QTest::newRow("notice") << (add + QStringList{u"--prompt"_s, u"x"_s, u"--notify"_s, u"sometimes"_s})
                            << u"notify"_s;
    QTest::newRow("no such") << QStringList{u"show"_s, u"99"_s} << u"no schedule 99"_s;
}

void TestSchedulesCommand::isRefused()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, says);
    const auto ended = schedules(arguments);
    QVERIFY(ended.exitCode != 0);
    QVERIFY2(QString::fromUtf8(ended.err).contains(says), ended.err.constData());
}

void TestSchedulesCommand::allArePausedForAWhile()
{
    const auto until = [this](const QStringList &arguments) {
        return QDateTime::fromString(json(arguments).value(u"schedules_paused_until").toString(),
                                     Qt::ISODateWithMs);
    };
    const QDateTime before = QDateTime::currentDateTimeUtc();
    const QDateTime inAnHour = until({u"pause-all"_s, u"--for"_s, u"90m"_s});
    QVERIFY(inAnHour >= before.addSecs(90 * 60) &&
            inAnHour <= QDateTime::currentDateTimeUtc().addSecs(90 * 60));
    const auto list = [this] {
        return QString::fromUtf8(schedules({u"list"_s}).out);
    };
    QVERIFY2(list().contains(u"All schedules are paused until "_s), qPrintable(list()));
    QVERIFY2(m_home->muster({u"status"_s}).out.contains("\nAll schedules are paused until "),
             m_home->muster({u"status"_s}).out.constData());
    const auto inStatus = [this] {
        return m_home->muster({u"status"_s, u"--json"_s}).object().value(u"schedules_paused_until");
    };
    QVERIFY(QDateTime::fromString(inStatus().toString(), Qt::ISODateWithMs) >= before);
    QCOMPARE(until({u"pause-all"_s, u"--until-tomorrow"_s}),
             before.toLocalTime().date().addDays(1).startOfDay().toUTC());
    QVERIFY(json({u"resume-all"_s}).value(u"schedules_paused_until").isNull());
    QVERIFY(!list().contains(u"paused until"_s));
    QVERIFY(inStatus().isNull());
}

void TestSchedulesCommand::statusNamesThePaused()
{
    const QJsonObject made =
        json({u"add"_s, u"resting"_s, u"--when"_s, u"daily"_s, u"--prompt"_s, u"x"_s, u"--paused"_s});
    const QString id = QString::number(made.value(u"id").toInteger());
    const auto said = [this] {
        return m_home->muster({u"status"_s}).out;
    };
    const QByteArray line = "Schedule " + id.toUtf8() + " (resting): Paused\n";
    QVERIFY2(said().contains(line), said().constData());
    const QJsonArray paused =
        m_home->muster({u"status"_s, u"--json"_s}).object().value(u"paused_schedules").toArray();
    QVERIFY(std::ranges::any_of(paused, [&](const QJsonValue &one) {
        return one[u"id"].toInteger() == id.toLongLong() && one[u"state"] == u"paused"_s &&
               one[u"spec"][u"name"] == u"resting"_s;
    }));
    QCOMPARE(schedules({u"resume"_s, id}).exitCode, 0);
    QVERIFY2(!said().contains(line), said().constData());
}

void TestSchedulesCommand::runsNow()
{
    const QJsonObject made =
        json({u"add"_s, u"yearly"_s, u"--when"_s, u"yearly"_s, u"--prompt"_s, u"say hello"_s});
    const QString id = QString::number(made.value(u"id").toInteger());
    QCOMPARE(schedules({u"run-now"_s, id}).exitCode, 0);
    QJsonObject firing;
    QTRY_VERIFY_WITH_TIMEOUT([&] {
        firing = json({u"show"_s, id}).value(u"firings").toArray().at(0).toObject();
        return firing.value(u"status").toString() == u"completed";
    }(), 60'000);
    QCOMPARE(firing.value(u"cause").toString(), u"person"_s);
    QVERIFY(firing.value(u"completed_at").isString());
    QVERIFY(QString::fromUtf8(schedules({u"show"_s, id}).out).contains(u"Completed"_s));
}

void TestSchedulesCommand::checksFiles()
{
    QVERIFY(QDir().mkpath(m_project + u"/schedules"_s));
    QFile file(m_project + u"/schedules/a.schedule.yaml"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("muster: 1\nname: a\nwhen: 99 * * * *\nprompt: x\n");
    file.close();
    const auto ended = schedules({u"check"_s});
    QCOMPARE(ended.exitCode, 1);
    QVERIFY2(ended.out.startsWith("schedules/a.schedule.yaml:3:7: "), ended.out.constData());
    QVERIFY(QFile::remove(file.fileName()));
    QCOMPARE(schedules({u"check"_s}).exitCode, 0);
}

QTEST_GUILESS_MAIN(TestSchedulesCommand)
#include "tst_schedules_command.moc"
