#include "tests/core/workspace/git_fixture.h"

#include <QDir>

namespace muster::test {

using namespace Qt::StringLiterals;

QFuture<Result<GitOutput>> QProcessGitRunner::run(GitCommand command)
{
    seen << command.args;
    auto promise = std::make_shared<QPromise<Result<GitOutput>>>();
    promise->start();
    auto *process = new QProcess;
    process->setProgram(u"git"_s);
    process->setArguments(gitArguments(command));
    QProcessEnvironment environment;
    for (const QString &entry : gitEnvironment(command, QProcess::systemEnvironment()))
        environment.insert(entry.section(u'=', 0, 0), entry.section(u'=', 1));
    process->setProcessEnvironment(environment);
    const QString fallback = command.workTree.isEmpty() ? command.gitDir : command.workTree;
    process->setWorkingDirectory(command.cwd.isEmpty() ? fallback : command.cwd);
    QObject::connect(process, &QProcess::finished, process, [=, cap = command.outputCap](int exitCode) {
        GitOutput output{.exitCode = exitCode,
                         .out = process->readAllStandardOutput(),
                         .err = process->readAllStandardError(),
                         .truncated = false};
        output.truncated = output.out.size() > cap;
        output.out.truncate(cap);
        promise->addResult(output);
        promise->finish();
        process->deleteLater();
    });
    QObject::connect(process, &QProcess::errorOccurred, process, [=](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        promise->addResult(fail(ErrorCode::LaunchFailed, process->errorString()));
        promise->finish();
        process->deleteLater();
    });
    process->start();
    process->write(command.input);
    process->closeWriteChannel();
    return promise->future();
}

Repo::Repo()
    : m_root(QFileInfo(m_base.path()).canonicalFilePath() + u"/project")
{
    QDir().mkpath(m_root);
    git({u"init"_s, u"-q"_s, u"-b"_s, u"main"_s});
    writeFile(path(u"README.md"_s), "hello\n");
    writeFile(path(u"src/a.txt"_s), "one\ntwo\nthree\n");
    commit(u"begin"_s);
}

ProjectInfo Repo::project() const
{
    ProjectInfo info;
    info.root = m_root;
    info.name = u"project"_s;
    info.isGit = true;
    info.gitDir = m_root + u"/.git";
    info.commonDir = info.gitDir;
    info.headBranch = u"main"_s;
    info.hasCommit = true;
    return info;
}

QString Repo::gitIn(const QString &folder, const QStringList &args, bool mayFail)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"GIT_CONFIG_NOSYSTEM"_s, u"1"_s);
    environment.insert(u"GIT_CONFIG_GLOBAL"_s, u"/dev/null"_s);
    for (const QString &who : {u"AUTHOR"_s, u"COMMITTER"_s}) {
        environment.insert(u"GIT_" + who + u"_NAME", u"Person"_s);
        environment.insert(u"GIT_" + who + u"_EMAIL", u"person@example.org"_s);
    }
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.start(u"git"_s, args);
    process.waitForFinished(60'000);
    if (process.exitCode() != 0 && !mayFail)
        qFatal("git %s: %s", qPrintable(args.join(u' ')), process.readAllStandardError().constData());
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

QString Repo::commit(const QString &message) const
{
    git({u"add"_s, u"-A"_s});
    git({u"commit"_s, u"-q"_s, u"-m"_s, message});
    return head();
}

void writeFile(const QString &path, const QByteArray &content)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(path));
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace muster::test
