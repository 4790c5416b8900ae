#include "core/flow/rules.h"

#include <array>

namespace muster {

namespace {

constexpr qint64 kLongestBackoffMs = 10LL * 60 * 1000;
constexpr int kMostDoublings = 30;

// FNV-1a: the same on every machine and in every run, unlike qHash.
quint64 stableHash(const QString &text)
{
    quint64 hash = 14695981039346656037ULL;
    const QByteArray bytes = text.toUtf8();
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 1099511628211ULL;
    }
    return hash;
}

QString textOf(const StepDefinition &step, const UnitState &unit)
{
    return unit.prepared ? unit.text : step.text.source;
}

// Others than merge steps that work where this one did, or will again.
bool keepsTree(const FlowDefinition &definition, int step)
{
    return definition.step(step).loop >= 0 ||
           std::ranges::any_of(definition.steps, [&](const auto &other) { return other.from == step; });
}

MergeSpec mergeSpec(const FlowDefinition &definition, const FlowState &state, const StepDefinition &step)
{
    MergeSpec spec{
        .from = {}, .how = step.mergeHow, .gateTimeoutsMs = step.gateTimeoutsMs, .gateKinds = step.gateKinds};
    for (const int from : step.mergeFrom) {
        const StepDefinition &source = definition.step(from);
        const StepState &at = state.steps[static_cast<size_t>(from)];
        const bool keeps = keepsTree(definition, from);
        if (!source.foreach)
            spec.from.push_back({.step = source.id, .status = at.unit.status, .keepsTree = keeps});
        for (int item = 0; item < static_cast<int>(at.items.size()); ++item)
            spec.from.push_back({.step = source.id,
                                 .item = item,
                                 .status = at.items[static_cast<size_t>(item)].status,
                                 .keepsTree = keeps});
    }
    return spec;
}

} // namespace

AttemptKey keyOf(const FlowDefinition &definition, const FlowState &state, UnitRef unit)
{
    return AttemptKey{.run = state.run,
                      .step = definition.step(unit.step).id,
                      .item = unit.item,
                      .attempt = state.unit(unit).attempt};
}

AttemptSpec attemptSpec(const FlowDefinition &definition, const FlowState &state, UnitRef unit)
{
    const StepDefinition &step = definition.step(unit.step);
    AttemptSpec spec{.key = keyOf(definition, state, unit),
                     .kind = step.kind,
                     .text = textOf(step, state.unit(unit)),
                     .profile = step.profile,
                     .runtime = step.runtime,
                     .model = step.model,
                     .output = step.output,
                     .schema = step.schema,
                     .outputFiles = step.outputFiles,
                     .documents = step.documents,
                     .skills = step.skills,
                     .env = step.kind == StepKind::Shell ? definition.env : QStringList(),
                     .team = definition.team,
                     .isolation = step.isolation,
                     .from = {},
                     .permissions = step.permissions,
                     .timeoutMs = step.timeoutMs,
                     .budgetMicroUsd = step.budgetMicroUsd,
                     .maxTurns = step.maxTurns,
                     .idempotent = step.idempotent,
                     .unattended = state.unattended,
                     .flow = step.flow,
                     .merge = {}};
    if (step.kind == StepKind::Merge)
        spec.merge = mergeSpec(definition, state, step);
    if (step.from >= 0)
        spec.from = definition.step(step.from).id;
    return spec;
}

ApprovalSpec approvalSpec(const FlowDefinition &definition, const FlowState &state, UnitRef unit)
{
    const StepDefinition &step = definition.step(unit.step);
    const UnitState &unitState = state.unit(unit);
    const bool again = unitState.asking == ApprovalPurpose::RunAgain;
    QJsonValue show = unitState.prepared ? unitState.show : QJsonValue(QJsonValue::Null);
    if (!unitState.prepared && step.show)
        show = step.show->source;
    return ApprovalSpec{.key = keyOf(definition, state, unit),
                        .purpose = again ? ApprovalPurpose::RunAgain : ApprovalPurpose::Step,
                        .ask = textOf(step, unitState),
                        .show = show,
                        .deadlineMs = unitState.wakeAtMs,
                        .permissions = definition.permissions};
}

qint64 retryMomentMs(const RetryPolicy &policy, int retry, const AttemptKey &key, qint64 nowMs,
                     std::optional<qint64> resetAtMs)
{
    const int doublings = std::min(retry - 1, kMostDoublings);
    const qint64 base = std::min(policy.backoffMs, kLongestBackoffMs);
    const qint64 doubled = std::min(base << doublings, kLongestBackoffMs);
    // Up to a quarter more, so that many attempts that failed together do not come back together.
    const auto jitter = static_cast<qint64>(stableHash(key.toString()) % 1000) * doubled / 4000;
    const qint64 moment = nowMs + std::min(doubled + jitter, kLongestBackoffMs);
    return std::max(moment, resetAtMs.value_or(0));
}

} // namespace muster
