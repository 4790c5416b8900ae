// The real agent programs against the fake model: each case of agent_cases.h with each program that
// install.sh has installed, through the catalog's record and AgentSession. After each, no process of it is
// left. MUSTER_E2E_PROGRAMS="opencode gemini" tries these only; MUSTER_AGENT_INSTALL=1 installs first.
#include "core/agent/runtime_catalog.h"
#include "core/process/child_registry.h"
#include "tests/e2e/agents/agent_cases.h"
#include "tests/e2e/agents/fake_model.h"
#include "tests/e2e/agents/real_session.h"
#include "tests/e2e/muster_home.h"

#include <QTest>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

constexpr int boundMs = 120'000; // of one wait within a case
constexpr int noNpm = 3;         // of install.sh

QStringList wantedPrograms()
{
    return qEnvironmentVariable("MUSTER_E2E_PROGRAMS").split(u' ', Qt::SkipEmptyParts);
}

int runInstaller()
{
    QProcess installer;
    installer.setProcessChannelMode(QProcess::ForwardedChannels);
    installer.start(QStringLiteral(MUSTER_SOURCE_DIR "/tests/e2e/agents/install.sh"), wantedPrograms());
    return installer.waitForFinished(30 * 60'000) ? installer.exitCode() : -1;
}

QString resultText(const RealSession &session)
{
    if (!session.finished())
        return u"no result"_s;
    const auto &reason = session.finished()->reason;
    return enumName(session.finished()->outcome) + (reason ? u' ' + enumName(*reason) : QString());
}

QString resultText(const ExpectedResult &expected)
{
    return enumName(expected.outcome) + (expected.reason ? u' ' + enumName(*expected.reason) : QString());
}

} // namespace

class TestRealAgents : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void behaves_data();
    void behaves();
    void cleanupTestCase();

private:
    void runCase(RealSession &session, AgentCase which);
    void checkResult(const RealSession &session, AgentCase which, const ExpectedResult &expected);
    static void checkUsage(const RealSession &session, const QString &runtime);
    [[nodiscard]] bool waitFor(const std::function<bool()> &condition) const;

    FakeModel m_model;
    std::optional<RuntimeCatalog> m_catalog;
    std::vector<QJsonObject> m_asked; // of the model, in this case
    QStringList m_table;
};

void TestRealAgents::initTestCase()
{
    if (qEnvironmentVariableIsSet("MUSTER_AGENT_INSTALL")) {
        const int result = runInstaller();
        if (result == noNpm)
            QSKIP("npm cannot be reached, so the agent programs cannot be installed");
        QCOMPARE(result, 0);
    }
    if (nodeProgram().isEmpty())
        QSKIP("no Node.js 22 and no agent programs in the cache: run tests/e2e/agents/install.sh");
    QVERIFY(becomeSubreaper());
    QVERIFY(m_model.start(nodeProgram()));
    auto catalog = RuntimeCatalog::load(QStringLiteral(MUSTER_SOURCE_DIR "/resources/runtimes"),
                                        QStringLiteral(MUSTER_BIN_DIR));
    QVERIFY2(catalog, catalog ? "" : qPrintable(catalog.error().where + u' ' + catalog.error().detail));
    m_catalog = std::move(*catalog);
}

void TestRealAgents::behaves_data()
{
    QTest::addColumn<QString>("runtime");
    QTest::addColumn<AgentCase>("which");
    const QStringList wanted = wantedPrograms();
    for (const AgentProgram &program : agentPrograms()) {
        if (!wanted.isEmpty() && !wanted.contains(program.runtime))
            continue;
        for (const AgentCase which : agentCases())
            QTest::addRow("%s/%s", qPrintable(program.runtime), qPrintable(nameOf(which)))
                << program.runtime << which;
    }
}

bool TestRealAgents::waitFor(const std::function<bool()> &condition) const
{
    return QTest::qWaitFor(condition, boundMs);
}

void TestRealAgents::behaves()
{
    QFETCH(QString, runtime);
    QFETCH(AgentCase, which);
    const AgentProgram *program = findProgram(runtime);
    const QString version = installedVersion(*program);
    const RuntimeRecord *record = m_catalog->find(runtime);
    const ExpectedResult expected = expectedOf(which, runtime);
    const auto tell = [&](const QString &outcome, qint64 ms, const QString &note) {
        m_table += u"%1 %2 %3 %4 %5 %6"_s.arg(runtime, -11)
                       .arg(version, -9)
                       .arg(nameOf(which), -12)
                       .arg(outcome, -26)
                       .arg(ms, 7)
                       .arg(note);
    };
    if (version.isEmpty() || !record) {
        const QString why =
            record ? u"is not installed: run tests/e2e/agents/install.sh"_s : u"is not in the catalog"_s;
        tell(u"skipped"_s, 0, why);
        QSKIP(qPrintable(runtime + u' ' + why));
    }
    if (!expected.cannot.isEmpty()) {
        tell(u"cannot"_s, 0, expected.cannot);
        QSKIP(qPrintable(expected.cannot));
    }
    QElapsedTimer elapsed;
    elapsed.start();
    m_asked.clear();
    (void)m_model.takeLog();
    RealSession session(*program, *record, m_model.url());
    QVERIFY(session.isPrepared());
    session.setStallLimit(expected.stallLimit);
    if (which == AgentCase::RateLimitReset && !program->limitKey.isEmpty())
        session.signIn(program->limitKey);
    runCase(session, which);
    if (!session.isEnded())
        session.close();
    const bool ended = waitFor([&] { return session.isEnded(); });
    if (!QTest::currentTestFailed())
        checkResult(session, which, expected);
    const QStringList left = session.processes();
    tell(QTest::currentTestFailed() || !ended || !left.isEmpty() ? u"FAILED: "_s + resultText(session)
                                                                 : resultText(session),
         elapsed.elapsed(), expected.why);
    if (QTest::currentTestFailed() || qEnvironmentVariableIsSet("MUSTER_E2E_STORY"))
        qInfo().noquote() << session.story();
    QVERIFY(ended);
    QVERIFY2(left.isEmpty(), qPrintable(left.join(u'\n')));
}

void TestRealAgents::runCase(RealSession &session, AgentCase which)
{
    const QString file = session.workspace() + u"/made.txt";
    session.setAllows(which != AgentCase::Deny);
    if (which == AgentCase::SignedOut)
        session.signOut();
    session.begin(promptOf(which, file));
    if (which == AgentCase::Cancel) {
        QVERIFY(waitFor([&] { return session.text().contains(u"word1"_s) || session.finished(); }));
        QVERIFY(!session.finished());
        session.cancel();
    }
    if (which == AgentCase::CancelTool) {
        QVERIFY(waitFor([&] {
            return session.processes().filter(u"tail -f /dev/null"_s).size() >= 2 || session.finished();
        }));
        QVERIFY(!session.finished());
        session.cancel();
    }
    QVERIFY(waitFor([&] { return session.finished().has_value(); }));
    if (!session.isEnded())
        session.close();
    QVERIFY(waitFor([&] { return session.isEnded(); }));
    if (which != AgentCase::Resume)
        return;
    QVERIFY(session.finished()->outcome == TurnOutcome::Completed);
    QVERIFY(session.processes().isEmpty());
    const QString id = session.started()->nativeId;
    m_asked = m_model.takeLog();
    session.begin(u"%%say 4%%"_s, true);
    QVERIFY(waitFor([&] { return session.finished().has_value(); }));
    QVERIFY(session.started());
    QVERIFY(session.started()->resumed);
    QCOMPARE(session.started()->nativeId, id);
    QVERIFY2(session.text().contains(u"word4"_s), qPrintable(session.text()));
    session.close();
}

void TestRealAgents::checkResult(const RealSession &session, AgentCase which, const ExpectedResult &expected)
{
    QFETCH(QString, runtime);
    QCOMPARE(resultText(session), resultText(expected));
    m_asked = m_model.takeLog();
    const bool asked = std::ranges::any_of(
        m_asked, [&](const QJsonObject &entry) { return entry.value("act"_L1).toString() == actOf(which); });
    QCOMPARE(asked, which != AgentCase::SignedOut);
    const QByteArray written = readFile(session.workspace() + u"/made.txt");
    switch (which) {
    case AgentCase::Text:
        QVERIFY2(session.text().trimmed().endsWith(u"word1 word2 word3"_s), qPrintable(session.text()));
        return checkUsage(session, runtime);
    case AgentCase::Allow:
        QVERIFY(session.permissionsAsked() > 0);
        QCOMPARE(written, "written by the fake model\n");
        return;
    case AgentCase::Deny:
        QVERIFY(session.permissionsAsked() > 0);
        QVERIFY(written.isNull());
        return;
    case AgentCase::Resume: {
        // The new process sent the old turn along.
        const auto orders = [](const QJsonObject &entry) {
            return entry.value("orders"_L1).toInt();
        };
        QVERIFY(std::ranges::any_of(m_asked, [&](const QJsonObject &entry) { return orders(entry) >= 2; }));
        return;
    }
    case AgentCase::RateLimitReset:
        QVERIFY(session.limited());
        QVERIFY(session.limited()->resetAtMs);
        return;
    default:
        return;
    }
}

void TestRealAgents::checkUsage(const RealSession &session, const QString &runtime)
{
    const ExpectedUsage expected = usageOf(runtime);
    const Usage found = session.usage().value_or(Usage{});
    QCOMPARE(found.tokensIn, expected.tokensIn);
    QCOMPARE(found.tokensOut, expected.tokensOut);
    QCOMPARE(found.tokensCached, expected.tokensCached);
    QCOMPARE(found.costMicroUsd.value_or(-1), expected.costMicroUsd.value_or(-1));
}

void TestRealAgents::cleanupTestCase()
{
    if (m_table.isEmpty())
        return;
    m_table.prepend(u"program     version   case         outcome                         ms"_s);
    qInfo().noquote() << u'\n' + m_table.join(u'\n');
}

QTEST_GUILESS_MAIN(TestRealAgents)
#include "tst_real_agents.moc"
