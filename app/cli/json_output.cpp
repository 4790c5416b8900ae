#include "app/cli/json_output.h"

#include "core/base/json_codec.h"
#include "core/node/api/value_fields.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"

#include <QDateTime>
#include <QTimeZone>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

QJsonValue isoTime(qint64 ms)
{
    if (ms <= 0)
        return QJsonValue::Null;
    return QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::UTC).toString(Qt::ISODateWithMs);
}

double usd(qint64 micro) { return static_cast<double>(micro) / 1e6; }

void isoTimes(QJsonObject &json, const QStringList &keys)
{
    for (const QString &key : keys)
        json.insert(key, isoTime(json.value(key).toInteger()));
}

// Money that the node tells in micro-USD.
void inUsd(QJsonObject &json)
{
    const QJsonValue micro = json.take(u"cost_micro_usd"_s);
    if (!micro.isUndefined())
        json.insert(u"cost_usd"_s, micro.isDouble() ? QJsonValue(usd(micro.toInteger())) : micro);
}

template <typename Id> QJsonValue idOrNull(Id id)
{
    return id.isValid() ? QJsonValue(id.value) : QJsonValue(QJsonValue::Null);
}

QJsonObject runningJson(const api::RunningInfo &task)
{
    QJsonObject json = toJsonObject(task);
    isoTimes(json, {u"started_at"_s});
    return json;
}

QJsonObject problemJson(const api::FlowProblemInfo &problem)
{
    const FlowProblemText text = describe(problem);
    return {{u"code"_s, problem.code}, {u"line"_s, problem.line}, {u"column"_s, problem.column},
            {u"text"_s, text.message}, {u"hint"_s, text.hint},    {u"warning"_s, problem.warning}};
}

QJsonValue usdRange(const api::RangeInfo &range)
{
    return QJsonObject{
        {u"low"_s, usd(range.low)}, {u"likely"_s, usd(range.likely)}, {u"high"_s, usd(range.high)}};
}

QJsonValue reasonOf(std::optional<FailureReason> reason)
{
    return reason ? QJsonValue(enumName(*reason)) : QJsonValue(QJsonValue::Null);
}

QJsonValue limitJson(const std::optional<api::LimitInfo> &known)
{
    if (!known)
        return QJsonValue::Null;
    QJsonObject limit = toJsonObject(*known);
    isoTimes(limit, {u"reset_at"_s, u"rests_until"_s, u"seen_at"_s});
    return limit;
}

} // namespace

QJsonObject flowCheckJson(const api::FlowCheckInfo &info)
{
    QJsonArray problems;
    for (const api::FlowProblemInfo &problem : info.problems)
        problems.append(problemJson(problem));
    QJsonObject json = toJsonObject(info);
    json.insert(u"problems"_s, problems);
    return json;
}

namespace {

QJsonValue parentJson(const api::RunInfo &run)
{
    if (!run.parent.isValid())
        return QJsonValue::Null;
    return QJsonObject{{u"id"_s, run.parent.value},
                       {u"number"_s, run.parentNumber},
                       {u"flow"_s, run.parentFlow},
                       {u"step"_s, run.parentStep}};
}

} // namespace

QJsonObject preflightJson(const api::PreflightInfo &info)
{
    QJsonObject json = flowCheckJson(info.check);
    if (!info.check.problems.empty())
        return json;
    const bool priced =
        info.unpriced.size() < static_cast<qsizetype>(info.steps.size()) || info.steps.empty();
    QJsonArray steps;
    for (const api::StepForecast &step : info.steps) {
        QJsonObject forecast = toJsonObject(step);
        forecast.remove(u"cost_micro_usd"_s);
        forecast.insert(u"cost_usd"_s, step.costMicroUsd ? usdRange(*step.costMicroUsd) : QJsonValue());
        steps.append(forecast);
    }
    QJsonArray caps;
    for (const api::CapForecast &cap : info.caps)
        caps.append(QJsonObject{{u"step"_s, cap.step},
                                {u"cap_usd"_s, usd(cap.capMicroUsd)},
                                {u"likely"_s, cap.likely},
                                {u"blame"_s, QJsonArray::fromStringList(cap.blame)}});
    QJsonArray runtimes;
    for (const api::RuntimeForecast &runtime : info.runtimes)
        runtimes.append(toJsonObject(runtime));
    json.insert(u"estimate"_s,
                QJsonObject{{u"tokens_in"_s, toJsonObject(info.tokensIn)},
                            {u"tokens_out"_s, toJsonObject(info.tokensOut)},
                            {u"cost_usd"_s, priced ? usdRange(info.costMicroUsd) : QJsonValue()},
                            {u"unpriced"_s, QJsonArray::fromStringList(info.unpriced)},
                            {u"steps"_s, steps}});
    json.insert(u"over_cap"_s, caps);
    json.insert(u"runtimes"_s, runtimes);
    json.insert(u"needs_git"_s, info.needsGit);
    return json;
}

QJsonObject runJson(const api::RunInfo &run)
{
    return {{u"id"_s, run.id.value},
            {u"number"_s, run.number},
            {u"flow"_s, run.flow},
            {u"project"_s, run.project},
            {u"status"_s, enumName(run.status)},
            {u"reason"_s, reasonOf(run.reason)},
            {u"detail"_s, run.detail},
            {u"started_at"_s, isoTime(run.startedAt)},
            {u"ended_at"_s, isoTime(run.endedAt)},
            {u"cost_usd"_s, usd(run.costMicroUsd)},
            {u"tokens_in"_s, run.tokensIn},
            {u"tokens_out"_s, run.tokensOut},
            {u"steps_total"_s, run.stepsTotal},
            {u"steps_settled"_s, run.stepsSettled},
            {u"waiting_for_you"_s, run.waitingForYou},
            {u"unattended"_s, run.unattended},
            {u"pause_asked"_s, run.pauseAsked},
            {u"inputs"_s, run.inputs},
            {u"rerun_of"_s, run.rerunOf.isValid() ? QJsonValue(run.rerunOf.value) : QJsonValue::Null},
            {u"rerun_mode"_s, run.rerunMode ? QJsonValue(enumName(*run.rerunMode)) : QJsonValue::Null},
            {u"rerun_step"_s, run.rerunStep},
            {u"steps_kept"_s, run.stepsKept},
            {u"parent"_s, parentJson(run)}};
}

QJsonObject worktreeJson(const api::WorktreeInfo &worktree)
{
    QJsonObject json = toJsonObject(worktree);
    isoTimes(json, {u"created_at"_s, u"ended_at"_s});
    return json;
}

QJsonObject runDetailJson(const api::RunDetail &detail)
{
    QJsonObject json = runJson(detail.run);
    QJsonArray steps;
    for (const api::StepInfo &step : detail.steps) {
        QJsonObject one = toJsonObject(step);
        inUsd(one);
        isoTimes(one, {u"started_at"_s, u"ended_at"_s, u"deadline_at"_s, u"not_before"_s});
        steps.append(one);
    }
    json.insert(u"steps"_s, steps);
    json.insert(u"worktrees"_s, jsonList(detail.worktrees, worktreeJson));
    json.insert(u"result"_s, detail.result);
    json.insert(u"definition"_s, detail.definition);
    return json;
}

QJsonObject taskJson(const api::TaskInfo &task)
{
    return {{u"id"_s, task.id.value},
            {u"key"_s, task.key},
            {u"source"_s, task.source},
            {u"kind"_s, task.kind},
            {u"run"_s, idOrNull(task.run)},
            {u"status"_s, enumName(task.status)},
            {u"reason"_s, reasonOf(task.reason)},
            {u"detail"_s, task.detail},
            {u"pool"_s, task.pool},
            {u"runtime"_s, task.runtime},
            {u"runtime_reason"_s, task.runtimeReason},
            {u"title"_s, task.title},
            {u"attempt"_s, task.attempt},
            {u"created_at"_s, isoTime(task.createdAt)},
            {u"started_at"_s, isoTime(task.startedAt)},
            {u"ended_at"_s, isoTime(task.endedAt)},
            {u"not_before"_s, isoTime(task.notBefore)},
            {u"tokens_in"_s, task.tokensIn},
            {u"tokens_out"_s, task.tokensOut},
            {u"cost_usd"_s, usd(task.costMicroUsd)},
            {u"exit_code"_s, task.exitCode},
            {u"priority"_s, task.priority},
            {u"deadline_at"_s, isoTime(task.deadlineAt)},
            {u"agent_steps"_s, task.agentSteps},
            {u"steps_max"_s, task.stepsMax},
            {u"retry_of"_s, idOrNull(task.retryOf)},
            {u"superseded_by"_s, idOrNull(task.supersededBy)}};
}

QJsonObject queuedJson(const api::QueuedInfo &task)
{
    QJsonObject json = toJsonObject(task);
    isoTimes(json, {u"queued_at"_s, u"held_back_until"_s, u"expected_start"_s});
    return json;
}

QJsonObject poolJson(const api::PoolInfo &pool)
{
    QJsonObject json = toJsonObject(pool);
    isoTimes(json, {u"frees_at"_s});
    return json;
}

QJsonObject workJson(const api::WorkInfo &work)
{
    QJsonObject json = toJsonObject(work);
    isoTimes(json, {u"last_sign_at"_s});
    return json;
}

QJsonObject swarmJson(const api::NodeStatus &status, const std::vector<api::WorkInfo> &work)
{
    QJsonObject json = toJsonObject(status);
    isoTimes(json, {u"started_at"_s, u"held_back_until"_s});
    json.insert(u"foremost"_s, jsonList(status.foremost, runningJson));
    json.insert(u"work"_s, jsonList(work, workJson));
    return json;
}

QJsonObject inboxJson(const api::InboxInfo &item)
{
    QJsonObject json = toJsonObject(item);
    isoTimes(json, {u"created_at"_s, u"expires_at"_s, u"answered_at"_s});
    json.insert(u"title"_s, item.title.isEmpty() ? describeTitle(item) : item.title);
    return json;
}

// What agents and steps put out is left as it is, whatever it holds: only the places that are ours are told
// in dollars.
QJsonObject eventJson(const Event &event)
{
    QJsonObject json = toJson(event);
    QJsonObject data = json.value(u"data"_s).toObject();
    if (event.kind == "session.usage"_L1)
        inUsd(data);
    if (QJsonObject result = data.value(u"result"_s).toObject(); result.contains(u"usage"_s)) {
        QJsonObject usage = result.value(u"usage"_s).toObject();
        inUsd(usage);
        result.insert(u"usage"_s, usage);
        data.insert(u"result"_s, result);
    }
    if (!data.isEmpty())
        json.insert(u"data"_s, data);
    return json;
}

QJsonObject accountJson(const QString &runtime, const api::AccountInfo &account)
{
    QJsonObject json = toJsonObject(account);
    json.insert(u"runtime"_s, runtime);
    isoTimes(json, {u"used_at"_s});
    json.insert(u"limit"_s, limitJson(account.limit));
    return json;
}

QJsonObject runtimeJson(const api::RuntimeInfo &runtime)
{
    QJsonObject json = toJsonObject(runtime);
    isoTimes(json, {u"checked_at"_s});
    QJsonArray models;
    for (const api::ModelInfo &model : runtime.models) {
        QJsonObject one{{u"id"_s, model.id}, {u"label"_s, model.label}, {u"prices"_s, QJsonValue::Null}};
        if (model.prices)
            one.insert(u"prices"_s, QJsonObject{{u"input_usd"_s, usd(model.prices->inputMicroUsd)},
                                                {u"output_usd"_s, usd(model.prices->outputMicroUsd)},
                                                {u"cached_usd"_s, usd(model.prices->cachedMicroUsd)},
                                                {u"date"_s, model.prices->date},
                                                {u"source"_s, model.prices->source}});
        models.append(one);
    }
    json.insert(u"models"_s, models);
    json.insert(u"limit"_s, limitJson(runtime.limit));
    QJsonArray accounts;
    for (const api::AccountInfo &account : runtime.accounts)
        accounts.append(accountJson(runtime.id, account));
    json.insert(u"accounts"_s, accounts);
    json.insert(u"advice"_s, adviceFor(runtime));
    return json;
}

QJsonObject secretJson(const api::SecretInfo &secret) { return toJsonObject(secret); }

QJsonObject permissionJson(const api::PermissionInfo &rule)
{
    QJsonObject json = toJsonObject(rule);
    isoTimes(json, {u"created_at"_s, u"used_at"_s});
    return json;
}

} // namespace muster::app
