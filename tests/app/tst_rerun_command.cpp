// muster rerun, as people have it: what it says, what it prints for programs, and how it ends.
#include "tests/e2e/muster_home.h"

#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kFlow = "muster: 1\nname: gated\ndefaults: {isolation: none}\nsteps:\n"
                         "  - { id: a, run: 'echo A' }\n"
                         "  - { id: b, needs: [a], run: 'test -e ${{ project.path }}/go' }\n"
                         "  - { id: c, needs: [b], run: 'echo C' }\n";

} // namespace

class TestRerunCommand : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void wrongArguments_data();
    void wrongArguments();
    void refusals_data();
    void refusals();
    void saysWhatIsKeptAndWhy();
    void printsJson();
    void takesAnotherFile();

private:
    std::unique_ptr<MusterHome> m_home;
    QString m_project;
};

void TestRerunCommand::initTestCase()
{
    m_home = std::make_unique<MusterHome>();
    m_home->startNode();
    QVERIFY(m_home->waitUntilReady());
    m_project = m_home->makeProject(u"shop"_s);
    MusterHome::writeFlow(m_project, u"gated"_s, kFlow);
    QCOMPARE(m_home->muster({u"trust"_s, m_project}).exitCode, 0);
    QCOMPARE(m_home->muster({u"run"_s, u"gated"_s, u"--project"_s, m_project}).exitCode, 1);
}

void TestRerunCommand::wrongArguments_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no run") << QStringList{};
    QTest::newRow("no number") << QStringList{u"gated"_s};
    QTest::newRow("two ways") << QStringList{u"1"_s, u"--failed"_s, u"--edited"_s};
    QTest::newRow("a file for nothing") << QStringList{u"1"_s, u"--failed"_s, u"--file"_s, u"x.flow.yaml"_s};
}

void TestRerunCommand::wrongArguments()
{
    QFETCH(QStringList, arguments);
    const auto ended = m_home->muster(QStringList{u"rerun"_s} + arguments);
    QCOMPARE(ended.exitCode, 2);
    QVERIFY(!ended.err.isEmpty());
}

void TestRerunCommand::refusals_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("says");
    QTest::newRow("no such run") << QStringList{u"77"_s} << u"There is no run 77"_s;
    QTest::newRow("no such step") << QStringList{u"1"_s, u"--from"_s, u"z"_s} << u"no step"_s;
    QTest::newRow("it did not fail") << QStringList{u"1"_s, u"--skip"_s, u"a"_s} << u"did not fail"_s;
}

void TestRerunCommand::refusals()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, says);
    const auto ended = m_home->muster(QStringList{u"rerun"_s} + arguments);
    QVERIFY(ended.exitCode != 0);
    QVERIFY2(QString::fromUtf8(ended.err).contains(says), ended.err.constData());
}

void TestRerunCommand::saysWhatIsKeptAndWhy()
{
    const auto ended = m_home->muster({u"rerun"_s, u"1"_s, u"--skip"_s, u"b"_s});
    QCOMPARE(ended.exitCode, 0);
    const QString out = QString::fromUtf8(ended.out);
    for (const QString &line :
         {u"gated #2 started"_s, u"Again from #1 (without b), 1 step kept"_s, u"c: needs b"_s, u"✓ c"_s})
        QVERIFY2(out.contains(line), qPrintable(line + u"\n"_s + out));
    QVERIFY2(!out.contains(u"a started"_s), qPrintable(out));
}

void TestRerunCommand::printsJson()
{
    QFile go(m_project + u"/go"_s);
    QVERIFY(go.open(QIODevice::WriteOnly));
    const auto ended = m_home->muster({u"rerun"_s, u"1"_s, u"--failed"_s, u"--json"_s});
    QCOMPARE(ended.exitCode, 0);
    const QByteArrayList lines = ended.out.trimmed().split('\n');
    const QJsonObject first = QJsonDocument::fromJson(lines.front()).object();
    QCOMPARE(first[u"event"][u"kind"].toString(), u"run.created"_s);
    QCOMPARE(first[u"event"][u"data"][u"rerun_mode"].toString(), u"failed"_s);
    QCOMPARE(first[u"event"][u"data"][u"kept"].toInt(), 1);
    const QJsonObject last = QJsonDocument::fromJson(lines.back()).object();
    QCOMPARE(last[u"run"][u"rerun_of"].toInt(), 1);
    QCOMPARE(last[u"run"][u"steps_kept"].toInt(), 1);
    QCOMPARE(last[u"run"][u"steps"][0][u"kept_from"].toInt(), 1);
    QCOMPARE(last[u"run"][u"steps"][1][u"kept_from"].toInt(), 0);
    go.remove();
}

void TestRerunCommand::takesAnotherFile()
{
    QByteArray other = kFlow;
    other.replace("test -e ${{ project.path }}/go", "true");
    QFile file(m_project + u"/other.flow.yaml"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(other);
    file.close();
    const auto ended =
        m_home->muster({u"rerun"_s, u"1"_s, u"--edited"_s, u"--file"_s, file.fileName(), u"--trust"_s});
    QCOMPARE(ended.exitCode, 0);
    const QString out = QString::fromUtf8(ended.out);
    QVERIFY2(out.contains(u"b: changed"_s) && out.contains(u"c: needs b"_s), qPrintable(out));
}

QTEST_GUILESS_MAIN(TestRerunCommand)
#include "tst_rerun_command.moc"
