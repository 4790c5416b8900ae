#include "tests/e2e/muster_home.h"

#include "core/node/link/remote_node.h"
#include "core/store/store_lock.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QTest>

namespace muster::e2e {

using namespace Qt::StringLiterals;

namespace {

QByteArray readProc(const QString &pid, const QString &name)
{
    return readFile(u"/proc/"_s + pid + u'/' + name);
}

qint64 statusKiB(qint64 pid, const QByteArray &field)
{
    const QList<QByteArray> lines = readProc(QString::number(pid), u"status"_s).split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith(field))
            return line.sliced(field.size()).trimmed().split(' ').front().toLongLong();
    }
    return 0;
}

} // namespace

bool writeFile(const QString &path, const QByteArray &content)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonArray Finished::array() const { return QJsonDocument::fromJson(out).array(); }

QJsonObject Finished::object() const
{
    const QList<QByteArray> lines = out.trimmed().split('\n');
    return QJsonDocument::fromJson(lines.back()).object();
}

MusterHome::MusterHome(const QString &binFolder)
    : m_root(QFileInfo(m_dir.path()).canonicalFilePath())
    , m_bin(binFolder.isEmpty() ? QStringLiteral(MUSTER_BIN_DIR) : binFolder)
    , m_environment(QProcessEnvironment::systemEnvironment())
{
    m_environment.insert(u"MUSTER_HOME"_s, path(u"home"_s));
    m_environment.insert(u"MUSTER_DEMO_STATE"_s, path(u"demo-state"_s));
    m_environment.insert(u"GIT_CONFIG_GLOBAL"_s, path(u"gitconfig"_s));
    writeFile(path(u"gitconfig"_s), "[user]\n\tname = Tester\n\temail = tester@example.org\n");
    m_paths = Paths::resolve(m_environment).value();
}

void MusterHome::waitUntilNobodyHasTheStore() const
{
    const auto lock = StoreLock::share(m_paths.storeFile);
    (void)QTest::qWaitFor([&] { return !lock || lock->tryAlone(); }, patienceMs);
}

MusterHome::~MusterHome()
{
    killNode();
    // A command line that found no node has started one of its own.
    if (nodeAnswers())
        (void)muster({u"serve"_s, u"--stop"_s, u"--force"_s});
    // Or a node on its way out, or the guard of one that was killed, writes into the folder while it is
    // removed.
    waitUntilNobodyHasTheStore();
    (void)QTest::qWaitFor([this] { return processesBelow(m_root).isEmpty(); }, patienceMs);
    QFile::remove(m_paths.socketFile);
    QFile::remove(m_paths.socketFile + u".lock"_s);
}

QString MusterHome::git(const QString &folder, const QStringList &arguments)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(u"git"_s,
                  QStringList{u"-c"_s, u"user.name=Tester"_s, u"-c"_s, u"user.email=t@example.org"_s} +
                      arguments);
    process.waitForFinished(patienceMs);
    return process.exitCode() == 0 ? QString::fromUtf8(process.readAllStandardOutput()) : QString();
}

QString MusterHome::makeProject(const QString &name) const
{
    const QString folder = path(name);
    writeFile(folder + u"/README.md"_s, "# Shop\n\nA small shop.\n");
    writeFile(folder + u"/src/add.c"_s, "int add(int a, int b) { return a + b; }\n");
    writeFile(folder + u"/docs/guide.md"_s, "# Guide\n\nHow to shop.\n");
    (void)git(folder, {u"init"_s, u"-q"_s, u"-b"_s, u"main"_s});
    (void)git(folder, {u"add"_s, u"-A"_s});
    (void)git(folder, {u"commit"_s, u"-q"_s, u"-m"_s, u"Begin"_s});
    return folder;
}

bool MusterHome::writeFlow(const QString &project, const QString &name, const QByteArray &text)
{
    return writeFile(project + u"/flows/"_s + name + u".flow.yaml"_s, text);
}

std::unique_ptr<QProcess> MusterHome::start(const QStringList &arguments, const QString &program) const
{
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(m_environment);
    process->setWorkingDirectory(m_root);
    process->setStandardInputFile(QProcess::nullDevice());
    process->start(program.isEmpty() ? QString(m_bin + u"/muster"_s) : program, arguments);
    return process;
}

Finished MusterHome::waitFor(QProcess &process)
{
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(patienceMs))
        return {.out = process.readAllStandardOutput(), .err = process.readAllStandardError()};
    return {.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            .out = process.readAllStandardOutput(),
            .err = process.readAllStandardError()};
}

Finished MusterHome::muster(const QStringList &arguments) const
{
    const auto process = start(arguments);
    return waitFor(*process);
}

void MusterHome::startNode()
{
    m_node = std::make_unique<QProcess>();
    m_node->setProcessEnvironment(m_environment);
    m_node->setWorkingDirectory(m_root);
    m_node->setStandardInputFile(QProcess::nullDevice());
    m_node->setStandardOutputFile(path(u"node.out"_s), QIODevice::Append);
    m_node->setStandardErrorFile(path(u"node.err"_s), QIODevice::Append);
    m_node->start(m_bin + u"/muster"_s, {u"serve"_s});
}

bool MusterHome::nodeAnswers() const
{
    QLocalSocket socket;
    socket.connectToServer(m_paths.socketFile);
    return socket.waitForConnected(1000);
}

bool MusterHome::waitUntilReady() const
{
    RemoteNode client({.socketPath = m_paths.socketFile, .clientName = u"test"_s, .launch = [] {
        return Status();
    }, .giveUpAfterMs = patienceMs});
    bool answered = false;
    client.query(api::GetStatus{}, &client, [&](const Result<api::NodeStatus> &) { answered = true; });
    return QTest::qWaitFor([&] { return answered; }, patienceMs);
}

void MusterHome::killNode()
{
    if (!m_node)
        return;
    m_node->kill();
    m_node->waitForFinished(patienceMs);
    m_node.reset();
}

bool MusterHome::stopNode()
{
    if (!m_node)
        return true;
    // Before its event loop runs, the signal would end it as it ends any program.
    if (!waitUntilReady())
        return false;
    m_node->terminate();
    const bool ended = m_node->waitForFinished(patienceMs) && m_node->exitStatus() == QProcess::NormalExit &&
                       m_node->exitCode() == 0;
    if (!ended)
        qInfo("the node ended with %d, signal or code %d", m_node->exitStatus(), m_node->exitCode());
    killNode();
    return ended;
}

QStringList processesBelow(const QString &root, const QStringList &markers)
{
    const QByteArray wanted = root.toUtf8();
    QStringList found;
    const QStringList pids = QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs);
    for (const QString &pid : pids) {
        if (pid == QString::number(QCoreApplication::applicationPid()) ||
            readProc(pid, u"status"_s).contains("\nState:\tZ"))
            continue;
        const QByteArray environment = readProc(pid, u"environ"_s);
        const QByteArray command = readProc(pid, u"cmdline"_s);
        const bool marked = std::ranges::any_of(markers, [&](const QString &marker) {
            return !marker.isEmpty() && environment.contains(marker.toUtf8());
        });
        if (marked || environment.contains(wanted) || command.contains(wanted) ||
            QFile::symLinkTarget(u"/proc/"_s + pid + u"/cwd"_s).startsWith(root))
            found += pid + u' ' + QString::fromUtf8(QByteArray(command).replace('\0', ' '));
    }
    return found;
}

qint64 residentKiB(qint64 pid) { return statusKiB(pid, "VmRSS:"); }
qint64 peakResidentKiB(qint64 pid) { return statusKiB(pid, "VmHWM:"); }

} // namespace muster::e2e
