// Paths that somebody else named: which stay inside, and that a swapped link never gets one out.
#include "core/workspace/path_guard.h"
#include "core/workspace/path_rules.h"
#include "tests/core/workspace/git_fixture.h"

#include <QDir>

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

// base/work is the root; base/work-evil and base/secret are outside.
struct Place {
    QTemporaryDir base;
    QString root = QFileInfo(base.path()).canonicalFilePath() + u"/work";

    Place()
    {
        writeFile(root + u"/a.txt", "a");
        writeFile(root + u"/sub/b.txt", "b");
        writeFile(root + u"/.git/config", "[core]");
        writeFile(base.filePath(u"secret"_s), "secret");
        writeFile(base.filePath(u"work-evil/x"_s), "secret");
        QFile::link(base.filePath(u"secret"_s), root + u"/out");
        QFile::link(base.path(), root + u"/outdir");
        QFile::link(u"../secret"_s, root + u"/relative");
        QFile::link(root + u"/a.txt", root + u"/in");
        QFile::link(root + u"/sub", root + u"/indir");
        QFile::link(root + u"/loop2", root + u"/loop1");
        QFile::link(root + u"/loop1", root + u"/loop2");
        QFile::link(base.filePath(u"not-there"_s), root + u"/dangling");
        QFile::link(root + u"/.git", root + u"/gitlink");
        ::link(QFile::encodeName(base.filePath(u"secret"_s)).constData(),
               QFile::encodeName(root + u"/hard").constData());
        ::mkfifo(QFile::encodeName(root + u"/pipe").constData(), 0600);
    }
};

constexpr auto kNone = ErrorCode::Internal; // allowed

} // namespace

class TestPathGuard : public QObject {
    Q_OBJECT
private slots:
    void cases_data();
    void cases();
    void rootItself();
    void writes();
    void gitNames_data();
    void gitNames();
    void swappedWhileWriting();
};

void TestPathGuard::cases_data()
{
    QTest::addColumn<QString>("path"); // ROOT and BASE stand for the folders
    QTest::addColumn<ErrorCode>("reading");
    QTest::addColumn<ErrorCode>("writing");
    const auto row = [](const char *name, const QString &path, ErrorCode reading, ErrorCode writing) {
        QTest::newRow(name) << path << reading << writing;
    };
    const auto denied = ErrorCode::PermissionDenied;
    const auto invalid = ErrorCode::InvalidArgument;
    const auto missing = ErrorCode::NotFound;
    row("relative", u"a.txt"_s, kNone, kNone);
    row("below", u"sub/b.txt"_s, kNone, kNone);
    row("absolute inside", u"ROOT/a.txt"_s, kNone, kNone);
    row("dot", u"./a.txt"_s, kNone, kNone);
    row("double slash inside", u"sub//b.txt"_s, kNone, kNone);
    row("up and back", u"sub/../a.txt"_s, kNone, kNone);
    row("new file", u"new.txt"_s, missing, kNone);
    row("new in a folder", u"sub/new.txt"_s, missing, kNone);
    row("new in a missing folder", u"none/new.txt"_s, missing, missing);
    row("link to inside", u"in"_s, kNone, kNone);
    row("through a link to inside", u"indir/b.txt"_s, kNone, kNone);
    row("tilde is a name", u"~"_s, missing, kNone);
    row("variable is a name", u"$HOME"_s, missing, kNone);
    row("backslashes are a name", u"..\\..\\secret"_s, missing, kNone);
    row("device names are names", u"NUL"_s, missing, kNone);
    row("empty", QString(), invalid, invalid);
    row("NUL byte", u"a.txt"_s + QChar(u'\0') + u".png", invalid, invalid);
    row("component too long", QString(256, u'a'), invalid, invalid);
    row("component too long in UTF-8", QString(130, u'ñ'), invalid, invalid);
    row("path too long", QString(u"a/"_s).repeated(3000), invalid, invalid);
    row("up", u"../secret"_s, denied, denied);
    row("up from below", u"sub/../../secret"_s, denied, denied);
    row("far up", u"../../../../../../../../etc/passwd"_s, denied, denied);
    row("absolute outside", u"/etc/passwd"_s, denied, denied);
    row("sibling with the same beginning", u"BASE/work-evil/x"_s, denied, denied);
    row("sibling by up", u"../work-evil/x"_s, denied, denied);
    row("parent", u".."_s, denied, denied);
    row("the root", u"."_s, denied, denied);
    row("a folder", u"sub"_s, denied, denied);
    row("link out", u"out"_s, denied, denied);
    row("relative link out", u"relative"_s, denied, denied);
    row("through a link out", u"outdir/secret"_s, denied, denied);
    row("new file through a link out", u"outdir/new"_s, denied, denied);
    row("dangling link", u"dangling"_s, denied, denied);
    row("loop of links", u"loop1"_s, denied, denied);
    row("through a loop", u"loop1/x"_s, missing, missing);
    row("hard link", u"hard"_s, kNone, denied);
    row("pipe", u"pipe"_s, denied, denied);
    row("a file as a folder", u"a.txt/b"_s, missing, missing);
    row("proc root", u"/proc/self/root/etc/passwd"_s, denied, denied);
    row("proc descriptor", u"/proc/self/fd/0"_s, denied, denied);
    row("UNC", u"\\\\server\\share\\x"_s, denied, denied);
    row("UNC with slashes", u"//server/share/x"_s, denied, denied);
    row("drive", u"C:\\Windows\\x"_s, denied, denied);
    row("git configuration", u".git/config"_s, kNone, denied);
    row("git configuration by case", u".GIT/hooks"_s, missing, missing);
    row("git through a link", u"gitlink/config"_s, kNone, denied);
    row("nested git file", u"sub/.git"_s, missing, denied);
    row("case is another name", u"A.TXT"_s, missing, kNone);
}

void TestPathGuard::cases()
{
    QFETCH(QString, path);
    Place place;
    path.replace(u"ROOT"_s, place.root).replace(u"BASE"_s, QFileInfo(place.root).path());
    const auto guard = PathGuard::forRoot(place.root);
    QVERIFY(guard);
    const auto read = guard->openForReading(path);
    QTEST(read ? kNone : read.error().code, "reading");
    const auto write = guard->openForWriting(path);
    QTEST(write ? kNone : write.error().code, "writing");
    QCOMPARE(readFile(place.base.filePath(u"secret"_s)), "secret");
    QCOMPARE(readFile(place.base.filePath(u"work-evil/x"_s)), "secret");
    QVERIFY(!QFile::exists(place.base.filePath(u"not-there"_s)));
}

void TestPathGuard::rootItself()
{
    Place place;
    QVERIFY(!PathGuard::forRoot(place.root + u"/a.txt"));
    QVERIFY(!PathGuard::forRoot(place.root + u"/missing"));
    const QString link = place.base.filePath(u"link"_s);
    QVERIFY(QFile::link(place.root, link));
    const auto guard = PathGuard::forRoot(link);
    QVERIFY(guard);
    QCOMPARE(guard->root(), place.root);
    QCOMPARE(guard->resolve(u"."_s).value(), place.root);
    QCOMPARE(guard->resolve(u"indir/b.txt"_s).value(), place.root + u"/sub/b.txt");
}

void TestPathGuard::writes()
{
    Place place;
    const auto guard = PathGuard::forRoot(place.root);
    QVERIFY(guard);
    {
        const auto file = guard->openForWriting(u"sub/b.txt"_s);
        QVERIFY(file);
        QCOMPARE((*file)->write("longer than before"), 18);
    }
    QCOMPARE(readFile(place.root + u"/sub/b.txt"), "longer than before");
    {
        const auto file = guard->openForWriting(u"sub/b.txt"_s);
        QVERIFY(file);
        QCOMPARE((*file)->write("x"), 1);
    }
    QCOMPARE(readFile(place.root + u"/sub/b.txt"), "x");
    const auto file = guard->openForReading(u"sub/b.txt"_s);
    QVERIFY(file);
    QCOMPARE((*file)->readAll(), "x");
}

void TestPathGuard::gitNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isGit");
    QTest::newRow("plain") << u".git"_s << true;
    QTest::newRow("case") << u".GiT"_s << true;
    QTest::newRow("dot") << u".git."_s << true;
    QTest::newRow("space") << u".git "_s << true;
    QTest::newRow("short name") << u"GIT~1"_s << true;
    QTest::newRow("stream") << u".git::$INDEX_ALLOCATION"_s << true;
    QTest::newRow("ignored code point") << u".g\u200cit"_s << true;
    QTest::newRow("ignore file") << u".gitignore"_s << false;
    QTest::newRow("git") << u"git"_s << false;
}

void TestPathGuard::gitNames()
{
    QFETCH(QString, name);
    QTEST(isGitName(name), "isGit");
}

void TestPathGuard::swappedWhileWriting()
{
    Place place;
    const QString outside = place.base.filePath(u"outside"_s);
    QVERIFY(QDir().mkpath(outside));
    const QByteArray folder = QFile::encodeName(place.root + u"/swap");
    const QByteArray link = QFile::encodeName(place.root + u"/swaplink");
    const QByteArray spare = QFile::encodeName(place.root + u"/spare");
    QVERIFY(QDir().mkpath(place.root + u"/swap"));
    QVERIFY(QFile::link(outside, QFile::decodeName(link)));
    std::atomic<bool> stop = false;
    std::thread attacker([&] {
        while (!stop) { // a folder and a link to the outside take turns under one name
            (void)::rename(folder.constData(), spare.constData());
            (void)::rename(link.constData(), folder.constData());
            (void)::rename(folder.constData(), link.constData());
            (void)::rename(spare.constData(), folder.constData());
        }
    });
    const auto guard = PathGuard::forRoot(place.root);
    for (int i = 0; i < 1000; ++i) {
        if (const auto file = guard->openForWriting(u"swap/f"_s))
            (*file)->write("x");
    }
    stop = true;
    attacker.join();
    QCOMPARE(QDir(outside).entryList(QDir::Files), QStringList());
}

QTEST_GUILESS_MAIN(TestPathGuard)
#include "tst_path_guard.moc"
