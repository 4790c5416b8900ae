// Keys where there is no keychain, through the real program: asked for after each start, or in an encrypted
// file; never plain, never in an argument, the store, a log or an answer, and each refusal says what to do.
#include "tests/app/secrets_home.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

const QByteArray key = "sk-test-kept-91c0d7b2aa";
const QByteArray passphrase = "five words are long enough";
const QString name = QString::fromLatin1(SecretsHome::keyName);

} // namespace

class TestKeyPlaces : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void noKeychainOffersTheTwo();
    void askedIsLostAtARestart();
    void fileIsOpenedAfterEachStart();
    void fileIsNotMadeUnasked();
    void damagedFileIsKept();
    void goneFileIsSaid();
    void placesStayAsTheyAre();
    void accountsUseThePlaceToo();
    void isNowhereElse();
    void agentsAreRefused();

private:
    [[nodiscard]] Finished set() const
    {
        return m_home->give(key, {u"secrets"_s, u"set"_s, name, u"--json"_s});
    }
    [[nodiscard]] Finished unlock(const QByteArray &with = passphrase) const
    {
        return m_home->give(with + '\n', {u"secrets"_s, u"unlock"_s, u"--json"_s});
    }
    [[nodiscard]] QString file() const { return m_home->paths().home + u"/keys.sealed"_s; }
    [[nodiscard]] QJsonObject told() const;
    [[nodiscard]] QByteArray doctor() const { return m_home->muster({u"doctor"_s}).out; }
    void choose(const QString &store) const;
    void restart() const { QCOMPARE(m_home->muster({u"serve"_s, u"--stop"_s}).exitCode, 0); }
    // Its exit code; the agent tells its key, if it has it, to a file of its own.
    [[nodiscard]] Finished run();
    [[nodiscard]] bool agentHadIt() const
    {
        return readFile(m_home->path(u"seen"_s)).contains(QByteArray("ANTHROPIC_API_KEY=" + key + '\n'));
    }

    std::unique_ptr<SecretsHome> m_home;
    QString m_project;
};

void TestKeyPlaces::init()
{
    m_home = std::make_unique<SecretsHome>();
    m_home->environment().insert(u"DBUS_SESSION_BUS_ADDRESS"_s,
                                 QString(u"unix:path=" + m_home->path(u"no-bus"_s)));
    for (const char *variable : {"DISPLAY", "WAYLAND_DISPLAY", SecretsHome::keyName, "MUSTER_KEYS_STORE"})
        m_home->environment().remove(QLatin1StringView(variable));
    QVERIFY(m_home->addFakeRuntime());
    m_project = m_home->makeProject(u"p"_s);
}

void TestKeyPlaces::cleanup() { m_home.reset(); }

void TestKeyPlaces::choose(const QString &store) const
{
    const Finished done = m_home->muster({u"config"_s, u"set"_s, u"keys.store"_s, store});
    QVERIFY2(done.exitCode == 0, done.tail().constData());
}

QJsonObject TestKeyPlaces::told() const
{
    const QJsonArray all = m_home->muster({u"secrets"_s, u"--json"_s}).array();
    const auto found = std::ranges::find_if(
        all, [](const auto &one) { return one.toObject().value(u"name"_s).toString() == name; });
    return found == all.end() ? QJsonObject() : found->toObject();
}

Finished TestKeyPlaces::run()
{
    const QString seen = m_home->path(u"seen"_s);
    (void)QFile::remove(seen);
    return m_home->runFake(m_project, u"leak ANTHROPIC_API_KEY; environment "_s + seen);
}

void TestKeyPlaces::noKeychainOffersTheTwo()
{
    const Finished refused = set();
    QCOMPARE(refused.exitCode, 3);
    for (const char *said : {"no keychain", "muster config set keys.store ask",
                             "muster config set keys.store file", "muster secrets unlock"})
        QVERIFY2(refused.err.contains(said), refused.err.constData());
    const QByteArray checked = doctor();
    QVERIFY2(checked.contains("! key store") && checked.contains("muster config set keys.store file"),
             checked.constData());
    QCOMPARE(m_home->filesWith(key), QStringList());
    QCOMPARE(m_home->muster({u"config"_s, u"set"_s, u"keys.store"_s, u"plain"_s}).exitCode, 2);
}

void TestKeyPlaces::askedIsLostAtARestart()
{
    choose(u"ask"_s);
    const Finished kept = set();
    QVERIFY2(kept.exitCode == 0, kept.tail().constData());
    QCOMPARE(kept.object().value(u"place"_s).toString(), u"ask"_s);
    QVERIFY(told().value(u"is_kept"_s).toBool() && told().value(u"at_hand"_s).toBool());
    QCOMPARE(run().exitCode, 0);
    QVERIFY(agentHadIt());
    QVERIFY(QFile::remove(m_home->path(u"seen"_s)));
    QCOMPARE(m_home->filesWith(key), QStringList());
    restart();
    QCOMPARE(told().value(u"place"_s).toString(), u"ask"_s);
    QVERIFY(!told().value(u"at_hand"_s).toBool(true));
    const Finished failed = run();
    QCOMPARE(failed.exitCode, 1);
    QVERIFY2(failed.out.contains("asked for after each start") && failed.out.contains("muster secrets set"),
             failed.tail().constData());
    QVERIFY(!agentHadIt());
    QVERIFY(doctor().contains("has not been given since"));
    QCOMPARE(set().exitCode, 0); // asked again, given again
    QCOMPARE(run().exitCode, 0);
    QVERIFY(agentHadIt());
    QCOMPARE(m_home->muster({u"secrets"_s, u"remove"_s, name}).exitCode, 0);
    QVERIFY(!told().value(u"is_kept"_s).toBool(true));
}

void TestKeyPlaces::fileIsOpenedAfterEachStart()
{
    choose(u"file"_s);
    QVERIFY(doctor().contains("Choose its passphrase"));
    const Finished early = set();
    QCOMPARE(early.exitCode, 3);
    QVERIFY2(early.err.contains("muster secrets unlock"), early.err.constData());
    const Finished weak = unlock("short");
    QCOMPARE(weak.exitCode, 2);
    QVERIFY(!QFile::exists(file()));
    const Finished made = unlock();
    QVERIFY2(made.exitCode == 0, made.tail().constData());
    QVERIFY(made.object().value(u"made"_s).toBool());
    QCOMPARE(set().object().value(u"place"_s).toString(), u"file"_s);
    QCOMPARE(QFile::permissions(file()),
             QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser);
    QCOMPARE(run().exitCode, 0);
    QVERIFY(agentHadIt());
    restart();
    QVERIFY(told().value(u"is_kept"_s).toBool() && !told().value(u"at_hand"_s).toBool(true));
    const Finished failed = run();
    QCOMPARE(failed.exitCode, 1);
    QVERIFY2(failed.out.contains("locked") && failed.out.contains("muster secrets unlock"),
             failed.tail().constData());
    QVERIFY(!agentHadIt());
    QVERIFY(doctor().contains("It is locked"));
    const QByteArray before = readFile(file());
    const Finished wrong = unlock("four words are not enough");
    QCOMPARE(wrong.exitCode, 3);
    QVERIFY2(wrong.err.contains("not the passphrase"), wrong.err.constData());
    QCOMPARE(readFile(file()), before);
    const Finished opened = unlock();
    QVERIFY2(opened.exitCode == 0, opened.tail().constData());
    QVERIFY(!opened.object().value(u"made"_s).toBool(true));
    QVERIFY(told().value(u"at_hand"_s).toBool());
    QCOMPARE(run().exitCode, 0);
    QVERIFY(agentHadIt());
    QCOMPARE(m_home->muster({u"secrets"_s, u"remove"_s, name}).exitCode, 0);
    QVERIFY(readFile(file()).size() < before.size());
}

void TestKeyPlaces::fileIsNotMadeUnasked()
{
    const Finished refused = unlock();
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.err.contains("muster config set keys.store file"), refused.err.constData());
    QVERIFY(!QFile::exists(file()));
}

void TestKeyPlaces::damagedFileIsKept()
{
    choose(u"file"_s);
    QCOMPARE(unlock().exitCode, 0);
    QCOMPARE(set().exitCode, 0);
    QByteArray damaged = readFile(file());
    damaged[90] = static_cast<char>(damaged[90] ^ 4);
    QVERIFY(writeFile(file(), damaged));
    for (const bool afterStart : {false, true}) {
        if (afterStart)
            restart();
        const Finished opening = unlock();
        QCOMPARE(opening.exitCode, 3);
        QVERIFY2(opening.err.contains("damaged") && opening.err.contains(file().toUtf8()),
                 opening.err.constData());
        QVERIFY(set().exitCode != 0);
        QCOMPARE(run().exitCode, 1);
        QCOMPARE(readFile(file()), damaged);
    }
}

void TestKeyPlaces::goneFileIsSaid()
{
    choose(u"file"_s);
    QCOMPARE(unlock().exitCode, 0);
    QCOMPARE(set().exitCode, 0);
    QVERIFY(QFile::remove(file()));
    QVERIFY(doctor().contains("is gone"));
    const Finished failed = run();
    QCOMPARE(failed.exitCode, 1);
    QVERIFY2(failed.out.contains("the encrypted file is gone"), failed.tail().constData());
    QCOMPARE(set().exitCode, 3); // no file is made without its passphrase
    QVERIFY(!QFile::exists(file()));
    QVERIFY(unlock().object().value(u"made"_s).toBool());
    QCOMPARE(set().exitCode, 0);
    QCOMPARE(run().exitCode, 0);
}

// Another choice moves nothing: a key is read where it lies, and moves when it is given again.
void TestKeyPlaces::placesStayAsTheyAre()
{
    choose(u"file"_s);
    QCOMPARE(unlock().exitCode, 0);
    QCOMPARE(set().exitCode, 0);
    const qsizetype size = readFile(file()).size();
    choose(u"ask"_s);
    QCOMPARE(told().value(u"place"_s).toString(), u"file"_s);
    QCOMPARE(run().exitCode, 0);
    QVERIFY(agentHadIt());
    QCOMPARE(set().object().value(u"place"_s).toString(), u"ask"_s);
    QCOMPARE(told().value(u"place"_s).toString(), u"ask"_s);
    QTRY_VERIFY_WITH_TIMEOUT(readFile(file()).size() < size, patienceMs);
    QCOMPARE(run().exitCode, 0);
    QVERIFY(agentHadIt());
    restart();
    QVERIFY(!told().value(u"at_hand"_s).toBool(true));
    QCOMPARE(unlock().exitCode, 0); // one that is there is opened whatever is chosen
}

void TestKeyPlaces::accountsUseThePlaceToo()
{
    choose(u"file"_s);
    QCOMPARE(unlock().exitCode, 0);
    const Finished added =
        m_home->give(key, {u"accounts"_s, u"add"_s, u"fake"_s, u"work"_s, u"--key"_s, name, u"--json"_s});
    QVERIFY2(added.exitCode == 0, added.tail().constData());
    restart();
    QVERIFY(doctor().contains("It is locked"));
    QCOMPARE(unlock().exitCode, 0);
    bool had = false;
    for (int i = 0; i < 2; ++i) { // one of the two accounts after the other
        QCOMPARE(run().exitCode, 0);
        had = had || agentHadIt();
    }
    QVERIFY(had);
    (void)QFile::remove(m_home->path(u"seen"_s));
    QCOMPARE(m_home->filesWith(key), QStringList());
}

void TestKeyPlaces::isNowhereElse()
{
    choose(u"file"_s);
    const Finished made = unlock();
    const Finished kept = set();
    const Finished wrong = unlock("some other words entirely");
    for (const Finished &one : {made, kept, wrong}) {
        for (const QByteArray &secret : {key, passphrase, QByteArray("some other words entirely")})
            QVERIFY(!one.out.contains(secret) && !one.err.contains(secret));
    }
    const Finished ran = m_home->runFake(m_project, u"leak ANTHROPIC_API_KEY"_s);
    QVERIFY2(ran.exitCode == 0, ran.tail().constData());
    QVERIFY(ran.out.contains("[redacted]") && !ran.out.contains(key));
    for (const QByteArray &secret : {key, passphrase, QByteArray("some other words entirely")}) {
        QCOMPARE(m_home->filesWith(secret), QStringList()); // while the node runs, with its logs
        QCOMPARE(m_home->filesWith(secret.toBase64(QByteArray::OmitTrailingEquals)), QStringList());
        const Programs programs = programsBelow(m_home->root(), secret);
        QVERIFY(programs.all.contains(u"muster"_s));
        QCOMPARE(programs.withKey, QSet<QString>());
    }
    const QByteArray audit = m_home->muster({u"secrets"_s, u"list"_s}).out;
    QVERIFY(audit.contains("encrypted file") && !audit.contains(key));
    restart();
    for (const QByteArray &secret : {key, passphrase})
        QCOMPARE(m_home->filesWith(secret), QStringList());
    QVERIFY(!m_home->filesWith("secret.file_made").isEmpty()); // it looked into the right place
}

void TestKeyPlaces::agentsAreRefused()
{
    choose(u"file"_s);
    QCOMPARE(unlock().exitCode, 0);
    const QString saidTo = m_home->path(u"said"_s);
    const QByteArray muster =
        "MUSTER_HOME=" + QFile::encodeName(m_home->paths().home) + " " MUSTER_BIN_DIR "/muster ";
    QVERIFY(MusterHome::writeFlow(m_project, u"shell"_s,
                                  "muster: 1\nname: shell\nsteps:\n  - { id: a, run: '(" + muster +
                                      "config set keys.store ask --json; echo " + passphrase + " | " +
                                      muster + "secrets unlock --json) > " + saidTo.toUtf8() +
                                      " 2>/dev/null; true' }\n"));
    const Finished shell = m_home->muster(
        {u"run"_s, u"shell"_s, u"--yes"_s, u"--trust"_s, u"--json"_s, u"--project"_s, m_project});
    QVERIFY2(shell.exitCode == 0, shell.tail().constData());
    QCOMPARE(readFile(saidTo).count("\"permission_denied\""), 2);
}

QTEST_GUILESS_MAIN(TestKeyPlaces)
#include "tst_key_places.moc"
