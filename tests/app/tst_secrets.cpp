// Keys from the command line to the agent, with a real keyring: kept and removed, given only to the child
// whose runtime names them, and never in the store, a log, an event, an answer or an argument.
#include "tests/app/secrets_home.h"
#include "tests/support/keyring_session.h"

#include <QJsonDocument>

using namespace muster;
using namespace muster::e2e;
using namespace muster::testing;
using namespace Qt::StringLiterals;

namespace {

const QByteArray key = "sk-test-kept-5f3a9c1e7b2d";
const QByteArray accountKey = "sk-test-of-an-account-c41d08";
const QByteArray environmentKey = "sk-test-environment-77aa21";
constexpr auto name = SecretsHome::keyName;

} // namespace

class TestSecrets : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void keepsListsAndRemoves();
    void refusesWhatIsNoKey_data();
    void refusesWhatIsNoKey();
    void childGetsItsOwnOnly();
    void environmentIsTheSecondChoice();
    void accountsHaveTheirOwn();
    void appearsNowhere();
    void noOtherProcessHasIt();
    void failedTurnTellsNothing();
    void lockedIsSaid();
    void noKeychainIsSaid();
    void agentsAreRefused();

private:
    void start(KeyringSession::State state);
    [[nodiscard]] Finished set(const QByteArray &value,
                               const QString &variable = QLatin1StringView(name)) const;
    [[nodiscard]] Finished give(const QByteArray &value, const QStringList &arguments) const
    {
        return m_home->give(value, arguments);
    }
    [[nodiscard]] Finished runFake(const QString &prompt) { return m_home->runFake(m_project, prompt); }
    [[nodiscard]] QStringList filesWith(const QByteArray &text) const { return m_home->filesWith(text); }

    std::unique_ptr<KeyringSession> m_keyring;
    std::unique_ptr<SecretsHome> m_home;
    QString m_project;
};

void TestSecrets::initTestCase()
{
    if (const QString missing = KeyringSession::missing(); !missing.isEmpty())
        QSKIP(qPrintable(missing));
}

void TestSecrets::init() { start(KeyringSession::State::Unlocked); }

// A home whose node knows one more runtime: an agent that does what its prompt says, signed in by the key.
void TestSecrets::start(KeyringSession::State state)
{
    cleanup();
    m_keyring = std::make_unique<KeyringSession>(state);
    m_home = std::make_unique<SecretsHome>();
    for (const char *variable : {"DBUS_SESSION_BUS_ADDRESS", "HOME", "XDG_DATA_HOME"})
        m_home->environment().insert(QLatin1StringView(variable),
                                     m_keyring->environment().value(QLatin1StringView(variable)));
    for (const char *variable : {"DISPLAY", "WAYLAND_DISPLAY", name, "GEMINI_API_KEY"})
        m_home->environment().remove(QLatin1StringView(variable));
    m_home->environment().insert(u"OPENAI_API_KEY"_s, u"sk-test-of-another-9182"_s);
    m_home->environment().insert(u"GITHUB_TOKEN"_s, u"ghp_of-the-person-1234"_s);
    QVERIFY(m_home->addFakeRuntime());
    m_project = m_home->makeProject(u"p"_s);
}

void TestSecrets::cleanup()
{
    m_home.reset(); // the node before the keyring that it asks
    m_keyring.reset();
}

Finished TestSecrets::set(const QByteArray &value, const QString &variable) const
{
    return give(value, {u"secrets"_s, u"set"_s, variable, u"--json"_s});
}

void TestSecrets::keepsListsAndRemoves()
{
    const auto isKept = [this] {
        const QJsonArray list = m_home->muster({u"secrets"_s, u"--json"_s}).array();
        for (const auto &one : list) {
            if (one[u"name"].toString() == QLatin1StringView(name))
                return one[u"is_kept"].toBool() && one[u"runtimes"].toArray().contains(u"fake"_s);
        }
        return false;
    };
    const auto fake = [this](const QString &field) {
        return m_home->muster({u"runtimes"_s, u"show"_s, u"fake"_s, u"--json"_s}).object().value(field);
    };
    QVERIFY(!isKept());
    QCOMPARE(fake(u"sign_in"_s).toString(), u"unknown"_s);
    const Finished kept = set(key + "\n");
    QVERIFY2(kept.exitCode == 0, kept.tail().constData());
    QVERIFY(kept.object().value(u"is_kept"_s).toBool());
    QVERIFY(!kept.out.contains(key) && !kept.err.contains(key));
    QVERIFY(isKept());
    QCOMPARE(fake(u"signed_in_by"_s).toString(), QString::fromLatin1(name));
    QVERIFY(fake(u"key_is_kept"_s).toBool());
    QVERIFY(m_home->muster({u"doctor"_s}).out.contains("key ANTHROPIC_API_KEY"));
    // Another node of the same home knows it too.
    QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    QVERIFY(isKept());
    QCOMPARE(m_home->muster({u"secrets"_s, u"remove"_s, QLatin1StringView(name)}).exitCode, 0);
    QVERIFY(!isKept());
    QCOMPARE(m_home->muster({u"secrets"_s, u"remove"_s, QLatin1StringView(name)}).exitCode, 3);
}

void TestSecrets::refusesWhatIsNoKey_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("no runtime takes it") << u"NO_SUCH_KEY"_s << key;
    QTest::newRow("no name of a variable") << u"a=b"_s << key;
    QTest::newRow("empty") << QString(QLatin1StringView(name)) << QByteArray("\n");
    QTest::newRow("two lines") << QString(QLatin1StringView(name)) << QByteArray("one\ntwo\n");
    QTest::newRow("too long") << QString(QLatin1StringView(name)) << QByteArray(20'000, 'x');
}

void TestSecrets::refusesWhatIsNoKey()
{
    QFETCH(QString, variable);
    QFETCH(QByteArray, value);
    const Finished refused = set(value, variable);
    QCOMPARE(refused.exitCode, 2);
    QVERIFY(!refused.object().value(u"error"_s)[u"text"].toString().isEmpty());
    QVERIFY(value.trimmed().isEmpty() || !refused.out.contains(value.trimmed()));
    QCOMPARE(m_home->muster({u"secrets"_s, u"set"_s, QLatin1StringView(name), u"sk-as-argument"_s}).exitCode,
             2);
}

void TestSecrets::childGetsItsOwnOnly()
{
    m_home->environment().insert(QLatin1StringView(name), QString::fromLatin1(environmentKey));
    QCOMPARE(set(key).exitCode, 0);
    QCOMPARE(set("another-in-the-keychain", u"GEMINI_API_KEY"_s).exitCode, 0);
    const QString seen = m_home->path(u"seen"_s);
    const Finished run = runFake(u"environment "_s + seen);
    QVERIFY2(run.exitCode == 0, run.tail().constData());
    const QByteArray environment = readFile(seen);
    QVERIFY2(environment.contains(QByteArray("ANTHROPIC_API_KEY=" + key + '\n')), environment.constData());
    for (const char *other : {environmentKey.constData(), "another-in-the-keychain", "OPENAI_API_KEY",
                              "GEMINI_API_KEY", "GITHUB_TOKEN", "DBUS_SESSION_BUS_ADDRESS"})
        QVERIFY2(!environment.contains(other), other);
    // The version of a program is asked for without any key, and a step of the shell gets none either.
    QVERIFY(MusterHome::writeFlow(m_project, u"shell"_s,
                                  "muster: 1\nname: shell\nsteps:\n  - { id: a, run: 'env > " +
                                      seen.toUtf8() + "' }\n"));
    const Finished shell = m_home->muster(
        {u"run"_s, u"shell"_s, u"--yes"_s, u"--trust"_s, u"--json"_s, u"--project"_s, m_project});
    QVERIFY2(shell.exitCode == 0, shell.tail().constData());
    QVERIFY2(!readFile(seen).contains("_API_KEY") && readFile(seen).contains("PATH="),
             readFile(seen).constData());
}

void TestSecrets::environmentIsTheSecondChoice()
{
    m_home->environment().insert(QLatin1StringView(name), QString::fromLatin1(environmentKey));
    const QString seen = m_home->path(u"seen"_s);
    const Finished run = runFake(u"leak ANTHROPIC_API_KEY; environment "_s + seen);
    QVERIFY2(run.exitCode == 0, run.tail().constData());
    QVERIFY(readFile(seen).contains(QByteArray("ANTHROPIC_API_KEY=" + environmentKey + '\n')));
    QVERIFY(QFile::remove(seen));
    QVERIFY(!run.out.contains(environmentKey));
    QCOMPARE(filesWith(environmentKey), QStringList());
}

// An account's key reaches its own child alone, and nothing of the first account reaches that child.
void TestSecrets::accountsHaveTheirOwn()
{
    m_home->environment().insert(QLatin1StringView(name), QString::fromLatin1(environmentKey));
    QCOMPARE(set(key).exitCode, 0);
    const Finished added = give(accountKey + "\n", {u"accounts"_s, u"add"_s, u"fake"_s, u"work"_s, u"--key"_s,
                                                    QLatin1StringView(name), u"--json"_s});
    QVERIFY2(added.exitCode == 0, added.tail().constData());
    QCOMPARE(added.object().value(u"keys"_s).toArray(), QJsonArray{QLatin1StringView(name)});
    QVERIFY(!added.out.contains(accountKey) && !added.err.contains(accountKey));
    const QString seen = m_home->path(u"seen"_s);
    const auto keyOfTheNext = [&] {
        (void)QFile::remove(seen);
        const Finished run = runFake(u"leak ANTHROPIC_API_KEY; environment "_s + seen);
        const QByteArray environment = readFile(seen);
        (void)QFile::remove(seen);
        if (run.exitCode != 0 || run.out.contains(accountKey) || environment.count("ANTHROPIC_API_KEY=") != 1)
            return run.tail();
        const qsizetype at = environment.indexOf("ANTHROPIC_API_KEY=") + 18;
        return environment.sliced(at, environment.indexOf('\n', at) - at);
    };
    QCOMPARE(keyOfTheNext(), key);
    QCOMPARE(keyOfTheNext(), accountKey);
    QCOMPARE(filesWith(accountKey), QStringList());
    // Another node of the same home knows it too; what is removed is gone from the keychain.
    QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    QCOMPARE(m_home->muster({u"accounts"_s, u"--json"_s}).array().size(), 2);
    QVERIFY(m_home->muster({u"doctor"_s}).out.contains("account fake/work"));
    QCOMPARE(m_home->muster({u"accounts"_s, u"remove"_s, u"fake"_s, u"work"_s}).exitCode, 0);
    QCOMPARE(m_home->muster({u"accounts"_s, u"--json"_s}).array().size(), 0);
    QCOMPARE(keyOfTheNext(), key);
    QCOMPARE(m_home->muster({u"accounts"_s, u"remove"_s, u"fake"_s, u"work"_s}).exitCode, 3);
    QCOMPARE(give("any", {u"accounts"_s, u"add"_s, u"fake"_s, u"work"_s, u"--json"_s}).exitCode, 2); // no key
    QCOMPARE(m_home->muster({u"accounts"_s, u"add"_s, u"fake"_s}).exitCode, 2);
    QCOMPARE(filesWith(accountKey), QStringList());
}

void TestSecrets::appearsNowhere()
{
    QCOMPARE(set(key).exitCode, 0);
    const Finished run = runFake(u"leak ANTHROPIC_API_KEY"_s);
    QVERIFY2(run.exitCode == 0, run.tail().constData());
    QVERIFY2(run.out.count("[redacted]") >= 3, run.out.constData());
    QVERIFY(!run.out.contains(key));
    const QByteArray shown = m_home->muster({u"runs"_s, u"show"_s, u"1"_s, u"--json"_s}).out;
    QVERIFY2(shown.contains("[redacted]") && !shown.contains(key), shown.constData());
    QCOMPARE(filesWith(key), QStringList()); // while the node runs: also in the log of the store
    QCOMPARE(filesWith(key.toBase64(QByteArray::OmitTrailingEquals)), QStringList());
    QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    QCOMPARE(filesWith(key), QStringList());
    QVERIFY(!filesWith("[redacted]").isEmpty()); // it looked into the right place
}

void TestSecrets::noOtherProcessHasIt()
{
    m_home->environment().insert(u"MUSTER_POOLS_FLOW"_s, u"3"_s); // however few processors there are
    QCOMPARE(set(key).exitCode, 0);
    QVERIFY(MusterHome::writeFlow(m_project, u"many"_s,
                                  "muster: 1\nname: many\ndefaults: { isolation: none }\nsteps:\n"
                                  "  - { id: a, runtime: fake, prompt: 'say here; hang' }\n"
                                  "  - { id: b, runtime: demo, prompt: 'How many tests? @@stall' }\n"
                                  "  - { id: c, run: 'sleep 1000' }\n"));
    const auto run = m_home->start(
        {u"run"_s, u"many"_s, u"--yes"_s, u"--trust"_s, u"--json"_s, u"--project"_s, m_project});
    Programs programs;
    const QSet<QString> expected{u"fake_acp_agent"_s, u"muster-demo-agent"_s, u"muster-guard"_s, u"sleep"_s,
                                 u"muster"_s};
    const bool allRun = QTest::qWaitFor([&] {
        programs = programsBelow(m_home->root(), key);
        return programs.all.contains(expected) && !programs.withKey.isEmpty();
    }, patienceMs);
    QVERIFY2(allRun, qPrintable(QStringList(programs.all.values()).join(u' ')));
    // The guard holds it for the moment in which it starts the agent.
    const QSet<QString> agent{u"fake_acp_agent"_s};
    QTRY_COMPARE_WITH_TIMEOUT(programsBelow(m_home->root(), key).withKey, agent, patienceMs);
    QCOMPARE(m_home->muster({u"runs"_s, u"cancel"_s, u"1"_s}).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(programsBelow(m_home->root(), key).withKey, QSet<QString>(), patienceMs);
    (void)MusterHome::waitFor(*run);
}

void TestSecrets::failedTurnTellsNothing()
{
    QCOMPARE(set(key).exitCode, 0);
    const Finished run = runFake(u"leakerror ANTHROPIC_API_KEY"_s);
    QCOMPARE(run.exitCode, 1);
    QVERIFY2(run.out.contains("bad key [redacted]") && !run.out.contains(key), run.out.constData());
    QVERIFY(!run.err.contains(key));
    QCOMPARE(filesWith(key), QStringList());
}

void TestSecrets::lockedIsSaid()
{
    QCOMPARE(set(key).exitCode, 0);
    // The keyring and its clients begin anew, as with a new login.
    QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    m_keyring->lock();
    const Finished refused = set("sk-another-value");
    QCOMPARE(refused.exitCode, 3);
    QCOMPARE(refused.object().value(u"error"_s)[u"code"].toString(), u"permission_denied"_s);
    QVERIFY2(refused.err.contains("locked"), refused.err.constData());
    const Finished run = runFake(u"say hello"_s);
    QCOMPARE(run.exitCode, 1);
    QVERIFY2(run.out.contains("the keychain is locked (ANTHROPIC_API_KEY"), run.tail().constData());
    QVERIFY(m_home->muster({u"doctor"_s}).out.contains("is locked"));
    QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    m_keyring->restart();
    QCOMPARE(runFake(u"say hello"_s).exitCode, 0);
}

void TestSecrets::noKeychainIsSaid()
{
    start(KeyringSession::State::NoBus);
    const Finished refused = set(key);
    QCOMPARE(refused.exitCode, 3);
    QCOMPARE(refused.object().value(u"error"_s)[u"code"].toString(), u"unavailable"_s);
    QVERIFY2(refused.err.contains("no keychain"), refused.err.constData());
    QCOMPARE(filesWith(key), QStringList());
    QCOMPARE(runFake(u"say hello"_s).exitCode, 0); // no key is kept, so none is missed
}

void TestSecrets::agentsAreRefused()
{
    QCOMPARE(set(key).exitCode, 0);
    const QString said = m_home->path(u"said"_s);
    const QByteArray muster =
        "MUSTER_HOME=" + QFile::encodeName(m_home->paths().home) + " " MUSTER_BIN_DIR "/muster ";
    QVERIFY(MusterHome::writeFlow(m_project, u"shell"_s,
                                  "muster: 1\nname: shell\nsteps:\n  - { id: a, run: '(" + muster +
                                      "secrets list --json; " + muster +
                                      "secrets remove ANTHROPIC_API_KEY --json; echo other | " + muster +
                                      "secrets set ANTHROPIC_API_KEY --json; echo other | " + muster +
                                      "accounts add fake work --key ANTHROPIC_API_KEY --json) > " +
                                      said.toUtf8() + " 2>/dev/null; true' }\n"));
    const Finished shell = m_home->muster(
        {u"run"_s, u"shell"_s, u"--yes"_s, u"--trust"_s, u"--json"_s, u"--project"_s, m_project});
    QVERIFY2(shell.exitCode == 0, shell.tail().constData());
    QCOMPARE(readFile(said).count("\"permission_denied\""), 4);
    QCOMPARE(runFake(u"leak ANTHROPIC_API_KEY"_s).exitCode, 0);
    QCOMPARE(filesWith(key), QStringList());
}

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
