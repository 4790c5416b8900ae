// The system's keychain for real: a gnome-keyring of the test's own, open, locked, not there, and no bus at
// all. Each question is asked by a process of its own, because a process knows but one session bus.
#include "core/base/error.h"
#include "tests/support/keyring_session.h"

#include <QCoreApplication>
#include <QDirIterator>

using namespace Qt::StringLiterals;
using namespace muster;
using namespace muster::testing;

using State = KeyringSession::State;
Q_DECLARE_METATYPE(KeyringSession::State)

class TestKeychain : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void keepsAndForgets();
    void staysLocked();
    void givesUpInTime();
    void isEncrypted();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();

private:
    [[nodiscard]] static QString ask(const KeyringSession &session, const QStringList &question,
                                     int limitMs = 20'000);
};

QString TestKeychain::ask(const KeyringSession &session, const QStringList &question, int limitMs)
{
    QProcess probe;
    probe.setProcessEnvironment(session.environment());
    probe.start(QCoreApplication::applicationDirPath() + u"/keychain_probe"_s,
                QStringList{u"Muster /home/x"_s, QString::number(limitMs)} + question);
    return probe.waitForFinished(60'000) ? QString::fromUtf8(probe.readAllStandardOutput()) : u"hangs"_s;
}

void TestKeychain::initTestCase()
{
    if (const QString missing = KeyringSession::missing(); !missing.isEmpty())
        QSKIP(qPrintable(missing));
}

void TestKeychain::keepsAndForgets()
{
    const KeyringSession session(State::Unlocked);
    const QString notThere = QString::number(static_cast<int>(ErrorCode::NotFound)) + u" secret A_KEY"_s;
    const QString value = u"sk-tést-0123456789"_s;
    QCOMPARE(ask(session, {u"read"_s, u"A_KEY"_s}), notThere);
    QCOMPARE(ask(session, {u"write"_s, u"A_KEY"_s, u"earlier"_s}), u"ok A_KEY"_s);
    QCOMPARE(ask(session, {u"write"_s, u"A_KEY"_s, value}), u"ok A_KEY"_s);
    QCOMPARE(ask(session, {u"write"_s, u"B_KEY"_s, u"other"_s}), u"ok B_KEY"_s);
    QCOMPARE(ask(session, {u"read"_s, u"A_KEY"_s}), QString(u"ok "_s + value));
    QCOMPARE(ask(session, {u"remove"_s, u"A_KEY"_s}), u"ok A_KEY"_s);
    QCOMPARE(ask(session, {u"read"_s, u"A_KEY"_s}), notThere);
    QCOMPARE(ask(session, {u"read"_s, u"B_KEY"_s}), u"ok other"_s);
}

void TestKeychain::saysWhatIsWrong_data()
{
    QTest::addColumn<State>("state");
    QTest::addColumn<QString>("verb");
    QTest::addColumn<ErrorCode>("code");
    for (const char *verb : {"read", "write", "remove"}) {
        const auto row = [verb](const char *name, State state, ErrorCode code) {
            QTest::addRow("%s, %s", name, verb) << state << QString::fromLatin1(verb) << code;
        };
        row("no service", State::NoService, ErrorCode::Unavailable);
        row("no bus", State::NoBus, ErrorCode::Unavailable);
    }
}

void TestKeychain::saysWhatIsWrong()
{
    QFETCH(State, state);
    QFETCH(QString, verb);
    QFETCH(ErrorCode, code);
    const KeyringSession session(state);
    const QString said = ask(session, {verb, u"A_KEY"_s, u"sk-value-0123456789"_s});
    QVERIFY2(said.startsWith(QString::number(static_cast<int>(code)) + u" keychain "_s), qPrintable(said));
}

// Locked, nothing is told, nothing is lost, and that it is locked is said.
void TestKeychain::staysLocked()
{
    KeyringSession session(State::Unlocked);
    const QString value = u"sk-value-0123456789"_s;
    QCOMPARE(ask(session, {u"write"_s, u"A_KEY"_s, value}), u"ok A_KEY"_s);
    session.lock();
    const QString locked = QString::number(static_cast<int>(ErrorCode::PermissionDenied)) + u" keychain "_s;
    for (const char *verb : {"read", "write", "remove"}) {
        const QString said = ask(session, {QString::fromLatin1(verb), u"A_KEY"_s, u"another"_s});
        QVERIFY2(said.startsWith(locked), qPrintable(QLatin1StringView(verb) + u": "_s + said));
    }
    session.restart();
    QCOMPARE(ask(session, {u"read"_s, u"A_KEY"_s}), QString(u"ok "_s + value));
}

// One that does not answer, as while it waits for its password, is not waited for without end.
void TestKeychain::givesUpInTime()
{
    const KeyringSession session(State::Unlocked);
    session.freeze();
    const QString late = QString::number(static_cast<int>(ErrorCode::Timeout)) + u" keychain "_s;
    QCOMPARE(ask(session, {u"read"_s, u"A_KEY"_s}, 300), late);
}

void TestKeychain::isEncrypted()
{
    const KeyringSession session(State::Unlocked);
    QCOMPARE(ask(session, {u"write"_s, u"A_KEY"_s, u"sk-value-0123456789"_s}), u"ok A_KEY"_s);
    int files = 0;
    QDirIterator all(session.folder(), QDir::Files, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        QFile file(all.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(!file.readAll().contains("sk-value"), qPrintable(file.fileName()));
        ++files;
    }
    QVERIFY(files > 0);
}

QTEST_GUILESS_MAIN(TestKeychain)
#include "tst_keychain.moc"
