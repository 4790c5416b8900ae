#include "core/workspace/diff_reader.h"

#include "core/workspace/diff_parser.h"
#include "core/workspace/git_command.h"
#include "core/workspace/snapshot.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTimeoutMs = 120'000;

struct Span {
    QString from;
    QString to;
    QStringList paths; // empty: all
};

GitCommand diffTree(const Git &git, const QStringList &form, const Span &span, qint64 cap)
{
    QStringList args{u"diff-tree"_s,     u"-r"_s,        u"-M"_s, u"-l1000"_s, u"--no-ext-diff"_s,
                     u"--no-textconv"_s, u"--no-color"_s};
    args << form << span.from << span.to << u"--"_s << span.paths;
    GitCommand command = git.command(args);
    command.timeoutMs = kTimeoutMs;
    command.outputCap = cap;
    return command;
}

Async<std::vector<FileDiff>> readFiles(Git git, Span span)
{
    const GitCommand command =
        diffTree(git, {u"--raw"_s, u"--numstat"_s, u"-z"_s}, span, GitCommand().outputCap);
    const auto output = co_await gitOutput(git, command);
    if (!output)
        co_return std::unexpected(output.error());
    co_return parseFileList(*output);
}

Async<std::vector<FileDiff>> withHunks(Git git, Span span, std::vector<FileDiff> files, DiffLimits limits)
{
    const GitCommand command = diffTree(git, {u"-p"_s, u"-U3"_s}, span, limits.patchBytes);
    const auto output = co_await runGit(git, command);
    if (!output)
        co_return std::unexpected(output.error());
    if (output->exitCode != 0 && !output->truncated)
        co_return std::unexpected(gitError(command, *output));
    auto filled = co_await resultOf(
        onPool([files = std::move(files), patch = output->out, cut = output->truncated, limits]() mutable {
        fillHunks(files, patch, limits);
        if (cut && !files.empty()) {
            const auto last = std::ranges::find_if(files, &FileDiff::truncated);
            auto &partial = last == files.begin() || last == files.end() ? files.back() : *std::prev(last);
            partial.truncated = true;
        }
        return Result<std::vector<FileDiff>>(std::move(files));
    }));
    co_return filled;
}

Async<DiffSet> readSpan(Git git, Span span, bool hunks, DiffLimits limits)
{
    auto files = co_await readFiles(git, span);
    if (!files)
        co_return std::unexpected(files.error());
    DiffSet set{.base = span.from, .head = span.to, .files = {}, .truncated = false};
    if (hunks && !files->empty()) {
        files = co_await withHunks(git, span, std::move(*files), limits);
        if (!files)
            co_return std::unexpected(files.error());
    }
    const auto limit = static_cast<std::size_t>(limits.files);
    set.truncated = files->size() > limit;
    if (set.truncated)
        files->resize(limit);
    set.files = std::move(*files);
    co_return set;
}

FileDiff tooLarge(const QString &path)
{
    FileDiff file;
    file.path = path;
    file.status = FileStatus::Added;
    file.truncated = true;
    return file;
}

Async<DiffSet> readWorktree(std::shared_ptr<GitRunner> runner, Worktree worktree, QStringList paths,
                            bool hunks, DiffLimits limits, GitTrust trust)
{
    if (!isObjectId(worktree.baseCommit))
        co_return fail(ErrorCode::InvalidArgument, worktree.baseCommit, u"base"_s);
    const auto git = co_await openGit(runner, worktree.place(), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const auto snapshot = co_await snapshotTree(*git, limits.untrackedBytes);
    if (!snapshot)
        co_return std::unexpected(snapshot.error());
    const Span span{.from = worktree.baseCommit, .to = snapshot->tree, .paths = paths};
    auto set = co_await readSpan(*git, span, hunks, limits);
    if (!set)
        co_return std::unexpected(set.error());
    for (const QString &path : snapshot->large) {
        if (paths.isEmpty() || paths.contains(path))
            set->files.push_back(tooLarge(path));
    }
    co_return set;
}

// Found in the whole list first: with one path given, a rename would look like an addition.
Async<FileDiff> readFileOf(Git git, DiffSet list, QString path, DiffLimits limits)
{
    const auto found = std::ranges::find(list.files, path, &FileDiff::path);
    if (found == list.files.end())
        co_return fail(ErrorCode::NotFound, path);
    if (found->truncated)
        co_return *found;
    QStringList paths{path};
    if (!found->oldPath.isEmpty())
        paths << found->oldPath;
    const Span span{.from = list.base, .to = list.head, .paths = paths};
    const auto set = co_await readSpan(git, span, true, limits);
    if (!set)
        co_return std::unexpected(set.error());
    const auto file = std::ranges::find(set->files, path, &FileDiff::path);
    if (file == set->files.end())
        co_return fail(ErrorCode::NotFound, path);
    co_return *file;
}

Async<FileDiff> readFile(std::shared_ptr<GitRunner> runner, Worktree worktree, QString path,
                         DiffLimits limits, GitTrust trust)
{
    const auto list = co_await readWorktree(runner, worktree, {}, false, limits, trust);
    if (!list)
        co_return std::unexpected(list.error());
    const auto git = co_await openGit(runner, worktree.place(), trust);
    if (!git)
        co_return std::unexpected(git.error());
    co_return co_await readFileOf(*git, *list, path, limits);
}

// Empty: it is a first commit.
Async<QString> parentOf(Git git, QString commit)
{
    const QStringList args{u"rev-parse"_s, u"--verify"_s, u"--quiet"_s, QString(commit + u"^1^{commit}")};
    const auto output = co_await runGit(git, git.command(args));
    if (!output)
        co_return std::unexpected(output.error());
    co_return output->exitCode == 0 ? QString::fromLatin1(output->out.trimmed()) : QString();
}

// As ids; `to` is empty where an end is gone.
Async<DiffEnds> resolved(Git git, DiffEnds ends)
{
    const auto to = co_await objectOf(git, ends.to, u"commit"_s);
    if (!to)
        co_return std::unexpected(to.error());
    if (to->isEmpty())
        co_return DiffEnds{};
    auto from = Result<QString>();
    if (ends.from.isEmpty())
        from = co_await parentOf(git, *to);
    else
        from = co_await objectOf(git, ends.from, u"commit"_s);
    if (!from)
        co_return std::unexpected(from.error());
    co_return from->isEmpty() ? DiffEnds{} : DiffEnds{.from = *from, .to = *to};
}

Async<DiffSet> readRecorded(std::shared_ptr<GitRunner> runner, GitPlace place,
                            std::vector<DiffEnds> candidates, QString path, DiffLimits limits)
{
    // Objects only: no filter is asked, whatever the configuration says.
    const Git git{.runner = runner, .place = place, .drivers = {}};
    for (const DiffEnds &candidate : candidates) {
        const auto ends = co_await resolved(git, candidate);
        if (!ends)
            co_return std::unexpected(ends.error());
        if (ends->to.isEmpty())
            continue;
        auto set = co_await readSpan(git, {.from = ends->from, .to = ends->to, .paths = {}}, false, limits);
        if (!set || path.isEmpty())
            co_return set;
        const auto file = co_await readFileOf(git, *set, path, limits);
        if (!file)
            co_return std::unexpected(file.error());
        set->files = {*file};
        co_return set;
    }
    co_return fail(ErrorCode::NotFound, candidates.empty() ? QString() : candidates.front().to, u"commit"_s);
}

Async<DiffSet> readBetween(std::shared_ptr<GitRunner> runner, GitPlace place, QString from, QString to,
                           bool hunks, DiffLimits limits)
{
    if (!isObjectId(from) || !isObjectId(to))
        co_return fail(ErrorCode::InvalidArgument, isObjectId(from) ? to : from, u"commit"_s);
    // Objects only: no filter is asked, whatever the configuration says.
    const Git git{.runner = runner, .place = place, .drivers = {}};
    const Span span{.from = from, .to = to, .paths = {}};
    co_return co_await readSpan(git, span, hunks, limits);
}

} // namespace

DiffReader::DiffReader(std::shared_ptr<GitRunner> runner, DiffLimits limits)
    : m_runner(std::move(runner))
    , m_limits(limits)
{
}

QFuture<Result<DiffSet>> DiffReader::worktree(Worktree worktree, bool withHunks, GitTrust trust) const
{
    return readWorktree(m_runner, std::move(worktree), {}, withHunks, m_limits, trust);
}

QFuture<Result<FileDiff>> DiffReader::file(Worktree worktree, QString path, GitTrust trust) const
{
    return readFile(m_runner, std::move(worktree), std::move(path), m_limits, trust);
}

QFuture<Result<DiffSet>> DiffReader::between(GitPlace place, QString from, QString to, bool withHunks) const
{
    return readBetween(m_runner, std::move(place), std::move(from), std::move(to), withHunks, m_limits);
}

QFuture<Result<DiffSet>> DiffReader::recorded(GitPlace place, std::vector<DiffEnds> candidates,
                                              QString path) const
{
    return readRecorded(m_runner, std::move(place), std::move(candidates), std::move(path), m_limits);
}

} // namespace muster
