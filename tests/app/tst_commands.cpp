// What docs/cli.md promises of every command: with --json one JSON value a line on stdout and nothing else,
// also where it refuses; the exit codes; a log of the node in its home.
#include "tests/e2e/muster_home.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

class TestCommands : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void printsJson_data();
    void printsJson();
    void doctorSaysWhatToDo();
    void doctorTellsWhatTakesSpace();
    void moneyIsInDollars();
    void nodeKeepsALog();
    void cancelledRunIsTold();
    void stopIsTold();

private:
    MusterHome m_home;
    QString m_project;
};

void TestCommands::initTestCase()
{
    m_project = m_home.makeProject(u"p"_s);
    m_home.startNode();
    QVERIFY(m_home.waitUntilReady());
    const Finished run = m_home.muster({u"run"_s, u"hello"_s, u"--yes"_s, u"--project"_s, m_project});
    QVERIFY2(run.exitCode == 0, run.tail().constData());
}

void TestCommands::printsJson_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("key"); // that the object has; empty: an array
    const auto row = [](const char *arguments, int exitCode, const QString &key) {
        QTest::newRow(arguments) << QString::fromLatin1(arguments).split(u' ') << exitCode << key;
    };
    row("runs", 0, {});
    row("runs show 1", 0, u"steps"_s);
    row("runs show 99", 3, u"error"_s);
    row("runs cancel 1", 1, u"error"_s);
    row("runs show one", 2, u"error"_s);
    row("tasks", 0, {});
    row("status", 0, u"work"_s);
    row("status now", 2, u"error"_s);
    row("inbox", 0, {});
    row("inbox answer 99 yes", 3, u"error"_s);
    row("worktrees", 0, {});
    row("worktrees drop 99", 3, u"error"_s);
    row("flow list", 0, {});
    row("flow check hello", 0, u"problems"_s);
    row("skills", 0, {});
    row("skills show cite-places", 0, u"text"_s);
    row("skills show nobody", 3, u"error"_s);
    row("skills cite-places", 2, u"error"_s);
    row("trust .", 0, u"trusted"_s);
    row("config", 0, {});
    row("config get pools.flow", 0, u"value"_s);
    row("config set pools.flow 3", 0, u"value"_s);
    row("config set pools.flow 0", 2, u"error"_s);
    row("config unset pools.flow", 0, u"value"_s);
    row("doctor", 0, {});
    row("schedules when @daily", 0, u"next"_s);
    row("schedules when never", 2, u"error"_s);
    row("nonsense", 2, u"error"_s);
    row("run hello --nonsense", 2, u"error"_s);
}

void TestCommands::printsJson()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QString, key);
    const Finished done = m_home.muster(arguments + QStringList{u"--json"_s, u"--project"_s, m_project});
    QVERIFY2(done.exitCode == exitCode, done.tail().constData());
    QCOMPARE(done.out.count('\n'), 1);
    const QJsonDocument json = QJsonDocument::fromJson(done.out);
    QVERIFY2(key.isEmpty() ? json.isArray() : json.object().contains(key), done.out.constData());
    QCOMPARE(done.err.isEmpty(), exitCode == 0); // a refusal is also said
}

void TestCommands::doctorSaysWhatToDo()
{
    const Finished done = m_home.muster({u"doctor"_s, u"--project"_s, m_home.root()});
    QVERIFY2(done.out.contains("git init"), done.out.constData());
}

void TestCommands::doctorTellsWhatTakesSpace()
{
    const QStringList doctor{u"doctor"_s, u"--project"_s, m_project};
    const QJsonArray checks = m_home.muster(doctor + QStringList{u"--json"_s}).array();
    QVERIFY(!checks.isEmpty());
    const QJsonObject size = checks.last().toObject();
    QCOMPARE(size[u"name"].toString(), u"store size"_s);
    const QJsonArray tables = size[u"tables"].toArray();
    const auto find = [&](const QString &name) {
        const auto found = std::ranges::find_if(
            tables, [&](const QJsonValue &table) { return table[u"name"].toString() == name; });
        return found == tables.end() ? QJsonObject() : found->toObject();
    };
    QVERIFY(find(u"events"_s).value(u"rows").toInteger() > 0);
    QVERIFY(find(u"events"_s).value(u"bytes").toInteger() >= 4096);
    QVERIFY(find(u"event_search"_s).contains(u"bytes"_s));
    QVERIFY(find(u"event_search"_s).value(u"rows").isNull());
    const QByteArray text = m_home.muster(doctor).out;
    const QString largest = tables.first()[u"name"].toString();
    QVERIFY2(text.contains("store size") && text.contains(largest.toUtf8()), text.constData());
}

// Wherever it stands.
void TestCommands::moneyIsInDollars()
{
    QByteArray all;
    for (const char *command : {"runs", "runs show 1", "tasks", "inbox --all"})
        all += m_home.muster(QString::fromLatin1(command).split(u' ') + QStringList{u"--json"_s}).out;
    all += m_home.muster({u"run"_s, u"hello"_s, u"--project"_s, m_project, u"--json"_s}).out;
    QVERIFY(all.contains("\"cost_usd\":"));
    QVERIFY(all.contains("session.usage"));
    QVERIFY2(!all.contains("micro_usd"), all.mid(all.indexOf("micro_usd") - 200, 300).constData());
    const QJsonObject run = m_home.muster({u"runs"_s, u"show"_s, u"1"_s, u"--json"_s}).object();
    QVERIFY(run[u"steps"][0][u"cost_usd"].isDouble());
}

void TestCommands::nodeKeepsALog() { QVERIFY(QFileInfo::exists(m_home.paths().logDir + u"/node.log")); }

void TestCommands::cancelledRunIsTold()
{
    const auto run = m_home.start({u"run"_s, u"survey"_s, u"--project"_s, m_project}); // waits for an answer
    const QStringList active{u"runs"_s, u"--active"_s, u"--json"_s, u"--project"_s, m_project};
    QJsonArray runs;
    const auto isThere = [&] {
        runs = m_home.muster(active).array();
        return !runs.isEmpty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(isThere(), patienceMs);
    const QString id = QString::number(runs.first()[u"id"].toInteger());
    const Finished done = m_home.muster({u"runs"_s, u"cancel"_s, id, u"--json"_s});
    QVERIFY2(done.exitCode == 0, done.tail().constData());
    QCOMPARE(done.out.count('\n'), 1);
    QCOMPARE(done.object().value(u"status").toString(), u"cancelled"_s);
    QCOMPARE(MusterHome::waitFor(*run).exitCode, 1);
}

void TestCommands::stopIsTold()
{
    Finished done = m_home.muster({u"serve"_s, u"--stop"_s, u"--json"_s});
    QVERIFY2(done.exitCode == 0, done.tail().constData());
    QCOMPARE(done.object().value(u"stopped"), true);
    QTRY_VERIFY_WITH_TIMEOUT(!m_home.nodeRuns(), patienceMs);
    done = m_home.muster({u"serve"_s, u"--stop"_s, u"--json"_s});
    QCOMPARE(done.object().value(u"stopped"), false);
}

QTEST_GUILESS_MAIN(TestCommands)
#include "tst_commands.moc"
