// Which runtimes can be used here, found out with real programs in a PATH of the test's own: there, missing,
// not executable, hanging, printing anything, too old, on stderr.
#include "core/agent/runtime_probe.h"
#include "core/agent/runtime_reader.h"
#include "core/process/local_launcher.h"
#include "core/process/tree_supervisor.h"
#include "tests/support/manual_clock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 30'000;

RuntimeRecord runtime(const QString &id)
{
    RuntimeRecord record;
    record.id = id;
    record.label = id;
    record.argv = {id, u"acp"_s};
    record.versionArgs = {u"--version"_s};
    record.minimumVersion = u"2.0.0"_s;
    return record;
}

} // namespace

class TestRuntimeProbe : public QObject {
    Q_OBJECT

private slots:
    void init();
    void programs_data();
    void programs();
    void hangingIsEnded();
    void notExecutable();
    void missing();
    void signIn_data();
    void signIn();
    void providersNeedTheirVariables();
    void keysDoNotReachIt();
    void versionIsKeptUntilTheFileChanges();
    void manyAtOnce();

private:
    void put(const QString &name, const QByteArray &script, bool executable = true);
    RuntimeStatus look(const RuntimeRecord &record, bool again = false);
    RuntimeProbe &probe(const std::vector<RuntimeRecord> &records);

    std::unique_ptr<QTemporaryDir> m_folder;
    QStringList m_environment;
    std::chrono::milliseconds m_limit{patience};
    TreeSupervisor m_supervisor;
    LocalLauncher m_launcher{&m_supervisor};
    ManualClock m_clock;
    RuntimeCatalog m_catalog;
    std::unique_ptr<RuntimeProbe> m_probe;
};

void TestRuntimeProbe::init()
{
    m_probe.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_environment = {QString(u"PATH="_s + m_folder->path() + u":/usr/bin:/bin"_s),
                     QString(u"HOME="_s + m_folder->path())};
    m_limit = std::chrono::milliseconds(patience);
    m_catalog = {};
}

void TestRuntimeProbe::put(const QString &name, const QByteArray &script, bool executable)
{
    // Written under another name first: a file open for writing cannot be executed.
    QFile file(m_folder->filePath(u"new"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\n" + script + "\n");
    file.close();
    auto rights = QFile::ReadOwner | QFile::WriteOwner;
    if (executable)
        rights |= QFile::ExeOwner;
    QVERIFY(file.setPermissions(rights));
    QFile::remove(m_folder->filePath(name));
    QVERIFY(file.rename(m_folder->filePath(name)));
}

RuntimeProbe &TestRuntimeProbe::probe(const std::vector<RuntimeRecord> &records)
{
    if (!m_probe) {
        for (const RuntimeRecord &record : records)
            m_catalog.add(record);
        m_probe = std::make_unique<RuntimeProbe>(
            m_catalog, m_launcher, m_clock,
            RuntimeProbeOptions{.environment = m_environment, .tmpRoot = m_folder->path(), .limit = m_limit});
    }
    return *m_probe;
}

RuntimeStatus TestRuntimeProbe::look(const RuntimeRecord &record, bool again)
{
    const auto future = probe({record}).look(again);
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, patience) || future.resultCount() == 0 ||
        !future.result() || future.result()->empty())
        return {};
    return future.result()->front();
}

void TestRuntimeProbe::programs_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<VersionState>("state");
    QTest::addColumn<QString>("version");
    QTest::addColumn<LaunchProblem>("problem");
    using S = VersionState;
    using P = LaunchProblem;
    QTest::newRow("present") << QByteArray("echo 2.1.329 '(Claude Code)'") << S::Known << u"2.1.329"_s
                             << P::None;
    QTest::newRow("v and words") << QByteArray("echo 'agent version v2.4.0-beta.1'") << S::Known
                                 << u"2.4.0-beta.1"_s << P::None;
    QTest::newRow("exactly the minimum") << QByteArray("echo 2.0.0") << S::Known << u"2.0.0"_s << P::None;
    QTest::newRow("too old") << QByteArray("echo 1.18.33") << S::Known << u"1.18.33"_s << P::WrongVersion;
    QTest::newRow("on stderr") << QByteArray("echo 3.0.1 >&2") << S::Known << u"3.0.1"_s << P::None;
    QTest::newRow("words") << QByteArray("echo no version here") << S::Unreadable << QString() << P::None;
    QTest::newRow("nothing") << QByteArray("exit 0") << S::Unreadable << QString() << P::None;
    QTest::newRow("fails") << QByteArray("echo 2.1.0; exit 3") << S::Unreadable << QString() << P::None;
    QTest::newRow("dies") << QByteArray("echo 2.1.0; kill -9 $$") << S::Unreadable << QString() << P::None;
    QTest::newRow("bytes") << QByteArray("printf '\\377\\376\\000\\001'") << S::Unreadable << QString()
                           << P::None;
    QTest::newRow("no end of it") << QByteArray("yes 9.9.9.") << S::Unreadable << QString() << P::None;
    QTest::newRow("reads its input") << QByteArray("cat; echo 2.2.2") << S::Known << u"2.2.2"_s << P::None;
}

void TestRuntimeProbe::programs()
{
    QFETCH(QByteArray, script);
    QFETCH(VersionState, state);
    QFETCH(QString, version);
    QFETCH(LaunchProblem, problem);
    put(u"agent"_s, script);
    const RuntimeStatus status = look(runtime(u"agent"_s));
    QCOMPARE(status.id, u"agent"_s);
    QCOMPARE(status.path, m_folder->filePath(u"agent"_s));
    QCOMPARE(status.version, version);
    QCOMPARE(status.versionState, state);
    QCOMPARE(status.problem, problem);
}

// The answer does not wait for the end of it, but the end comes, for what it started as well.
void TestRuntimeProbe::hangingIsEnded()
{
    put(u"agent"_s, "echo $$ > \"$HOME/pid\"\ntrap '' TERM\nsleep 1000 & sleep 1000");
    m_limit = std::chrono::milliseconds(1500);
    const RuntimeStatus status = look(runtime(u"agent"_s));
    QCOMPARE(status.versionState, VersionState::NoAnswer);
    QCOMPARE(status.problem, LaunchProblem::None);
    QFile file(m_folder->filePath(u"pid"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString pid = QString::fromLatin1(file.readAll()).trimmed();
    QVERIFY(!pid.isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(u"/proc/"_s + pid), patience);
}

void TestRuntimeProbe::notExecutable()
{
    put(u"agent"_s, "echo 2.1.0", false);
    const RuntimeStatus status = look(runtime(u"agent"_s));
    QCOMPARE(status.problem, LaunchProblem::NotExecutable);
    QVERIFY(status.path.isEmpty());
    QCOMPARE(status.versionState, VersionState::NotAsked);
}

void TestRuntimeProbe::missing()
{
    QCOMPARE(look(runtime(u"no-such-agent"_s)).problem, LaunchProblem::NotInstalled);
}

void TestRuntimeProbe::signIn_data()
{
    QTest::addColumn<bool>("needed");
    QTest::addColumn<QStringList>("env");
    QTest::addColumn<QStringList>("files");
    QTest::addColumn<SignInState>("state");
    QTest::addColumn<QString>("by");
    using S = SignInState;
    const QStringList none;
    QTest::newRow("not needed") << false << none << none << S::NotNeeded << QString();
    QTest::newRow("key") << true << QStringList{u"NOT_SET"_s, u"A_KEY"_s} << none << S::SignedIn
                         << u"A_KEY"_s;
    QTest::newRow("empty key") << true << QStringList{u"EMPTY_KEY"_s} << none << S::Unknown << QString();
    QTest::newRow("file in home") << true << none << QStringList{u"~/there"_s} << S::SignedIn << u"/there"_s;
    QTest::newRow("file of a variable")
        << true << none << QStringList{u"$AGENT_HOME/there"_s} << S::SignedIn << u"/there"_s;
    QTest::newRow("no file") << true << QStringList{u"NOT_SET"_s}
                             << QStringList{u"~/gone"_s, u"$NOT_SET/there"_s} << S::NotSignedIn << QString();
    QTest::newRow("cannot be told") << true << QStringList{u"NOT_SET"_s} << none << S::Unknown << QString();
}

void TestRuntimeProbe::signIn()
{
    QFETCH(bool, needed);
    QFETCH(QStringList, env);
    QFETCH(QStringList, files);
    QFETCH(SignInState, state);
    QFETCH(QString, by);
    put(u"agent"_s, "echo 2.1.0");
    put(u"there"_s, "");
    m_environment += {u"A_KEY=secret"_s, u"EMPTY_KEY="_s, QString(u"AGENT_HOME="_s + m_folder->path())};
    RuntimeRecord record = runtime(u"agent"_s);
    record.signIn = {.needed = needed, .env = env, .files = files, .command = {}};
    const RuntimeStatus status = look(record);
    QCOMPARE(status.signIn, state);
    QVERIFY(by.isEmpty() ? status.signedInBy.isEmpty() : status.signedInBy.endsWith(by));
    QCOMPARE(status.problem,
             state == SignInState::NotSignedIn ? LaunchProblem::AuthRequired : LaunchProblem::None);
}

// A provider's key can be nowhere but in its variable, and some have to be told where they are.
void TestRuntimeProbe::providersNeedTheirVariables()
{
    put(u"agent"_s, "echo 2.1.0");
    m_environment += {u"A_KEY=secret"_s, u"EMPTY="_s, u"ADDRESS=x"_s};
    RuntimeRecord record = runtime(u"agent"_s);
    record.signIn = {.needed = true, .onlyEnv = true, .env = {u"NOT_SET"_s}, .files = {}, .command = {}};
    QCOMPARE(look(record).signIn, SignInState::NotSignedIn);
    QCOMPARE(look(record).problem, LaunchProblem::AuthRequired);
    QCOMPARE(lookUpRuntime(record, m_environment, {u"NOT_SET"_s}).status.signIn, SignInState::SignedIn);
    m_probe.reset(); // which knows the record as it was
    record.needsEnv = {u"ADDRESS"_s, u"EMPTY"_s};
    QCOMPARE(look(record).problem, LaunchProblem::NotConfigured);
    QCOMPARE(look(record).needs, u"EMPTY"_s);
    m_probe.reset();
    record.signIn.env = {u"A_KEY"_s};
    record.needsEnv = {u"ADDRESS"_s};
    QCOMPARE(look(record).problem, LaunchProblem::None);
}

void TestRuntimeProbe::keysDoNotReachIt()
{
    put(u"agent"_s, "test -z \"$A_KEY\" && echo 2.1.0 || echo leaked");
    m_environment += u"A_KEY=secret"_s;
    RuntimeRecord record = runtime(u"agent"_s);
    record.passEnv = {u"A_KEY"_s};
    QCOMPARE(look(record).versionState, VersionState::Known);
}

void TestRuntimeProbe::versionIsKeptUntilTheFileChanges()
{
    const QByteArray counting = "echo x >> \"$HOME/asked\"; echo 2.1.0";
    const auto timesAsked = [this] {
        QFile file(m_folder->filePath(u"asked"_s));
        return file.open(QIODevice::ReadOnly) ? file.readAll().count('x') : 0;
    };
    put(u"agent"_s, counting);
    const RuntimeRecord record = runtime(u"agent"_s);
    const qint64 first = look(record).checkedMs;
    m_clock.advance(60'000);
    const RuntimeStatus kept = look(record);
    QCOMPARE(kept.version, u"2.1.0"_s);
    QCOMPARE(kept.checkedMs, first); // so its age can be told
    QCOMPARE(timesAsked(), 1);
    QVERIFY(look(record, true).checkedMs > first);
    QCOMPARE(timesAsked(), 2);
    put(u"agent"_s, counting + " # newer");
    QCOMPARE(look(record).version, u"2.1.0"_s);
    QCOMPARE(timesAsked(), 3);
    m_clock.advance(2 * 3'600'000);
    (void)look(record);
    QCOMPARE(timesAsked(), 4);
    QFile::remove(m_folder->filePath(u"agent"_s));
    const RuntimeStatus gone = look(record);
    QCOMPARE(gone.problem, LaunchProblem::NotInstalled);
    QVERIFY(gone.version.isEmpty());
}

void TestRuntimeProbe::manyAtOnce()
{
    std::vector<RuntimeRecord> records;
    for (int i = 0; i < 8; ++i) {
        const QString name = u"agent%1"_s.arg(i);
        put(name, "echo 2.1." + QByteArray::number(i));
        records.push_back(runtime(name));
    }
    const auto first = probe(records).look(false);
    const auto second = probe(records).look(false); // asked while the first is under way
    QTRY_VERIFY_WITH_TIMEOUT(first.isFinished() && second.isFinished(), patience);
    QVERIFY(first.result() && second.result());
    for (size_t i = 0; i < records.size(); ++i) {
        QCOMPARE(first.result()->at(i).version, u"2.1.%1"_s.arg(i));
        QCOMPARE(second.result()->at(i).version, u"2.1.%1"_s.arg(i));
    }
}

QTEST_GUILESS_MAIN(TestRuntimeProbe)
#include "tst_runtime_probe.moc"
