#include "core/events/step_title.h"
#include "core/flow/attempt_key.h"
#include "core/flow/flow_parser.h"
#include "core/node/api/value_fields.h"
#include "core/node/queries/queries.h"
#include "core/store/event_repository.h"
#include "core/store/inbox_repository.h"
#include "core/store/project_repository.h"
#include "core/store/run_repository.h"
#include "core/store/task_repository.h"

#include <QHash>

#include <algorithm>

namespace muster::queries {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype outputPreview = 4096;

api::RunInfo runInfo(const RunRow &row, const QString &projectPath)
{
    return {.id = row.id,
            .number = static_cast<int>(row.number),
            .flow = row.flow,
            .projectId = row.project,
            .project = projectPath,
            .status = row.status,
            .reason = row.reason,
            .detail = row.detail,
            .startedAt = row.startedMs.value_or(row.createdMs),
            .endedAt = row.endedMs.value_or(0),
            .unattended = row.unattended,
            .pauseAsked = row.pauseAsked,
            .inputs = row.inputs,
            .rerunOf = row.rerunOf,
            .rerunMode = row.rerunMode,
            .rerunStep = row.rerunStep};
}

// 0: there is no such run any more.
int numberOf(RunRepository &runs, RunId run)
{
    const auto found = run.isValid() ? runs.find(run) : fail(ErrorCode::NotFound);
    return found ? static_cast<int>(found->number) : 0;
}

void addSteps(api::RunInfo &info, const std::vector<StepRunRow> &steps)
{
    for (const StepRunRow &step : steps) {
        info.tokensIn += step.usage.tokensIn;
        info.tokensOut += step.usage.tokensOut;
        info.costMicroUsd += step.usage.costMicroUsd.value_or(0);
        // A delay waits too, but not for a person: it has no attempts.
        info.waitingForYou += step.status == StepStatus::Waiting && step.attempt > 0 ? 1 : 0;
        if (step.itemIndex >= 0)
            continue;
        ++info.stepsTotal;
        info.stepsKept += step.keptFrom.isValid() ? 1 : 0;
        info.stepsSettled += isSettled(step.status) ? 1 : 0;
    }
}

Result<QString> pathOf(Connection &db, ProjectId id, QHash<ProjectId, QString> &known)
{
    if (const auto found = known.constFind(id); found != known.cend())
        return *found;
    const auto project = ProjectRepository(db).find(id);
    if (!project)
        return std::unexpected(project.error());
    known.insert(id, project->path);
    return project->path;
}

// Of a run that is part of another.
Status addParent(Connection &db, const RunRow &row, api::RunInfo &info)
{
    if (!row.parentRun.isValid())
        return {};
    const auto parent = RunRepository(db).find(row.parentRun);
    if (!parent)
        return std::unexpected(parent.error());
    const auto key = AttemptKey::fromString(row.parentKey);
    info.parent = parent->id;
    info.parentNumber = static_cast<int>(parent->number);
    info.parentFlow = parent->flow;
    if (key)
        info.parentStep = stepCode(key->step, key->item);
    return {};
}

// The run that the last attempt of a flow step has started.
Status addChild(Connection &db, api::StepInfo &step)
{
    if (step.attempt == 0)
        return {};
    const AttemptKey key{.run = step.run, .step = step.stepId, .item = step.index, .attempt = step.attempt};
    const auto child = RunRepository(db).childOf(key.toString());
    if (!child)
        return std::unexpected(child.error());
    if (*child) {
        step.child = (*child)->id;
        step.childNumber = static_cast<int>((*child)->number);
        step.childFlow = (*child)->flow;
    }
    return {};
}

// Of what failed the end, where it says why.
QString previewOf(const StepRunRow &row)
{
    const QString all = row.outputText.value_or(QString());
    return hasFailed(row.status) ? all.right(outputPreview) : all.left(outputPreview);
}

api::StepInfo stepInfo(const StepRunRow &row, const FlowDefinition *definition)
{
    api::StepInfo info{.id = row.id,
                       .run = row.run,
                       .stepId = row.stepId,
                       .index = row.itemIndex,
                       .keptFrom = row.keptFrom,
                       .label = row.label,
                       .status = row.status,
                       .attempt = row.attempt,
                       .reason = row.reason,
                       .detail = row.detail,
                       .startedAt = row.startedMs.value_or(0),
                       .endedAt = row.endedMs.value_or(0),
                       .deadlineAt = row.dueMs.value_or(0),
                       .task = row.task,
                       .tokensIn = row.usage.tokensIn,
                       .tokensOut = row.usage.tokensOut,
                       .costMicroUsd = row.usage.costMicroUsd.value_or(0),
                       .output = previewOf(row)};
    const int index = definition ? definition->indexOf(row.stepId) : -1;
    if (index < 0)
        return info;
    const StepDefinition &step = definition->step(index);
    info.kind = enumName(step.kind);
    info.attemptsMax = step.retries.max + 1;
    for (int need : step.needs)
        info.needs += definition->step(need).id;
    return info;
}

// In the order of the file, items after their step; steps that have no row yet are pending.
std::vector<api::StepInfo> stepInfos(std::vector<StepRunRow> rows, const FlowDefinition *definition,
                                     RunId run)
{
    if (definition) {
        for (const StepDefinition &step : definition->steps) {
            if (std::ranges::none_of(rows, [&](const StepRunRow &row) { return row.stepId == step.id; }))
                rows.push_back({.run = run, .stepId = step.id});
        }
    }
    std::ranges::stable_sort(rows, {}, [&](const StepRunRow &row) {
        return std::pair(definition ? definition->indexOf(row.stepId) : 0, row.itemIndex);
    });
    std::vector<api::StepInfo> out;
    out.reserve(rows.size());
    for (const StepRunRow &row : rows)
        out.push_back(stepInfo(row, definition));
    return out;
}

Status addInbox(Connection &db, api::RunDetail &detail)
{
    const auto open = InboxRepository(db).list({.status = InboxStatus::Open, .run = detail.run.id});
    if (!open)
        return std::unexpected(open.error());
    for (api::StepInfo &step : detail.steps) {
        const auto item = std::ranges::find_if(
            *open, [&](const InboxRow &row) { return row.refs.step == step.id && step.id.isValid(); });
        if (item != open->end())
            step.inbox = item->id;
    }
    return {};
}

// The last of each step's task is that of its last attempt.
Status addContext(Connection &db, api::RunDetail &detail)
{
    const auto told =
        EventRepository(db).slice({.refs = {.run = detail.run.id}, .kinds = {u"task.context"_s}},
                                  {.direction = SliceDirection::Newer, .limit = 20'000});
    if (!told)
        return std::unexpected(told.error());
    QHash<StepRunId, QJsonArray> parts;
    for (const Event &event : *told)
        parts.insert(event.refs.step, event.data.value(u"parts").toArray());
    for (api::StepInfo &step : detail.steps) {
        const QJsonArray own = parts.value(step.id);
        for (const auto &part : own) {
            if (auto info = fromJsonObject<api::ContextInfo>(part.toObject()))
                step.context.push_back(std::move(*info));
        }
    }
    return {};
}

QString resultText(const api::RunDetail &detail)
{
    const auto last =
        std::ranges::find_if(detail.steps.rbegin(), detail.steps.rend(), [](const api::StepInfo &step) {
        return step.status == StepStatus::Completed && step.kind != u"approval" && !step.output.isEmpty() &&
               step.index < 0;
    });
    return last == detail.steps.rend() ? QString() : last->output;
}

void addEarlier(RunRepository &runs, api::RunDetail &detail)
{
    detail.run.rerunOfNumber = numberOf(runs, detail.run.rerunOf);
    QHash<RunId, int> numbers;
    for (api::StepInfo &step : detail.steps) {
        if (!step.keptFrom.isValid())
            continue;
        if (!numbers.contains(step.keptFrom))
            numbers.insert(step.keptFrom, numberOf(runs, step.keptFrom));
        step.keptFromNumber = numbers.value(step.keptFrom);
    }
}

} // namespace

Result<std::vector<api::RunInfo>> runs(Connection &db, const api::ListRuns &query)
{
    RunFilter filter{
        .activeOnly = query.activeOnly, .limit = std::clamp(query.limit, 1, 1000), .before = query.before};
    if (!query.project.isEmpty()) {
        const auto project = ProjectRepository(db).findByPath(query.project);
        if (!project)
            return std::unexpected(project.error());
        if (!*project)
            return std::vector<api::RunInfo>();
        filter.project = (*project)->id;
    }
    RunRepository repository(db);
    const auto rows = repository.list(filter);
    if (!rows)
        return std::unexpected(rows.error());
    QHash<ProjectId, QString> paths;
    std::vector<api::RunInfo> out;
    for (const RunRow &row : *rows) {
        const auto path = pathOf(db, row.project, paths);
        const auto steps = repository.steps(row.id);
        if (!path || !steps)
            return std::unexpected(path ? steps.error() : path.error());
        addSteps(out.emplace_back(runInfo(row, *path)), *steps);
        out.back().rerunOfNumber = numberOf(repository, row.rerunOf);
        if (Status added = addParent(db, row, out.back()); !added)
            return std::unexpected(added.error());
    }
    return out;
}

Result<api::RunDetail> run(Connection &db, RunId id)
{
    RunRepository repository(db);
    const auto row = repository.find(id);
    if (!row)
        return std::unexpected(row.error());
    QHash<ProjectId, QString> paths;
    const auto path = pathOf(db, row->project, paths);
    const auto definition = repository.definition(row->definition);
    const auto steps = repository.steps(id);
    if (!path || !definition || !steps)
        return fail(ErrorCode::NotFound, id.toString(), u"run"_s);
    const FlowParseResult parsed = parseFlow(definition->text.toUtf8(), definition->path, {});

    api::RunDetail detail{.run = runInfo(*row, *path), .definition = definition->text};
    detail.steps = stepInfos(*steps, parsed.definition.get(), id);
    addSteps(detail.run, *steps);
    addEarlier(repository, detail);
    detail.run.stepsTotal = parsed.ok() ? parsed.definition->stepCount() : detail.run.stepsTotal;
    if (Status added = addParent(db, *row, detail.run); !added)
        return std::unexpected(added.error());
    if (Status added = addInbox(db, detail); !added)
        return std::unexpected(added.error());
    if (Status added = addContext(db, detail); !added)
        return std::unexpected(added.error());
    for (api::StepInfo &step : detail.steps) {
        const bool isFlow = step.kind == enumName(StepKind::Flow);
        if (Status added = isFlow ? addChild(db, step) : addWork(db, step); !added)
            return std::unexpected(added.error());
    }
    detail.result = resultText(detail);
    return detail;
}

namespace {

// Those that have begun come first, so that no long queue hides them.
Result<std::vector<TaskRow>> openTasks(TaskRepository &tasks, RunId run, int limit)
{
    auto rows =
        tasks.list({.run = run, .statuses = {TaskStatus::Running, TaskStatus::Waiting}, .limit = limit});
    if (!rows || std::ssize(*rows) >= limit)
        return rows;
    const auto queued = tasks.list(
        {.run = run, .statuses = {TaskStatus::Queued}, .limit = limit - static_cast<int>(rows->size())});
    if (!queued)
        return queued;
    rows->insert(rows->end(), queued->begin(), queued->end());
    return rows;
}

} // namespace

Result<std::vector<api::TaskInfo>> tasks(Connection &db, const api::ListTasks &query)
{
    if (query.run.isValid()) {
        if (const auto run = RunRepository(db).find(query.run); !run)
            return std::unexpected(run.error());
    }
    TaskRepository repository(db);
    const int limit = std::clamp(query.limit, 1, 5000);
    const auto rows =
        query.task.isValid()
            ? repository.find(query.task).transform([](TaskRow row) { return std::vector{std::move(row)}; })
        : query.activeOnly ? openTasks(repository, query.run, limit)
                           : repository.list({.run = query.run, .limit = limit});
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<api::TaskInfo> out;
    for (const TaskRow &row : *rows) {
        const auto spec = repository.spec(row.id);
        if (!spec)
            return std::unexpected(spec.error());
        out.push_back({.id = row.id,
                       .key = row.key.value_or(QString()),
                       .source = enumName(row.source),
                       .kind = enumName(row.kind),
                       .projectId = row.project,
                       .run = row.run,
                       .conversation = row.conversation,
                       .status = row.status,
                       .pool = row.pool,
                       .priority = row.priority,
                       .runtime = spec->runtime.isEmpty() ? spec->runtimeAsked : spec->runtime,
                       .runtimeReason = spec->resolveReason,
                       .profile = spec->profile,
                       .title = spec->data.value(u"title").toString(),
                       .attempt = spec->data.value(u"attempt").toInt(1),
                       .reason = row.reason,
                       .detail = row.detail,
                       .createdAt = row.createdMs,
                       .startedAt = row.startedMs.value_or(0),
                       .endedAt = row.endedMs.value_or(0),
                       .deadlineAt = row.deadlineMs.value_or(0),
                       .notBefore = restOf(row),
                       .agentSteps = static_cast<int>(row.turns),
                       .stepsMax = spec->data.value(u"max_turns").toInt(),
                       .tokensIn = row.usage.tokensIn,
                       .tokensOut = row.usage.tokensOut,
                       .costMicroUsd = row.usage.costMicroUsd.value_or(0),
                       .exitCode = row.exitCode.value_or(0),
                       .retryOf = row.retryOf,
                       .supersededBy = row.supersededBy});
    }
    return out;
}

} // namespace muster::queries
