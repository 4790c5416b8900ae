// Real git for the tests: a runner on QProcess, a temporary repository, and waiting for futures.
#pragma once

#include "core/workspace/git_command.h"
#include "core/workspace/worktrees.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <QProcess>
#include <QPromise>
#include <QTemporaryDir>
#include <QTest>

namespace muster::test {

// The port on a plain QProcess; the product's own runner is tested with core/node.
class QProcessGitRunner : public GitRunner {
public:
    QFuture<Result<GitOutput>> run(GitCommand command) override;

    QList<QStringList> seen; // arguments after the hardening
};

template <typename T> Result<T> await(const QFuture<Result<T>> &future)
{
    // No deadline of its own: ctest has one, and a loaded machine is slow.
    QFutureWatcher<Result<T>> watcher;
    QEventLoop loop;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    watcher.setFuture(future);
    if (!future.isFinished())
        loop.exec();
    if (future.resultCount() == 0)
        return fail(ErrorCode::Cancelled);
    return future.result();
}

// A repository on branch main with one commit (README.md, src/a.txt), made with plain git.
class Repo {
public:
    Repo();

    [[nodiscard]] QString root() const { return m_root; }
    [[nodiscard]] QString path(const QString &name) const { return m_root + u'/' + name; }
    [[nodiscard]] QString outside(const QString &name) const { return m_base.filePath(name); }
    [[nodiscard]] QString worktreeFolder() const { return m_base.filePath(QStringLiteral("worktrees")); }
    [[nodiscard]] ProjectInfo project() const;

    // Plain git, as the person runs it; fails the test when git fails. Gives the trimmed output.
    QString git(const QStringList &args) const { return gitIn(m_root, args); }
    static QString gitIn(const QString &folder, const QStringList &args, bool mayFail = false);
    QString commit(const QString &message) const;
    QString head() const { return git({QStringLiteral("rev-parse"), QStringLiteral("HEAD")}); }

private:
    QTemporaryDir m_base;
    QString m_root;
};

void writeFile(const QString &path, const QByteArray &content);
[[nodiscard]] QByteArray readFile(const QString &path);

} // namespace muster::test
