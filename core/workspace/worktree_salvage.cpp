#include "core/workspace/git_command.h"
#include "core/workspace/snapshot.h"
#include "core/workspace/worktree_layout.h"
#include "core/workspace/worktree_steps.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaxKept = 1000;

Async<bool> removeUntracked(Git git)
{
    // One -f: a repository inside stays, for the snapshot did not keep it either.
    const QStringList args{u"clean"_s, u"-f"_s, u"-d"_s, u"-q"_s};
    const auto cleaned = co_await gitOutput(git, args);
    if (!cleaned)
        co_return std::unexpected(cleaned.error());
    co_return true;
}

Async<qint64> changedLines(Git git, QString from, QString to)
{
    const QStringList args{
        u"diff-tree"_s, u"-r"_s, u"--numstat"_s, u"--no-renames"_s, u"--no-ext-diff"_s, u"--no-textconv"_s,
        from,           to};
    const auto out = co_await gitOutput(git, args);
    if (!out)
        co_return std::unexpected(out.error());
    qint64 lines = 0;
    const QList<QByteArray> rows = out->split('\n');
    for (const QByteArray &line : rows) {
        const QList<QByteArray> columns = line.split('\t');
        if (columns.size() < 3)
            continue;
        lines += columns.at(0) == "-" ? 1 : columns.at(0).toLongLong() + columns.at(1).toLongLong();
    }
    co_return lines;
}

struct Drop {
    Worktree worktree;
    QString ref; // where to keep
    QString mergedInto;
};

Async<bool> isMerged(Git git, QString commit, QString into)
{
    const auto target = co_await objectOf(git, into, u"commit"_s);
    if (!target)
        co_return std::unexpected(target.error());
    if (target->isEmpty())
        co_return false;
    co_return co_await isContained(git, commit, *target);
}

Async<bool> isMergedAnywhere(Git git, QString commit, QString mergedInto)
{
    const auto inHead = co_await isMerged(git, commit, u"HEAD"_s);
    if (!inHead || *inHead || mergedInto.isEmpty())
        co_return inHead;
    const auto ref = fullBranchRef(mergedInto);
    if (!ref)
        co_return std::unexpected(ref.error());
    co_return co_await isMerged(git, commit, *ref);
}

// What the folder and the branch hold, as one commit; empty if both are gone already.
Async<QString> commitToKeep(std::shared_ptr<GitRunner> runner, Worktree worktree, GitTrust trust)
{
    const auto main = co_await openGit(runner, mainPlace(worktree), trust);
    if (!main)
        co_return std::unexpected(main.error());
    const auto tip = co_await objectOf(*main, u"refs/heads/" + worktree.branch, u"commit"_s);
    if (!tip || tip->isEmpty() || !QFile::exists(worktree.path) || !QFile::exists(worktree.gitDir))
        co_return tip;
    const auto own = co_await openGit(runner, worktree.place(), trust);
    if (!own)
        co_return std::unexpected(own.error());
    const QString message = u"Set aside "_s + worktree.branch;
    const auto capture = co_await captureWorktree(*own, worktree.branch, message, GitAuthor{});
    if (!capture)
        co_return std::unexpected(capture.error());
    co_return capture->commit;
}

// Renamed first: a removal that was cut short is then known as one.
Status removeTreeAndRecord(const Worktree &worktree)
{
    const QString doomed = worktree.path + u".removed";
    if (Status removed = removeFolder(doomed); !removed)
        return removed;
    if (QFileInfo(worktree.path).isSymLink() || !QFile::exists(worktree.path)) {
        if (Status removed = removeFolder(worktree.path); !removed)
            return removed;
    } else if (!QDir().rename(worktree.path, doomed)) {
        return fail(ErrorCode::Io, worktree.path);
    }
    if (Status removed = removeFolder(doomed); !removed)
        return removed;
    return removeFolder(worktree.gitDir);
}

} // namespace

Async<QString> keepUnder(Git git, QString ref, QString commit)
{
    for (int i = 1; i < kMaxKept; ++i) {
        const QString name = i == 1 ? ref : QString(ref + u'-' + QString::number(i));
        const auto moved = co_await moveOwnRef(git, name, commit, {}, u"muster: set aside"_s);
        if (!moved)
            co_return std::unexpected(moved.error());
        if (*moved)
            co_return name;
        const auto held = co_await objectOf(git, name, u"commit"_s);
        if (held && *held == commit)
            co_return name;
    }
    co_return fail(ErrorCode::AlreadyExists, ref);
}

Async<SalvageResult> salvageWorktree(std::shared_ptr<GitRunner> runner, Worktree worktree,
                                     SalvageRequest request, GitTrust trust)
{
    const auto git = co_await openGit(runner, worktree.place(), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const auto begin = co_await objectOf(*git, request.resetTo, u"commit"_s);
    if (!begin)
        co_return std::unexpected(begin.error());
    if (begin->isEmpty())
        co_return fail(ErrorCode::NotFound, request.resetTo, u"commit"_s);
    const QString attempt = refComponent(request.step) + u'-' + QString::number(request.attempt);
    const QString message = u"Set aside "_s + attempt;
    const auto capture = co_await captureWorktree(*git, worktree.branch, message, GitAuthor{});
    if (!capture)
        co_return std::unexpected(capture.error());
    SalvageResult result;
    if (capture->commit != *begin) {
        const QString ref = u"refs/muster/salvage/" + refComponent(request.run) + u'/' + attempt;
        const auto kept = co_await keepUnder(*git, ref, capture->commit);
        if (!kept)
            co_return std::unexpected(kept.error());
        const auto files = co_await changedNames(*git, *begin, capture->commit);
        if (!files)
            co_return std::unexpected(files.error());
        const auto lines = co_await changedLines(*git, *begin, capture->commit);
        if (!lines)
            co_return std::unexpected(lines.error());
        result = {
            .kept = true, .ref = *kept, .commit = capture->commit, .files = *files, .changedLines = *lines};
        const auto moved =
            co_await moveOwnRef(*git, capture->branchRef, *begin, capture->branchTip, u"muster: reset"_s);
        if (!moved)
            co_return std::unexpected(moved.error());
        if (!*moved)
            co_return fail(ErrorCode::Conflict, capture->branchRef, u"branch"_s);
    }
    const auto settled = co_await settleOnBranch(*git, capture->branchRef, *begin, true);
    if (!settled)
        co_return std::unexpected(settled.error());
    const auto cleaned = co_await removeUntracked(*git);
    if (!cleaned)
        co_return std::unexpected(cleaned.error());
    co_return result;
}

Async<DropResult> dropWorktree(std::shared_ptr<GitRunner> runner, Worktree worktree, QString run,
                               QString mergedInto, GitTrust trust)
{
    const auto commit = co_await commitToKeep(runner, worktree, trust);
    if (!commit)
        co_return std::unexpected(commit.error());
    const auto main = co_await openGit(runner, mainPlace(worktree), trust);
    if (!main)
        co_return std::unexpected(main.error());
    DropResult result;
    if (!commit->isEmpty()) {
        const auto merged = co_await isMergedAnywhere(*main, *commit, mergedInto);
        if (!merged)
            co_return std::unexpected(merged.error());
        if (!*merged) {
            const QString ref = u"refs/muster/salvage/" + refComponent(run) + u"/dropped";
            const auto kept = co_await keepUnder(*main, ref, *commit);
            if (!kept)
                co_return std::unexpected(kept.error());
            result = {.keptRef = *kept, .keptCommit = *commit};
        }
    }
    const Status removed = co_await resultOf(onPool([worktree] { return removeTreeAndRecord(worktree); }));
    if (!removed)
        co_return std::unexpected(removed.error());
    const QString ref = u"refs/heads/" + worktree.branch;
    const auto tip = co_await objectOf(*main, ref, u"commit"_s);
    if (!tip)
        co_return std::unexpected(tip.error());
    if (!tip->isEmpty()) {
        const auto gone = co_await moveRef(*main, ref, {}, *tip, {});
        if (!gone)
            co_return std::unexpected(gone.error());
    }
    co_return result;
}

} // namespace muster
