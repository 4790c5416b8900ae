// The queue, what holds it back, and the pools: what is expected comes from core/tasks/forecast.
#include "core/node/queries/queries.h"
#include "core/store/limit_repository.h"
#include "core/store/run_repository.h"
#include "core/store/task_repository.h"
#include "core/tasks/forecast.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace muster::queries {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostQueued = 5'000;
constexpr qint64 lateLeaseMs = 20'000; // its owner has missed two heartbeats

struct Board {
    std::vector<PoolRow> pools;
    std::vector<TaskRow> queued;
    std::vector<TaskRow> holding;
    QHash<TaskId, QStringList> poolsOf;
    QHash<QString, std::optional<qint64>> usualWork;
    QHash<RunId, QString> runOwners; // of runs that may begin something
    qint64 nowMs = 0;
};

template <typename T> [[nodiscard]] Status take(Result<T> found, T &out)
{
    if (!found)
        return std::unexpected(found.error());
    out = std::move(*found);
    return {};
}

Status readRunOwners(Connection &db, Board &board)
{
    return RunRepository(db).owners().transform([&](const std::vector<RunOwner> &rows) {
        for (const RunOwner &row : rows) {
            if (!row.pauseAsked)
                board.runOwners.insert(row.run, row.owner);
        }
    });
}

Result<Board> readBoard(Connection &db, qint64 nowMs)
{
    Board board{.nowMs = nowMs};
    TaskRepository tasks(db);
    std::vector<TaskPool> poolsOf;
    for (const Status &read :
         {take(PoolRepository(db).list(), board.pools), take(tasks.queue(nowMs, mostQueued), board.queued),
          take(tasks.holding(), board.holding), take(tasks.poolsOfOpen(), poolsOf),
          readRunOwners(db, board)}) {
        if (!read)
            return std::unexpected(read.error());
    }
    for (const TaskPool &row : poolsOf)
        board.poolsOf[row.task] += row.pool;
    for (const PoolRow &pool : board.pools) {
        if (Status read = take(tasks.medianWorkMs(pool.name), board.usualWork[pool.name]); !read)
            return std::unexpected(read.error());
    }
    return board;
}

HeldSlot slotOf(const Board &board, const TaskRow &row)
{
    const bool late = row.lease.expiresAtMs > 0 && row.lease.expiresAtMs - board.nowMs < lateLeaseMs;
    return {.claimedMs = row.slotClaimedMs.value_or(board.nowMs),
            .deadlineMs = row.deadlineMs,
            .usualWorkMs = board.usualWork.value(row.pool),
            .lateLeaseEndsMs = late ? std::optional(row.lease.expiresAtMs) : std::nullopt};
}

std::vector<ForecastPool> forecastPools(const Board &board)
{
    std::vector<ForecastPool> pools;
    for (const PoolRow &pool : board.pools) {
        if (!pool.cap)
            continue;
        ForecastPool &out =
            pools.emplace_back(ForecastPool{.name = pool.name, .cap = *pool.cap, .frees = {}});
        for (const TaskRow &row : board.holding) {
            if (board.poolsOf.value(row.id).contains(pool.name))
                out.frees.push_back(freesAt(slotOf(board, row), board.nowMs));
        }
    }
    return pools;
}

std::vector<ForecastTask> forecastQueue(const Board &board)
{
    std::vector<ForecastTask> queue;
    queue.reserve(board.queued.size());
    for (const TaskRow &row : board.queued)
        queue.push_back({.pools = row.forced ? QStringList() : board.poolsOf.value(row.id),
                         .notBeforeMs = row.notBeforeMs,
                         .workMs = board.usualWork.value(row.pool)});
    return queue;
}

// A pool that has as many slots held as there are, and when the first is given back.
QString fullPool(const std::vector<ForecastPool> &pools, const QStringList &names)
{
    for (const ForecastPool &pool : pools) {
        if (names.contains(pool.name) && std::ssize(pool.frees) >= pool.cap)
            return pool.name;
    }
    return {};
}

// Why it has not begun, in the order in which it would have to be over.
void addReason(const Board &board, const std::vector<ForecastPool> &pools, const NodeLook &look,
               const TaskRow &row, const QString &runtime, api::QueuedInfo &info)
{
    const bool ofRun = row.run.isValid();
    const auto hold = [&](HeldBack why, const QString &by, qint64 until) {
        info.heldBack = why;
        info.heldBackBy = by;
        info.heldBackUntil = until;
    };
    if (row.notBeforeMs > board.nowMs) {
        hold(row.putOff > 0 ? HeldBack::Limit : HeldBack::Time, row.putOff > 0 ? runtime : QString(),
             row.notBeforeMs);
    } else if (ofRun && !board.runOwners.contains(row.run) && !row.recovered && row.lease.expiresAtMs == 0) {
        hold(HeldBack::Pause, {}, 0);
    } else if (const QString full = row.forced ? QString() : fullPool(pools, info.pools); !full.isEmpty()) {
        const auto pool = std::ranges::find(pools, full, &ForecastPool::name);
        hold(HeldBack::Slot, full, freesAt(*pool, board.nowMs).value_or(0));
    } else if (look.heldBack && row.source != TaskSource::Chat) {
        hold(*look.heldBack, {}, look.nextLookMs);
    } else if (ofRun && board.runOwners.value(row.run) != look.owner) {
        hold(HeldBack::Owner, {}, 0);
    } else if (row.recovered) {
        hold(HeldBack::Staging, {}, 0);
    } else { // its turn comes with the next pass: another was before it
        hold(HeldBack::Slot, row.pool, board.nowMs);
    }
}

Result<api::QueuedInfo> queuedInfo(TaskRepository &tasks, const Board &board, const TaskRow &row)
{
    const auto spec = tasks.spec(row.id);
    if (!spec)
        return std::unexpected(spec.error());
    return api::QueuedInfo{.task = row.id,
                           .key = row.key.value_or(QString()),
                           .title = spec->data.value("title"_L1).toString(),
                           .source = enumName(row.source),
                           .sourceRef = row.sourceRef,
                           .project = row.project,
                           .run = row.run,
                           .conversation = row.conversation,
                           .pools = board.poolsOf.value(row.id),
                           .priority = row.priority,
                           .raised = board.nowMs - row.queuedMs > TaskRepository::raisedAfterMs,
                           .goesFirst = row.forced || row.answered,
                           .queuedAt = row.queuedMs,
                           .heldBackBy = spec->runtime.isEmpty() ? spec->runtimeAsked : spec->runtime};
}

} // namespace

bool isShippedPool(const QString &name)
{
    return QStringList{u"scheduled"_s, u"flow"_s, u"chat"_s, u"manual"_s}.contains(name);
}

Result<std::vector<api::QueuedInfo>> queue(Connection &db, const api::ListQueue &query, const NodeLook &look)
{
    const auto board = readBoard(db, look.nowMs);
    if (!board)
        return std::unexpected(board.error());
    ProjectId project;
    if (!query.project.isEmpty()) {
        const auto row = ProjectRepository(db).findByPath(query.project);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return fail(ErrorCode::NotFound, query.project, u"project"_s);
        project = (*row)->id;
    }
    const std::vector<ForecastPool> pools = forecastPools(*board);
    const auto starts = expectedStarts(pools, forecastQueue(*board), look.nowMs);
    QHash<QString, int> positions;
    TaskRepository tasks(db);
    std::vector<api::QueuedInfo> out;
    for (size_t i = 0; i < board->queued.size() && std::ssize(out) < query.limit; ++i) {
        const TaskRow &row = board->queued[i];
        const int position = ++positions[row.pool];
        const bool ofProject = !project.isValid() || row.project == project;
        const bool ofPool = query.pool.isEmpty() || board->poolsOf.value(row.id).contains(query.pool);
        if (!ofProject || !ofPool)
            continue;
        auto info = queuedInfo(tasks, *board, row);
        if (!info)
            return std::unexpected(info.error());
        info->position = position;
        const QString runtime = std::exchange(info->heldBackBy, {});
        addReason(*board, pools, look, row, runtime, *info);
        const bool standsStill = info->heldBack == HeldBack::Pause || info->heldBack == HeldBack::Owner;
        info->expectedStart = standsStill ? 0 : std::max(starts[i].value_or(0), 0LL);
        out.push_back(std::move(*info));
    }
    return out;
}

Result<std::vector<api::PoolInfo>> pools(Connection &db, qint64 nowMs)
{
    const auto board = readBoard(db, nowMs);
    if (!board)
        return std::unexpected(board.error());
    const std::vector<ForecastPool> forecast = forecastPools(*board);
    std::vector<api::PoolInfo> out;
    for (const PoolRow &pool : board->pools) {
        const auto uses = [&](const TaskRow &row) {
            return board->poolsOf.value(row.id).contains(pool.name);
        };
        api::PoolInfo info{.name = pool.name,
                           .cap = pool.cap,
                           .shares = pool.shares,
                           .keepsSlot = pool.keepsSlot,
                           .deadlineMs = pool.deadlineMs.value_or(0),
                           .held = static_cast<int>(std::ranges::count_if(board->holding, uses)),
                           .waiting = static_cast<int>(std::ranges::count_if(board->queued, uses)),
                           .shipped = isShippedPool(pool.name)};
        if (pool.cap && info.held >= *pool.cap)
            info.freesAt =
                freesAt(*std::ranges::find(forecast, pool.name, &ForecastPool::name), nowMs).value_or(0);
        out.push_back(info);
    }
    return out;
}

Result<qint64> freesAt(Connection &db, const QString &pool, qint64 nowMs)
{
    return pools(db, nowMs).transform([&](const std::vector<api::PoolInfo> &all) {
        // A pool that shares a cap is as full as the one that it shares.
        const auto found = std::ranges::find(all, pool, &api::PoolInfo::name);
        return found == all.end() ? 0 : found->freesAt;
    });
}

} // namespace muster::queries
