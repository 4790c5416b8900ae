// Where things lie: one home or the XDG folders, private, with a socket path that is short enough and ours.
#include "core/base/paths.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace muster;
using namespace Qt::StringLiterals;

class TestPaths : public QObject {
    Q_OBJECT
private slots:
    void init();
    void homeNamesEverything();
    void xdgFolders();
    void relativeXdgIsIgnored();
    void socketIsPerHomeAndShort();
    void sameHomeBySymlink();
    void refusesHome_data();
    void refusesHome();
    void refusesForeignRuntimeFolder_data();
    void refusesForeignRuntimeFolder();
    void closesOpenRuntimeFolder();

private:
    [[nodiscard]] QString path(const QString &name) const { return m_dir->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_dir;
    QProcessEnvironment m_environment;
};

namespace {
mode_t modeOf(const QString &path)
{
    struct stat info{};
    return stat(QFile::encodeName(path).constData(), &info) == 0 ? info.st_mode & 0777 : 0;
}
} // namespace

void TestPaths::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_environment = QProcessEnvironment();
    QVERIFY(QDir().mkdir(path(u"run"_s)));
    m_environment.insert(u"XDG_RUNTIME_DIR"_s, path(u"run"_s));
    m_environment.insert(u"HOME"_s, path(u"person"_s));
}

void TestPaths::homeNamesEverything()
{
    m_environment.insert(u"MUSTER_HOME"_s, path(u"home"_s));
    const auto paths = Paths::resolve(m_environment);
    QVERIFY(paths);
    QCOMPARE(paths->home, QFileInfo(path(u"home"_s)).canonicalFilePath());
    for (const QString &inside : {paths->storeFile, paths->backupDir, paths->logDir, paths->tmpDir,
                                  paths->worktreeDir, paths->sessionDir, paths->guardDir, paths->configFile})
        QVERIFY2(inside.startsWith(paths->home + u'/'), qPrintable(inside));
    for (const QString &dir : {paths->home, paths->backupDir, paths->logDir, paths->tmpDir,
                               paths->worktreeDir, paths->sessionDir, paths->guardDir, paths->runtimeDir})
        QCOMPARE(modeOf(dir), 0700U);
    QVERIFY(!QFileInfo::exists(path(u"person"_s)));
}

void TestPaths::xdgFolders()
{
    m_environment.insert(u"XDG_DATA_HOME"_s, path(u"data"_s));
    m_environment.insert(u"XDG_STATE_HOME"_s, path(u"state"_s));
    const auto paths = Paths::resolve(m_environment);
    QVERIFY(paths);
    QCOMPARE(paths->storeFile, path(u"data/muster/store.db"_s));
    QCOMPARE(paths->logDir, path(u"state/muster/logs"_s));
    QCOMPARE(paths->configFile, path(u"person/.config/muster/config.json"_s));
}

void TestPaths::relativeXdgIsIgnored()
{
    m_environment.insert(u"XDG_DATA_HOME"_s, u"data"_s);
    const auto paths = Paths::resolve(m_environment);
    QVERIFY(paths);
    QCOMPARE(paths->storeFile, path(u"person/.local/share/muster/store.db"_s));
}

void TestPaths::socketIsPerHomeAndShort()
{
    QSet<QString> sockets;
    for (const QString &name : {u"a"_s, u"b"_s, QString(200, u'c')}) {
        m_environment.insert(u"MUSTER_HOME"_s, path(name));
        const auto paths = Paths::resolve(m_environment);
        QVERIFY(paths);
        QVERIFY(QFile::encodeName(paths->socketFile).size() <= 107);
        QVERIFY(paths->socketFile.startsWith(paths->runtimeDir + u'/'));
        sockets += paths->socketFile;
    }
    QCOMPARE(sockets.size(), 3);
}

void TestPaths::sameHomeBySymlink()
{
    m_environment.insert(u"MUSTER_HOME"_s, path(u"real"_s));
    const auto real = Paths::resolve(m_environment);
    QVERIFY(real);
    QVERIFY(QFile::link(path(u"real"_s), path(u"link"_s)));
    m_environment.insert(u"MUSTER_HOME"_s, path(u"link"_s));
    const auto link = Paths::resolve(m_environment);
    QVERIFY(link);
    QCOMPARE(link->socketFile, real->socketFile);
}

void TestPaths::refusesHome_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("value");
    QTest::newRow("relative home") << u"MUSTER_HOME"_s << u"here"_s;
    QTest::newRow("no person") << u"HOME"_s << QString();
}

void TestPaths::refusesHome()
{
    QFETCH(QString, variable);
    QFETCH(QString, value);
    m_environment.insert(variable, value);
    const auto paths = Paths::resolve(m_environment);
    QVERIFY(!paths);
    QCOMPARE(paths.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(paths.error().where, variable);
}

void TestPaths::refusesForeignRuntimeFolder_data()
{
    QTest::addColumn<bool>("link");
    QTest::newRow("symbolic link") << true;
    QTest::newRow("another owner") << false;
}

void TestPaths::refusesForeignRuntimeFolder()
{
    QFETCH(bool, link);
    const QString planted = path(u"run/muster"_s);
    if (link) {
        QVERIFY(QDir().mkdir(path(u"elsewhere"_s)));
        QVERIFY(QFile::link(path(u"elsewhere"_s), planted));
    } else {
        if (geteuid() != 0)
            QSKIP("only root can give a folder away");
        QVERIFY(QDir().mkdir(planted));
        QCOMPARE(chown(QFile::encodeName(planted).constData(), 65534, 65534), 0);
    }
    m_environment.insert(u"MUSTER_HOME"_s, path(u"home"_s));
    const auto paths = Paths::resolve(m_environment);
    QVERIFY(!paths);
    QCOMPARE(paths.error().code, ErrorCode::PermissionDenied);
}

void TestPaths::closesOpenRuntimeFolder()
{
    const QString planted = path(u"run/muster"_s);
    QVERIFY(QDir().mkdir(planted));
    QCOMPARE(chmod(QFile::encodeName(planted).constData(), 0777), 0);
    m_environment.insert(u"MUSTER_HOME"_s, path(u"home"_s));
    QVERIFY(Paths::resolve(m_environment));
    QCOMPARE(modeOf(planted), 0700U);
}

QTEST_GUILESS_MAIN(TestPaths)
#include "tst_paths.moc"
