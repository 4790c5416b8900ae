// The worktrees that attempts work in: made or found again, committed, set aside.
#include "core/node/projects/changes_service.h"
#include "core/store/run_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// What the store knows before a worktree is made.
struct Known {
    std::optional<WorktreeRow> own;
    QString base;  // where it begins; empty: HEAD of the main tree
    QString since; // what is new in it is told against this commit; empty: against where it begins
    QStringList paths;
};

EventRefs refsOf(const WorktreeRow &row)
{
    return {.project = row.project, .run = row.run, .step = row.step};
}

QString tipOf(const WorktreeRow &row) { return row.headCommit.isEmpty() ? row.baseCommit : row.headCommit; }

// The worktree of an earlier run in which a step worked that this run keeps.
Result<std::optional<WorktreeRow>> keptTree(Connection &db, StepRunId step, RunId run)
{
    if (!step.isValid())
        return std::nullopt;
    const auto row = RunRepository(db).step(step);
    if (!row)
        return std::unexpected(row.error());
    if (!row->worktree.isValid())
        return std::nullopt;
    const auto tree = WorktreeRepository(db).find(row->worktree);
    if (!tree)
        return std::unexpected(tree.error());
    return tree->run == run ? std::nullopt : std::optional(*tree);
}

// It goes on with what was made there. What was merged is in the main tree.
void beginFrom(Known &known, const WorktreeRow &kept)
{
    const bool merged = kept.state == WorktreeState::Merged;
    known.base = merged ? QString() : tipOf(kept);
    known.since = merged ? QString() : kept.baseCommit;
}

Status findBeginning(Connection &db, const WorktreeWish &wish, Known &known)
{
    const auto run = RunRepository(db).find(wish.run);
    const auto own = keptTree(db, wish.step, wish.run);
    const auto from = keptTree(db, wish.from, wish.run);
    if (!run)
        return std::unexpected(run.error());
    if (!own || !from)
        return std::unexpected((own ? from : own).error());
    if (!run->baseCommit.isEmpty())
        known.base = run->baseCommit;
    if (!wish.step.isValid() && !run->beginsAt.isEmpty()) {
        known.base = run->beginsAt;
        known.since = run->baseCommit;
    }
    if (*own)
        beginFrom(known, **own);
    else if (*from)
        beginFrom(known, **from);
    return {};
}

// A run of a flow step begins where the run that it is part of stands; empty: at HEAD.
Result<QString> baseFromParent(Connection &db, RunId run)
{
    while (true) {
        const auto row = RunRepository(db).find(run);
        if (!row)
            return std::unexpected(row.error());
        if (!row->parentRun.isValid())
            return QString();
        const auto trees = WorktreeRepository(db).ofRun(row->parentRun);
        if (!trees)
            return std::unexpected(trees.error());
        const auto shared = std::ranges::find_if(
            trees->rbegin(), trees->rend(), [](const WorktreeRow &tree) { return !tree.step.isValid(); });
        if (shared != trees->rend())
            return shared->state == WorktreeState::Merged ? QString() : tipOf(*shared);
        if (!trees->empty())
            return trees->front().baseCommit;
        run = row->parentRun;
    }
}

Result<Known> readKnown(Connection &db, const WorktreeWish &wish)
{
    WorktreeRepository worktrees(db);
    const auto ofRun = worktrees.ofRun(wish.run);
    if (!ofRun)
        return std::unexpected(ofRun.error());
    Known known;
    // The first of a run can only have begun at the run's base; the person may have gone on since.
    if (!ofRun->empty()) {
        known.base = ofRun->front().baseCommit;
    } else {
        const auto base = baseFromParent(db, wish.run);
        if (!base)
            return std::unexpected(base.error());
        known.base = *base;
    }
    if (const Status found = findBeginning(db, wish, known); !found)
        return std::unexpected(found.error());
    for (const WorktreeRow &row : *ofRun) {
        const bool merged = row.step == wish.step && row.state == WorktreeState::Merged;
        const bool from = wish.from.isValid() && row.step == wish.from;
        if (row.step == wish.step && row.state == WorktreeState::Active)
            known.own = row;
        else if (merged)
            known.base.clear(); // what it had made is there now
        if (from)
            known.base = tipOf(row);
        if (merged || from)
            known.since.clear();
    }
    const auto active = worktrees.active({});
    if (!active)
        return std::unexpected(active.error());
    for (const WorktreeRow &row : *active)
        known.paths += row.path;
    return known;
}

} // namespace

Async<WorktreeRow> ChangesService::worktreeFor(WorktreeWish wish, GitTrust trust)
{
    const QString repository = wish.project.commonDir;
    QFuture<Result<WorktreeRow>> mine = makeAfter(m_making.value(repository), std::move(wish), trust);
    m_making.insert(repository, mine);
    co_return co_await resultOf(std::move(mine));
}

// One after another per repository: two that look for a free name or a row at the same time find the same.
Async<WorktreeRow> ChangesService::makeAfter(QFuture<Result<WorktreeRow>> before, WorktreeWish wish,
                                             GitTrust trust)
{
    if (before.isValid())
        (void)co_await resultOf(std::move(before));
    const auto known =
        co_await resultOf(m_ledger.readAsync([wish](Connection &db) { return readKnown(db, wish); }));
    if (!known)
        co_return std::unexpected(known.error());
    if (known->own)
        co_return *known->own;
    const auto made = co_await resultOf(m_worktrees.create({.project = wish.project,
                                                            .run = wish.runTag,
                                                            .step = wish.name,
                                                            .base = known->base,
                                                            .takenPaths = known->paths},
                                                           trust));
    if (!made)
        co_return std::unexpected(made.error());
    co_return co_await resultOf(m_ledger.commitAsync(
        [made = *made, wish, since = known->since](Connection &db, EventBatch &log) -> Result<WorktreeRow> {
        WorktreeRow row{.project = wish.projectId,
                        .run = wish.run,
                        .step = wish.step,
                        .path = made.path,
                        .branch = made.branch,
                        .baseCommit = since.isEmpty() ? made.baseCommit : since,
                        .headCommit = since.isEmpty() ? QString() : made.baseCommit,
                        .createdMs = log.nowMs()};
        row.projectRoot = made.project;
        row.gitDir = made.gitDir;
        row.commonDir = made.commonDir;
        row.target = wish.project.headBranch;
        const auto id = WorktreeRepository(db).insert(row);
        if (!id)
            return std::unexpected(id.error());
        row.id = *id;
        log.add(u"worktree.made"_s, refsOf(row), u"node"_s,
                {{u"branch"_s, row.branch}, {u"path"_s, row.path}});
        return row;
    }));
}

Async<QString> ChangesService::tip(WorktreeRow row, GitTrust trust)
{
    co_return co_await resultOf(m_worktrees.tip(worktreeOf(row), trust));
}

Async<CommitResult> ChangesService::commitAttempt(WorktreeRow row, QString message, GitTrust trust)
{
    const CommitRequest request{.message = message, .since = tipOf(row)};
    auto result = co_await resultOf(m_worktrees.commitAll(worktreeOf(row), request, trust));
    if (!result || !result->changed)
        co_return result;
    const Status noted = co_await resultOf(
        m_ledger.commitAsync([row, commit = *result](Connection &db, EventBatch &log) -> Status {
        log.add(u"worktree.committed"_s, refsOf(row), u"node"_s,
                {{u"commit"_s, commit.commit}, {u"files"_s, QJsonArray::fromStringList(commit.files)}});
        return WorktreeRepository(db).setHead(row.id, commit.commit);
    }));
    if (!noted)
        co_return std::unexpected(noted.error());
    co_return result;
}

Async<SalvageResult> ChangesService::salvageAttempt(WorktreeRow row, QString runTag, QString step,
                                                    int attempt, GitTrust trust)
{
    const QString begin = tipOf(row);
    auto result = co_await resultOf(m_worktrees.salvage(
        worktreeOf(row), {.run = runTag, .step = step, .attempt = attempt, .resetTo = begin}, trust));
    if (!result || !result->kept)
        co_return result;
    const Status noted = co_await resultOf(
        m_ledger.commitAsync([row, kept = *result, attempt](Connection &db, EventBatch &log) -> Status {
        log.add(u"worktree.salvaged"_s, refsOf(row), u"node"_s,
                {{u"ref"_s, kept.ref}, {u"files"_s, QJsonArray::fromStringList(kept.files)}});
        return WorktreeRepository(db).addSalvage({.worktree = row.id,
                                                  .attempt = attempt,
                                                  .ref = kept.ref,
                                                  .commit = kept.commit,
                                                  .createdMs = log.nowMs()});
    }));
    if (!noted)
        co_return std::unexpected(noted.error());
    co_return result;
}

} // namespace muster
