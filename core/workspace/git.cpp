#include "core/workspace/git.h"

#include "core/workspace/git_command.h"
#include "core/workspace/worktree_layout.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTimer>

namespace muster {

using namespace Qt::StringLiterals;

GitCommand Git::command(QStringList args) const
{
    GitCommand command;
    command.args = std::move(args);
    command.gitDir = place.gitDir;
    command.commonDir = place.commonDir;
    command.workTree = place.workTree;
    command.overrides = drivers.overrides;
    command.personalConfig = drivers.personalConfig;
    return command;
}

Error gitError(const GitCommand &command, const GitOutput &output)
{
    return {.code = ErrorCode::Io,
            .detail = QString::fromUtf8(output.err.trimmed()),
            .where = QString(u"git " + command.args.value(0))};
}

namespace {

// A tree that another process is just making, or was making when it was killed: its file `commondir` is
// there, and empty still. Whatever git is asked for, it may look at all trees and die of that one.
constexpr int kMostRuns = 50;
constexpr int kPauseMs = 100;
constexpr qint64 kAbandonedMs = 3000; // git fills the file in less than one

QString halfMadeTree(const GitOutput &output)
{
    static const QRegularExpression died(u"failed to read (.+)/commondir: "_s);
    return output.exitCode == 128 ? died.match(QFile::decodeName(output.err)).captured(1) : QString();
}

// Nothing was ever checked out there.
bool isAbandoned(const QString &tree, const GitPlace &place)
{
    const QFileInfo file(tree + u"/commondir");
    const QString common = place.commonDir.isEmpty() ? place.gitDir : place.commonDir;
    const bool inTrees = QFileInfo(tree).dir() == QDir(common + u"/worktrees");
    return inTrees && file.exists() && file.size() == 0 &&
           file.lastModified().msecsTo(QDateTime::currentDateTimeUtc()) > kAbandonedMs;
}

QFuture<Result<bool>> pause()
{
    auto promise = std::make_shared<QPromise<Result<bool>>>();
    promise->start();
    QTimer::singleShot(kPauseMs, [promise] {
        promise->addResult(true);
        promise->finish();
    });
    return promise->future();
}

} // namespace

Async<GitOutput> runGit(Git git, GitCommand command)
{
    for (int run = 1;; ++run) {
        auto output = co_await resultOf(git.runner->run(command));
        const QString half = output ? halfMadeTree(*output) : QString();
        if (half.isEmpty() || run == kMostRuns)
            co_return output;
        const bool removed = isAbandoned(half, git.place) && removeFolder(half);
        if (!removed)
            (void)co_await resultOf(pause());
    }
}

Async<QByteArray> gitOutput(Git git, GitCommand command)
{
    const auto output = co_await runGit(git, command);
    if (!output)
        co_return std::unexpected(output.error());
    if (output->exitCode != 0)
        co_return std::unexpected(gitError(command, *output));
    if (output->truncated)
        co_return fail(ErrorCode::TooLarge, {}, QString(u"git " + command.args.value(0)));
    co_return output->out;
}

Async<QByteArray> gitOutput(Git git, QStringList args)
{
    const GitCommand command = git.command(std::move(args));
    co_return co_await gitOutput(git, command);
}

Async<QString> gitLine(Git git, GitCommand command)
{
    const auto output = co_await gitOutput(std::move(git), std::move(command));
    if (!output)
        co_return std::unexpected(output.error());
    co_return QFile::decodeName(*output).trimmed();
}

Async<QString> gitLine(Git git, QStringList args)
{
    const GitCommand command = git.command(std::move(args));
    co_return co_await gitLine(git, command);
}

Async<bool> gitSays(Git git, QStringList args)
{
    const GitCommand command = git.command(std::move(args));
    const auto output = co_await runGit(git, command);
    if (!output)
        co_return std::unexpected(output.error());
    if (output->exitCode > 1)
        co_return std::unexpected(gitError(command, *output));
    co_return output->exitCode == 0;
}

Async<QString> objectOf(Git git, QString revision, QString type)
{
    if (!isObjectId(revision) && revision != u"HEAD" && !isSafeRefName(revision))
        co_return fail(ErrorCode::InvalidArgument, revision, u"revision"_s);
    const QStringList args{u"rev-parse"_s, u"--verify"_s, u"--quiet"_s,
                           QString(revision + u"^{" + type + u'}')};
    const GitCommand command = git.command(args);
    const auto output = co_await runGit(git, command);
    if (!output)
        co_return std::unexpected(output.error());
    co_return output->exitCode == 0 ? QString::fromLatin1(output->out.trimmed()) : QString();
}

Async<bool> isAncestor(Git git, QString ancestor, QString descendant)
{
    if (ancestor == descendant)
        co_return true;
    const QStringList args{u"merge-base"_s, u"--is-ancestor"_s, ancestor, descendant};
    co_return co_await gitSays(git, args);
}

Async<Git> openGit(std::shared_ptr<GitRunner> runner, GitPlace place, GitTrust trust)
{
    if (const Status restored = restoreCommonDir(place.gitDir, place.commonDir); !restored)
        co_return std::unexpected(restored.error());
    auto drivers = co_await resultOf(readGitDrivers(runner, place, trust));
    if (!drivers)
        co_return std::unexpected(drivers.error());
    co_return Git{runner, place, std::move(*drivers)};
}

QStringList splitNul(const QByteArray &output)
{
    QStringList parts;
    for (qsizetype begin = 0; begin < output.size();) {
        qsizetype end = output.indexOf('\0', begin);
        if (end < 0)
            end = output.size();
        parts << QFile::decodeName(output.mid(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

} // namespace muster
