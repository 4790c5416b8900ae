// The encrypted file of keys, on a real disk: what is kept comes back with the right passphrase alone;
// anything else is refused, said as what it is, and left as it is. And the keys that are asked for each time.
#include "core/secrets/asked_keys.h"
#include "core/secrets/key_file.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <sodium.h>
#include <sys/stat.h>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr SealCost cheap{.operations = 1, .memoryKib = 8};
const QString passphrase = u"correct horse bättery"_s;
const QString value = u"sk-tést-0123456789"_s;

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size();
}

QString said(const Result<QString> &result)
{
    return result ? *result : QString(u"! "_s + result.error().where);
}

// The checksum at the end is made to fit, as somebody who forges a file would.
QByteArray withSum(QByteArray file)
{
    file.chop(crypto_generichash_BYTES);
    QByteArray sum(crypto_generichash_BYTES, Qt::Uninitialized);
    crypto_generichash(reinterpret_cast<unsigned char *>(sum.data()), crypto_generichash_BYTES,
                       reinterpret_cast<const unsigned char *>(file.constData()),
                       static_cast<unsigned long long>(file.size()), nullptr, 0);
    return file + sum;
}

} // namespace

class TestKeyFile : public QObject {
    Q_OBJECT

private slots:
    void init();
    void keepsAndForgets();
    void isMadeByUnlocking();
    void isLockedAfterEachStart();
    void isTheOwnersAlone();
    void hasNothingPlain();
    void everyFlippedByteIsRefused();
    void everyCutIsRefused();
    void forgedByteIsRefused();
    void newerVersionIsSaid();
    void excessiveCostIsRefused();
    void damagedIsNotWrittenOver();
    void goneIsSaid();
    void replacedIsLocked();
    void unwritableIsSaid();
    void oldOrNewAfterAKill();
    void everyLengthOfContent();
    void askedIsForgotten();

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(u"keys.sealed"_s); }
    void makeFile() const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestKeyFile::init() { m_folder = std::make_unique<QTemporaryDir>(); }

void TestKeyFile::makeFile() const
{
    KeyFile file(path(), cheap);
    QCOMPARE(said(file.unlock(passphrase).result()), path());
    QCOMPARE(said(file.write(u"A_KEY"_s, value).result()), u"A_KEY"_s);
}

void TestKeyFile::keepsAndForgets()
{
    KeyFile file(path(), cheap);
    QCOMPARE(said(file.unlock(passphrase).result()), path());
    QCOMPARE(said(file.read(u"A_KEY"_s).result()), u"! secret"_s);
    QCOMPARE(said(file.write(u"A_KEY"_s, u"earlier"_s).result()), u"A_KEY"_s);
    QCOMPARE(said(file.write(u"B_KEY"_s, u"other"_s).result()), u"B_KEY"_s);
    QCOMPARE(said(file.write(u"A_KEY"_s, value).result()), u"A_KEY"_s);
    QCOMPARE(said(file.read(u"A_KEY"_s).result()), value);
    QCOMPARE(said(file.remove(u"A_KEY"_s).result()), u"A_KEY"_s);
    QCOMPARE(said(file.remove(u"A_KEY"_s).result()), u"! secret"_s);
    QCOMPARE(said(file.read(u"A_KEY"_s).result()), u"! secret"_s);
    QCOMPARE(said(file.read(u"B_KEY"_s).result()), u"other"_s);
}

void TestKeyFile::isMadeByUnlocking()
{
    KeyFile file(path(), cheap);
    QVERIFY(file.state() == KeyFile::State::None);
    QCOMPARE(said(file.write(u"A_KEY"_s, value).result()), u"! key_file_new"_s);
    QVERIFY(!QFile::exists(path()));
    QCOMPARE(said(file.unlock(passphrase).result()), path());
    QVERIFY(file.state() == KeyFile::State::Open);
}

void TestKeyFile::isLockedAfterEachStart()
{
    makeFile();
    KeyFile file(path(), cheap);
    QVERIFY(file.state() == KeyFile::State::Locked);
    const QByteArray before = contentOf(path());
    QCOMPARE(said(file.read(u"A_KEY"_s).result()), u"! key_file_locked"_s);
    QCOMPARE(said(file.write(u"A_KEY"_s, u"x"_s).result()), u"! key_file_locked"_s);
    QCOMPARE(said(file.remove(u"A_KEY"_s).result()), u"! key_file_locked"_s);
    for (const QString &wrong : {u"correct horse battery"_s, QString(passphrase + u' '), QString()}) {
        const auto refused = file.unlock(wrong).result();
        QCOMPARE(said(refused), u"! passphrase"_s);
        QVERIFY(refused.error().code == ErrorCode::PermissionDenied);
        QVERIFY(file.state() == KeyFile::State::Locked);
    }
    QCOMPARE(contentOf(path()), before);
    // As another keyboard writes the same: a and the two dots apart.
    QCOMPARE(said(file.unlock(passphrase.normalized(QString::NormalizationForm_D)).result()), path());
    QCOMPARE(said(file.read(u"A_KEY"_s).result()), value);
    // A wrong one later locks nothing.
    QCOMPARE(said(file.unlock(u"something else"_s).result()), u"! passphrase"_s);
    QCOMPARE(said(file.read(u"A_KEY"_s).result()), value);
}

void TestKeyFile::isTheOwnersAlone()
{
    const mode_t before = ::umask(0);
    makeFile();
    ::umask(before);
    struct stat made{};
    QCOMPARE(::stat(QFile::encodeName(path()).constData(), &made), 0);
    QCOMPARE(made.st_mode & 07777U, 0600U);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"keys.sealed"_s});
}

void TestKeyFile::hasNothingPlain()
{
    makeFile();
    const QByteArray bytes = contentOf(path());
    QVERIFY(bytes.size() > 100);
    for (const QString &secret : {value, passphrase, u"A_KEY"_s, u"0123456789"_s})
        QVERIFY2(!bytes.contains(secret.toUtf8()), qPrintable(secret));
    // The same again is not the same file: a nonce is used once.
    KeyFile file(path(), cheap);
    QVERIFY(file.unlock(passphrase).result());
    QVERIFY(file.write(u"A_KEY"_s, value).result());
    const QByteArray again = contentOf(path());
    QCOMPARE(again.size(), bytes.size());
    QVERIFY(again.sliced(36, 24) != bytes.sliced(36, 24));
    QVERIFY(again.sliced(60) != bytes.sliced(60));
}

void TestKeyFile::everyFlippedByteIsRefused()
{
    makeFile();
    const QByteArray whole = contentOf(path());
    KeyFile open(path(), cheap);
    QVERIFY(open.unlock(passphrase).result());
    for (qsizetype i = 0; i < whole.size(); ++i) {
        QByteArray bytes = whole;
        bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
        QVERIFY(write(path(), bytes));
        KeyFile file(path(), cheap);
        const auto refused = file.unlock(passphrase).result();
        QVERIFY2(said(refused) == u"! key_file_damaged", qPrintable(QString::number(i)));
        QVERIFY(refused.error().detail.contains(path()));
        QCOMPARE(said(open.read(u"A_KEY"_s).result()), u"! key_file_damaged"_s);
        QCOMPARE(contentOf(path()), bytes);
    }
    QVERIFY(write(path(), whole));
    QCOMPARE(said(open.read(u"A_KEY"_s).result()), value);
}

void TestKeyFile::everyCutIsRefused()
{
    makeFile();
    const QByteArray whole = contentOf(path());
    for (qsizetype size = 0; size < whole.size(); ++size) {
        QVERIFY(write(path(), whole.first(size)));
        KeyFile file(path(), cheap);
        QVERIFY2(said(file.unlock(passphrase).result()) == u"! key_file_damaged",
                 qPrintable(QString::number(size)));
    }
    QVERIFY(write(path(), whole + 'x'));
    QCOMPARE(said(KeyFile(path(), cheap).unlock(passphrase).result()), u"! key_file_damaged"_s);
}

// One that fits its checksum is found out by the key.
void TestKeyFile::forgedByteIsRefused()
{
    makeFile();
    const QByteArray whole = contentOf(path());
    QCOMPARE(withSum(whole), whole);
    for (qsizetype i = 20; i < whole.size() - qsizetype{crypto_generichash_BYTES}; ++i) {
        QByteArray bytes = whole;
        bytes[i] = static_cast<char>(bytes[i] ^ 1);
        QVERIFY(write(path(), withSum(bytes)));
        QVERIFY2(said(KeyFile(path(), cheap).unlock(passphrase).result()) == u"! passphrase",
                 qPrintable(QString::number(i)));
    }
}

void TestKeyFile::newerVersionIsSaid()
{
    makeFile();
    QByteArray bytes = contentOf(path());
    bytes[11] = 2;
    QVERIFY(write(path(), withSum(bytes)));
    const auto refused = KeyFile(path(), cheap).unlock(passphrase).result();
    QCOMPARE(said(refused), u"! key_file_version"_s);
    QVERIFY(refused.error().code == ErrorCode::NewerStore);
}

void TestKeyFile::excessiveCostIsRefused()
{
    makeFile();
    const QByteArray whole = contentOf(path());
    for (const qsizetype at : {12, 16}) {
        QByteArray bytes = whole;
        bytes[at] = 0x7F;
        QVERIFY(write(path(), withSum(bytes)));
        QCOMPARE(said(KeyFile(path(), cheap).unlock(passphrase).result()), u"! key_file_damaged"_s);
    }
}

void TestKeyFile::damagedIsNotWrittenOver()
{
    makeFile();
    KeyFile file(path(), cheap);
    QVERIFY(file.unlock(passphrase).result());
    QByteArray damaged = contentOf(path());
    damaged[70] = static_cast<char>(damaged[70] ^ 1);
    QVERIFY(write(path(), damaged));
    QCOMPARE(said(file.write(u"B_KEY"_s, value).result()), u"! key_file_damaged"_s);
    QCOMPARE(said(file.remove(u"A_KEY"_s).result()), u"! key_file_damaged"_s);
    QCOMPARE(said(file.unlock(passphrase).result()), u"! key_file_damaged"_s);
    QCOMPARE(contentOf(path()), damaged);
}

void TestKeyFile::goneIsSaid()
{
    makeFile();
    KeyFile file(path(), cheap);
    QVERIFY(file.unlock(passphrase).result());
    QVERIFY(QFile::remove(path()));
    QCOMPARE(said(file.read(u"A_KEY"_s).result()), u"! key_file_gone"_s);
    QCOMPARE(said(file.write(u"A_KEY"_s, value).result()), u"! key_file_new"_s);
    QVERIFY(file.state() == KeyFile::State::None);
    QVERIFY(!QFile::exists(path()));
}

// Put back from elsewhere, with another passphrase: nothing is written into it with the old one's key.
void TestKeyFile::replacedIsLocked()
{
    makeFile();
    KeyFile file(path(), cheap);
    QVERIFY(file.unlock(passphrase).result());
    QVERIFY(QFile::remove(path()));
    {
        KeyFile other(path(), cheap);
        QVERIFY(other.unlock(u"another passphrase"_s).result());
        QVERIFY(other.write(u"A_KEY"_s, u"another"_s).result());
    }
    QCOMPARE(said(file.write(u"B_KEY"_s, value).result()), u"! key_file_locked"_s);
    QCOMPARE(said(file.unlock(passphrase).result()), u"! passphrase"_s);
    QCOMPARE(said(file.unlock(u"another passphrase"_s).result()), path());
    QCOMPARE(said(file.read(u"A_KEY"_s).result()), u"another"_s);
}

void TestKeyFile::unwritableIsSaid()
{
    KeyFile file(m_folder->filePath(u"none/keys.sealed"_s), cheap);
    const auto refused = file.unlock(passphrase).result();
    QCOMPARE(said(refused), u"! key_file"_s);
    QVERIFY(refused.error().code == ErrorCode::Io);
    QVERIFY(refused.error().detail.contains(u"none/keys.sealed"));
    QVERIFY(QDir().mkpath(path())); // a folder in its place
    QVERIFY(!KeyFile(path(), cheap).unlock(passphrase).result());
}

void TestKeyFile::oldOrNewAfterAKill()
{
    makeFile();
    for (int round = 0; round < 15; ++round) {
        QProcess probe;
        probe.start(QCoreApplication::applicationDirPath() + u"/key_file_probe"_s, {path(), passphrase});
        QVERIFY(probe.waitForReadyRead(30'000));
        // Somewhere in a write, never the same place.
        const QByteArray now = contentOf(path());
        const int writes = QRandomGenerator::global()->bounded(1, 4);
        for (int i = 0; i < writes; ++i)
            QTRY_VERIFY_WITH_TIMEOUT(contentOf(path()) != now, 30'000);
        probe.kill();
        QVERIFY(probe.waitForFinished(30'000));
        QVERIFY(probe.exitStatus() == QProcess::CrashExit);
        KeyFile file(path(), cheap);
        QCOMPARE(said(file.unlock(passphrase).result()), path());
        QCOMPARE(said(file.read(u"A_KEY"_s).result()), value);
        const QString changing = said(file.read(u"CHANGING"_s).result());
        QCOMPARE(changing.size(), 20'000);
        QCOMPARE(changing.count(changing.front()), 20'000);
    }
}

void TestKeyFile::everyLengthOfContent()
{
    KeyFile file(path(), cheap);
    QVERIFY(file.unlock(passphrase).result());
    for (const int size : {0, 1, 15, 16, 17, 4095, 4096, 4097, 16'384}) {
        const QString text(size, u'ß');
        QVERIFY(file.write(u"A_KEY"_s, text).result());
        QCOMPARE(said(file.read(u"A_KEY"_s).result()), text);
    }
}

void TestKeyFile::askedIsForgotten()
{
    {
        AskedKeys keys;
        QCOMPARE(said(keys.read(u"A_KEY"_s).result()), u"! key_asked"_s);
        QVERIFY(!keys.has(u"A_KEY"_s));
        QCOMPARE(said(keys.write(u"A_KEY"_s, u"earlier"_s).result()), u"A_KEY"_s);
        QCOMPARE(said(keys.write(u"A_KEY"_s, value).result()), u"A_KEY"_s);
        QVERIFY(keys.has(u"A_KEY"_s));
        QCOMPARE(said(keys.read(u"A_KEY"_s).result()), value);
        QCOMPARE(said(keys.remove(u"A_KEY"_s).result()), u"A_KEY"_s);
        QCOMPARE(said(keys.remove(u"A_KEY"_s).result()), u"! key_asked"_s);
        QVERIFY(keys.write(u"A_KEY"_s, value).result());
    }
    QCOMPARE(said(AskedKeys().read(u"A_KEY"_s).result()), u"! key_asked"_s);
}

QTEST_GUILESS_MAIN(TestKeyFile)
#include "tst_key_file.moc"
