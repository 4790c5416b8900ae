#include "core/node/projects/changes_service.h"

#include "core/process/process_identity.h"
#include "core/store/run_repository.h"
#include "core/workspace/git_command.h"

#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 turnPatienceMs = 20'000; // a person waits for the answer

api::FileChange toApi(const FileDiff &file, bool withHunks)
{
    api::FileChange change{.path = file.path,
                           .oldPath = file.oldPath,
                           .status = enumName(file.status),
                           .added = file.added,
                           .removed = file.removed,
                           .binary = file.binary,
                           .truncated = file.truncated};
    if (!withHunks)
        return change;
    for (const DiffHunk &hunk : file.hunks) {
        api::DiffHunk out{.header = hunk.header};
        for (const DiffLine &line : hunk.lines)
            out.lines.push_back({.kind = enumName(line.kind),
                                 .oldLine = line.oldNo,
                                 .newLine = line.newNo,
                                 .text = line.text});
        change.hunks.push_back(std::move(out));
    }
    return change;
}

api::WorktreeInfo infoOf(const WorktreeRow &row)
{
    return {.id = row.id,
            .project = row.project,
            .projectPath = row.projectRoot,
            .run = row.run,
            .path = row.path,
            .branch = row.branch,
            .target = row.target,
            .state = enumName(row.state),
            .createdAt = row.createdMs,
            .endedAt = row.endedMs.value_or(0),
            .result = row.result};
}

QString stateWord(const WorktreeStatus &status)
{
    if (!status.clean() || !status.nested.isEmpty())
        return u"dirty"_s;
    return status.ahead > 0 ? u"ahead"_s : u"clean"_s;
}

// The best record of what an ended worktree had made comes first; empty: it had made nothing.
std::vector<DiffEnds> endsOf(const WorktreeRow &row)
{
    std::vector<DiffEnds> ends;
    if (!row.result.isEmpty())
        ends.push_back(
            {.from = row.result.startsWith(u"refs/") ? row.baseCommit : QString(), .to = row.result});
    if (!row.headCommit.isEmpty())
        ends.push_back({.from = row.baseCommit, .to = row.headCommit});
    return ends;
}

Error refused(const MergeReport &report)
{
    return {
        .code = ErrorCode::Conflict, .detail = enumName(report.outcome), .where = report.files.join(u'\n')};
}

} // namespace

Worktree worktreeOf(const WorktreeRow &row)
{
    return {.project = row.projectRoot,
            .path = row.path,
            .gitDir = row.gitDir,
            .commonDir = row.commonDir,
            .branch = row.branch,
            .baseCommit = row.baseCommit};
}

ChangesService::ChangesService(Ledger &ledger, ProjectService &projects,
                               const std::shared_ptr<GitRunner> &git, const Paths &paths)
    : m_ledger(ledger)
    , m_projects(projects)
    , m_git(git)
    , m_turns(ledger, ownerText())
    , m_worktreeDir(paths.worktreeDir)
    , m_worktrees(git, paths.worktreeDir)
    , m_diffs(git)
{
}

Async<ChangesService::Opened> ChangesService::open(WorktreeId id)
{
    const auto row = co_await resultOf(
        m_ledger.readAsync([id](Connection &db) { return WorktreeRepository(db).find(id); }));
    if (!row)
        co_return std::unexpected(row.error());
    const auto project = co_await m_projects.open(row->projectRoot);
    if (!project)
        co_return std::unexpected(project.error());
    co_return Opened{.row = *row, .project = *project};
}

Async<std::vector<api::WorktreeInfo>> ChangesService::describe(std::vector<WorktreeRow> rows)
{
    std::vector<api::WorktreeInfo> out;
    for (const WorktreeRow &row : rows) {
        api::WorktreeInfo info = infoOf(row);
        if (row.state == WorktreeState::Active) {
            const auto set = co_await resultOf(m_diffs.worktree(worktreeOf(row), false, GitTrust::Untrusted));
            const auto status = co_await resultOf(m_worktrees.status(worktreeOf(row), GitTrust::Untrusted));
            if (set) {
                info.filesChanged = static_cast<int>(set->files.size());
                for (const FileDiff &file : set->files) {
                    info.added += file.added;
                    info.removed += file.removed;
                }
            }
            if (status) {
                info.commitsAhead = status->ahead;
                info.uncommitted = static_cast<int>(status->dirty.size());
                info.nested = status->nested;
                info.state = stateWord(*status);
            }
        }
        out.push_back(std::move(info));
    }
    co_return out;
}

Async<api::ChangesInfo> ChangesService::changes(WorktreeId id, QString path)
{
    const auto opened = co_await open(id);
    if (!opened)
        co_return std::unexpected(opened.error());
    if (opened->row.state != WorktreeState::Active)
        co_return co_await endedChanges(*opened, path);
    const std::vector<WorktreeRow> rows(1, opened->row);
    const auto described = co_await describe(rows);
    api::ChangesInfo info{.worktree = described->front()};
    const Worktree worktree = worktreeOf(opened->row);
    if (!path.isEmpty()) {
        const auto file = co_await resultOf(m_diffs.file(worktree, path, opened->project.gitTrust()));
        if (!file)
            co_return std::unexpected(file.error());
        info.files.push_back(toApi(*file, true));
        co_return info;
    }
    const auto set = co_await resultOf(m_diffs.worktree(worktree, false, opened->project.gitTrust()));
    if (!set)
        co_return std::unexpected(set.error());
    for (const FileDiff &file : set->files)
        info.files.push_back(toApi(file, false));
    co_return info;
}

// Folder and branch are gone: what was made there is in the commit that it was merged as, or in what was
// kept.
Async<api::ChangesInfo> ChangesService::endedChanges(Opened opened, QString path)
{
    api::ChangesInfo info{.worktree = infoOf(opened.row)};
    const std::vector<DiffEnds> candidates = endsOf(opened.row);
    if (candidates.empty())
        co_return info;
    const auto set = co_await resultOf(m_diffs.recorded({.gitDir = opened.row.commonDir,
                                                         .commonDir = opened.row.commonDir,
                                                         .workTree = opened.row.projectRoot},
                                                        candidates, path));
    if (!set)
        co_return std::unexpected(set.error());
    for (const FileDiff &file : set->files) {
        info.worktree.added += file.added;
        info.worktree.removed += file.removed;
        info.files.push_back(toApi(file, !path.isEmpty()));
    }
    info.worktree.filesChanged = static_cast<int>(set->files.size());
    co_return info;
}

// The snapshot that is kept of a worktree leaves out git repositories inside it: they go only when told so.
Async<bool> ChangesService::mayEnd(Opened opened, bool losingNested)
{
    if (opened.row.state != WorktreeState::Active)
        co_return fail(ErrorCode::Conflict, enumName(opened.row.state), u"worktree"_s);
    if (losingNested || !QFileInfo::exists(opened.row.path))
        co_return true;
    const auto status =
        co_await resultOf(m_worktrees.status(worktreeOf(opened.row), opened.project.gitTrust()));
    if (!status)
        co_return std::unexpected(status.error());
    if (!status->nested.isEmpty())
        co_return fail(ErrorCode::Conflict, u"nested_repositories"_s, status->nested.join(u'\n'));
    co_return true;
}

// From here the worktree is in m_ending until the caller takes it out, unless this fails.
Async<ChangesService::Opened> ChangesService::beginEnding(WorktreeId id, bool losingNested)
{
    if (m_ending.contains(id))
        co_return fail(ErrorCode::Conflict, u"under_way"_s, u"worktree"_s);
    m_ending.insert(id);
    auto opened = co_await open(id);
    if (opened) {
        if (const auto may = co_await mayEnd(*opened, losingNested); !may)
            opened = std::unexpected(may.error());
    }
    if (!opened)
        m_ending.remove(id);
    co_return opened;
}

// One at a time for each branch, those of merge steps too.
Async<MergeReport> ChangesService::mergeInTurn(Opened opened, MergeRequest request)
{
    const QString branch = request.target.isEmpty() ? opened.project.info.headBranch : request.target;
    const auto ref = fullBranchRef(branch);
    if (!ref) // a detached HEAD: the merge says so
        co_return co_await resultOf(
            m_worktrees.mergeInto(worktreeOf(opened.row), request, opened.project.gitTrust()));
    const MergeTurn turn{.repository = opened.row.commonDir,
                         .target = *ref,
                         .holder = u"worktree:"_s + opened.row.id.toString()};
    const auto mine = co_await m_turns.take(turn, turnPatienceMs, [] { return true; });
    if (!mine)
        co_return std::unexpected(mine.error());
    const auto report =
        co_await resultOf(m_worktrees.mergeInto(worktreeOf(opened.row), request, opened.project.gitTrust()));
    m_turns.giveBack(turn);
    co_return report;
}

Async<api::CommandDone> ChangesService::merge(api::MergeWorktree command, QString by)
{
    const WorktreeId id = command.worktree;
    const auto opened = co_await beginEnding(id, command.losingNested);
    if (!opened)
        co_return std::unexpected(opened.error());
    const QString message = u"Merge %1\n\nMade by Muster."_s.arg(opened->row.branch);
    const auto report =
        co_await mergeInTurn(*opened, {.target = opened->row.target,
                                       .mode = command.squash ? MergeMode::Squash : MergeMode::Merge,
                                       .message = message,
                                       .author = {}});
    if (!report || (report->outcome != MergeOutcome::Merged && report->outcome != MergeOutcome::NoChanges)) {
        m_ending.remove(id);
        co_return report ? Result<api::CommandDone>(std::unexpected(refused(*report)))
                         : std::unexpected(report.error());
    }
    const auto dropped =
        co_await resultOf(m_worktrees.drop(worktreeOf(opened->row), opened->row.branch.section(u'/', 1),
                                           report->target, opened->project.gitTrust()));
    auto done = co_await endWorktree(*opened, WorktreeState::Merged, by, report->commit);
    m_ending.remove(id);
    if (done && dropped && !dropped->keptRef.isEmpty())
        done->list += dropped->keptRef;
    co_return done;
}

Async<api::CommandDone> ChangesService::drop(api::DropWorktree command, QString by)
{
    const WorktreeId id = command.worktree;
    const auto opened = co_await beginEnding(id, command.losingNested);
    if (!opened)
        co_return std::unexpected(opened.error());
    const auto dropped = co_await resultOf(m_worktrees.drop(
        worktreeOf(opened->row), opened->row.branch.section(u'/', 1), {}, opened->project.gitTrust()));
    if (!dropped) {
        m_ending.remove(id);
        co_return std::unexpected(dropped.error());
    }
    auto done = co_await endWorktree(*opened, WorktreeState::Dropped, by, dropped->keptRef);
    m_ending.remove(id);
    co_return done;
}

Async<api::CommandDone> ChangesService::endWorktree(Opened opened, WorktreeState state, QString by,
                                                    QString result)
{
    co_return co_await resultOf(m_ledger.commitAsync(
        [row = opened.row, state, by, result](Connection &db, EventBatch &log) -> Result<api::CommandDone> {
        WorktreeRepository worktrees(db);
        if (Status ended = worktrees.end(row.id, state, log.nowMs()); !ended)
            return std::unexpected(ended.error());
        if (Status noted = worktrees.setResult(row.id, result); !noted)
            return std::unexpected(noted.error());
        const EventRefs refs{.project = row.project, .run = row.run};
        log.add(u"worktree."_s + enumName(state), refs, by,
                {{u"branch"_s, row.branch}, {u"result"_s, result}});
        return api::CommandDone{.refs = refs, .text = result};
    }));
}

} // namespace muster
