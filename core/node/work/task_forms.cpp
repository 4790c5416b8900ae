#include "core/node/work/task_forms.h"

#include "core/node/work/task_usage.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr auto timeLimitKey = "time_limit_ms"_L1; // beside what TaskData has

EventRefs refsOf(const TaskRow &row)
{
    return {.project = row.project,
            .run = row.run,
            .step = row.step,
            .task = row.id,
            .conversation = row.conversation};
}

} // namespace

Result<ClaimedTask> claimedTask(Connection &db, const TaskRow &row, qint64 epoch, qint64 nowMs)
{
    const auto spec = TaskRepository(db).spec(row.id);
    if (!spec)
        return std::unexpected(spec.error());
    const auto pool = PoolRepository(db).find(row.pool);
    if (!pool)
        return std::unexpected(pool.error());
    const bool keepsSlot = !*pool || (*pool)->keepsSlot;
    const qint64 limit = spec->data.value(timeLimitKey).toInteger();
    return ClaimedTask{
        .id = row.id,
        .epoch = epoch,
        .request = {.key = row.key.value_or(QString()),
                    .kind = row.kind,
                    .source = row.source,
                    .sourceRef = row.sourceRef,
                    .createdBy = row.createdBy,
                    .refs = refsOf(row),
                    .pools = {row.pool},
                    .priority = row.priority,
                    .timeLimitMs = limit > 0 ? std::optional(limit) : std::nullopt,
                    .retryOf = row.retryOf,
                    .prompt = spec->prompt,
                    .runtime = spec->runtimeAsked,
                    .model = spec->modelAsked,
                    .profile = spec->profile,
                    .data = spec->data},
        .session = row.session,
        .recovered = row.recovered,
        .keepsSlot = keepsSlot,
        .timeLeftMs = row.deadlineMs.transform([&](qint64 at) { return std::max<qint64>(0, at - nowMs); }),
        .putOffs = row.putOff,
        .spent = usageOf(row.usage, static_cast<int>(row.turns))};
}

void logTask(EventBatch &log, const TaskRow &row, const QString &kind, QJsonObject data)
{
    if (row.key)
        data.insert(u"key"_s, *row.key);
    log.add(kind, refsOf(row), row.createdBy, data);
}

namespace {

// The least of its pools', where it says nothing itself.
Result<std::optional<qint64>> timeOf(Connection &db, const TaskRequest &request)
{
    if (request.timeLimitMs)
        return *request.timeLimitMs > 0 ? request.timeLimitMs : std::nullopt;
    std::optional<qint64> least;
    for (const QString &name : request.pools) {
        const auto pool = PoolRepository(db).find(name);
        if (!pool)
            return std::unexpected(pool.error());
        const auto limit = *pool ? (*pool)->deadlineMs : std::nullopt;
        if (limit && (!least || *limit < *least))
            least = limit;
    }
    return least;
}

} // namespace

Result<TaskId> insertTask(Connection &db, EventBatch &log, const TaskRequest &request)
{
    const auto time = timeOf(db, request);
    if (!time)
        return std::unexpected(time.error());
    TaskRow row{.project = request.refs.project,
                .run = request.refs.run,
                .step = request.refs.step,
                .conversation = request.refs.conversation,
                .source = request.source,
                .sourceRef = request.sourceRef,
                .createdBy = request.createdBy,
                .kind = request.kind,
                .pool = request.pools.value(0),
                .priority = request.priority,
                .createdMs = log.nowMs(),
                .queuedMs = log.nowMs(),
                .notBeforeMs = request.notBeforeMs,
                .retryOf = request.retryOf,
                .timeLeftMs = *time};
    if (!request.key.isEmpty())
        row.key = request.key;
    QJsonObject data = request.data;
    if (*time)
        data.insert(timeLimitKey, **time);
    const TaskSpec spec{.prompt = request.prompt,
                        .runtimeAsked = request.runtime,
                        .modelAsked = request.model,
                        .profile = request.profile,
                        .data = data};
    const auto inserted = TaskRepository(db).insert(row, spec, request.pools);
    if (!inserted)
        return std::unexpected(inserted.error());
    if (inserted->created) {
        row.id = inserted->id;
        logTask(log, row, u"task.queued"_s, {{u"pool"_s, row.pool}, {u"kind"_s, enumName(row.kind)}});
    }
    return inserted->id;
}

} // namespace muster
