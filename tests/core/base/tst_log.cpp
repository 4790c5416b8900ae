// The log file: redacted, one line a message, never larger than its limit, whole lines from many threads.
#include "core/base/log.h"
#include "core/base/redactor.h"

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

// Runs after everything that a function keeps was destroyed, for that is made later.
bool endsSoon = false;
void speakLast()
{
    if (endsSoon)
        qCWarning(logStore) << "the last word";
}
[[maybe_unused]] const int registered = std::atexit(speakLast);

} // namespace

class TestLog : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void writesOneRedactedLine();
    void rotates();
    void setsAsideWhatIsFull();
    void keepsLinesOfThreadsWhole();
    void cutsLongMessages();
    void refusesUnwritableFolder();
    void takesMessagesAtTheVeryEnd();

private:
    [[nodiscard]] QByteArray read(const QString &name) const
    {
        QFile file(m_dir->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestLog::init() { m_dir = std::make_unique<QTemporaryDir>(); }

void TestLog::cleanup() { uninstallLog(); }

void TestLog::writesOneRedactedLine()
{
    QVERIFY(installLog({.dir = m_dir->path()}));
    Redactor::global().addSecret(u"opensesame"_s);
    qCWarning(logStore) << "it is opensesame\nsecond line";
    uninstallLog();
    const QString text = QString::fromUtf8(read(u"muster.log"_s));
    static const QRegularExpression line(
        u"^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z W muster\\.store: it is \\[redacted\\]"
        "\\\\nsecond line\\n$"_s);
    QVERIFY2(line.match(text).hasMatch(), qPrintable(text));
    const auto permissions = QFile::permissions(m_dir->filePath(u"muster.log"_s));
    QVERIFY(!(permissions & (QFile::ReadGroup | QFile::ReadOther)));
}

void TestLog::rotates()
{
    QVERIFY(installLog({.dir = m_dir->path(), .name = u"x"_s, .maxBytes = 1000, .keep = 3}));
    for (int i = 0; i < 200; ++i)
        qCWarning(logNode) << "message number" << i;
    uninstallLog();
    QCOMPARE(QDir(m_dir->path()).entryList(QDir::Files),
             QStringList({u"x.1.log"_s, u"x.2.log"_s, u"x.log"_s}));
    for (const QString &name : {u"x.log"_s, u"x.1.log"_s, u"x.2.log"_s})
        QVERIFY(read(name).size() <= 1000);
    QVERIFY(read(u"x.log"_s).contains("number 199"));
    QVERIFY(!read(u"x.1.log"_s).contains("number 199"));
}

void TestLog::setsAsideWhatIsFull()
{
    const LogOptions options{.dir = m_dir->path(), .name = u"x"_s, .maxBytes = 10, .keep = 2};
    rotateFullLog(options); // nothing is there
    const auto append = [this](const QByteArray &bytes) {
        QFile file(m_dir->filePath(u"x.log"_s));
        return file.open(QIODevice::Append) && file.write(bytes) == bytes.size();
    };
    QVERIFY(append("123456789"));
    rotateFullLog(options);
    QCOMPARE(read(u"x.log"_s), "123456789");
    QVERIFY(append("0"));
    rotateFullLog(options);
    QVERIFY(!QFile::exists(m_dir->filePath(u"x.log"_s)));
    QCOMPARE(read(u"x.1.log"_s), "1234567890");
    QVERIFY(append("abcdefghijklm"));
    rotateFullLog(options);
    QCOMPARE(read(u"x.1.log"_s), "abcdefghijklm");
    QCOMPARE(QDir(m_dir->path()).entryList(QDir::Files), QStringList{u"x.1.log"_s});
}

void TestLog::keepsLinesOfThreadsWhole()
{
    QVERIFY(installLog({.dir = m_dir->path()}));
    std::vector<std::unique_ptr<QThread>> threads;
    for (int t = 0; t < 4; ++t) {
        threads
            .emplace_back(QThread::create([] {
            for (int i = 0; i < 250; ++i)
                qCWarning(logAgent) << "line of a thread";
        }))->start();
    }
    for (const auto &thread : threads)
        thread->wait();
    uninstallLog();
    const QList<QByteArray> lines = read(u"muster.log"_s).trimmed().split('\n');
    QCOMPARE(lines.size(), 1000);
    for (const QByteArray &line : lines)
        QVERIFY2(line.endsWith("W muster.agent: line of a thread"), line.constData());
}

void TestLog::cutsLongMessages()
{
    QVERIFY(installLog({.dir = m_dir->path()}));
    qCWarning(logAgent).noquote() << QString(1'000'000, u'x');
    uninstallLog();
    QVERIFY(read(u"muster.log"_s).size() < 20'000);
}

void TestLog::refusesUnwritableFolder()
{
    QFile blocking(m_dir->filePath(u"file"_s));
    QVERIFY(blocking.open(QIODevice::WriteOnly));
    const Status status = installLog({.dir = blocking.fileName() + u"/logs"_s});
    QVERIFY(!status);
    QCOMPARE(status.error().code, ErrorCode::Io);
}

// A display that goes away ends a window by exit(), and Qt has a word to say then.
void TestLog::takesMessagesAtTheVeryEnd()
{
    const pid_t child = fork();
    if (child == 0) {
        endsSoon = installLog({.dir = m_dir->path()}).has_value();
        qCWarning(logStore) << "a word";
        std::exit(0); // NOLINT(concurrency-mt-unsafe): one thread
    }
    int status = -1;
    QCOMPARE(waitpid(child, &status, 0), child);
    QVERIFY2(WIFEXITED(status) && WEXITSTATUS(status) == 0, qPrintable(QString::number(status)));
    QVERIFY(read(u"muster.log"_s).contains("the last word"));
}

QTEST_GUILESS_MAIN(TestLog)
#include "tst_log.moc"
