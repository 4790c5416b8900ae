#include "core/node/schedules/schedule_reading.h"

#include "core/node/api/schedule_fields.h"
#include "core/node/work/task_data.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostTurns = 10'000;
constexpr int highestPriority = 100;
constexpr qsizetype longestName = 120;
constexpr qsizetype longestPrompt = 256 * 1024;

std::unexpected<Error> wrong(const QString &field, const QString &what)
{
    return fail(ErrorCode::InvalidArgument, what, field);
}

Result<When> whenOf(const QString &text, const QString &zone)
{
    const QTimeZone there(zone.toLatin1());
    if (!there.isValid())
        return wrong(u"zone"_s, zone);
    const auto when = readWhen(text, there);
    if (when)
        return *when;
    const WhenProblem &problem = when.error();
    return wrong(u"when"_s,
                 u"%1\n%2\n%3\n%4"_s.arg(enumName(problem.mistake), QString::number(problem.position),
                                         problem.found, problem.expected));
}

} // namespace

api::ScheduleSpec specOf(const ScheduleRow &row)
{
    return fromJsonObject<api::ScheduleSpec>(row.spec).value_or(api::ScheduleSpec{});
}

void setSpec(ScheduleRow &row, const api::ScheduleSpec &spec)
{
    row.name = spec.name;
    row.spec = toJsonObject(spec);
    row.when = spec.when;
    row.zone = spec.zone;
    row.anchorMs = spec.anchorAt;
}

Result<FiringClock> clockOf(const ScheduleRow &row)
{
    return whenOf(row.when, row.zone).transform([&](const When &when) {
        return FiringClock(when, QTimeZone(row.zone.toLatin1()), row.anchorMs);
    });
}

Result<PlannedSchedule> plannedOf(const ScheduleRow &row, int steps)
{
    return whenOf(row.when, row.zone).transform([&](const When &when) {
        return PlannedSchedule{.name = row.name,
                               .when = when,
                               .zone = QTimeZone(row.zone.toLatin1()),
                               .anchorMs = row.anchorMs,
                               .steps = steps};
    });
}

Status checkSpec(const api::ScheduleSpec &spec)
{
    if (spec.name.trimmed().isEmpty() || spec.name.size() > longestName)
        return wrong(u"name"_s, spec.name.isEmpty() ? u"missing"_s : u"too_long"_s);
    if (spec.prompt.trimmed().isEmpty() == spec.flow.isEmpty())
        return wrong(u"prompt"_s, spec.flow.isEmpty() ? u"missing"_s : u"prompt_and_flow"_s);
    if (spec.prompt.size() > longestPrompt)
        return wrong(u"prompt"_s, u"too_long"_s);
    if (spec.maxTurns < 0 || spec.maxTurns > mostTurns)
        return wrong(u"max_turns"_s, u"0-%1"_s.arg(mostTurns));
    if (std::abs(spec.priority) > highestPriority)
        return wrong(u"priority"_s, u"-%1 … %1"_s.arg(highestPriority));
    if (spec.deadlineMs < 0)
        return wrong(u"deadline_ms"_s, u"0 …"_s);
    if (spec.budgetMicroUsd < 0)
        return wrong(u"budget_micro_usd"_s, u"0 …"_s);
    if (spec.dayBudgetMicroUsd < 0)
        return wrong(u"day_budget_micro_usd"_s, u"0 …"_s);
    const auto when = whenOf(spec.when, spec.zone);
    return when ? Status() : Status(std::unexpected(when.error()));
}

void beginAnew(ScheduleRow &row, FiringClock &clock, qint64 nowMs)
{
    row.state = ScheduleState::Active;
    row.pauseReason = PauseReason::None;
    row.typicalSteps = 0;
    row.accountedMs = nowMs;
    row.putBack = 0;
    row.nextMs = clock.next(nowMs);
    row.dueMs = row.nextMs;
    if (!row.nextMs)
        row.state = ScheduleState::Expired;
}

QString sourceOf(ScheduleId schedule) { return u"schedule:"_s + schedule.toString(); }

QString originOf(ScheduleId schedule, FiringId id)
{
    return sourceOf(schedule) + u" firing:"_s + id.toString();
}

QString taskKeyOf(FiringId firing) { return u"firing:"_s + firing.toString(); }

TaskRequest taskOf(const ScheduleRow &row, FiringId firing, const ProjectRow &project)
{
    const api::ScheduleSpec spec = specOf(row);
    const TaskData data{.maxTurns = spec.maxTurns,
                        .mayWrite = spec.mayWrite,
                        .mayRun = spec.mayRun,
                        .timeoutMs = spec.deadlineMs,
                        .budgetMicroUsd = spec.budgetMicroUsd,
                        .personsCap = spec.budgetMicroUsd > 0,
                        .unattended = spec.unattended,
                        .project = project.path,
                        .title = row.name};
    return {.key = taskKeyOf(firing),
            .kind = TaskKind::Agent,
            .source = TaskSource::Schedule,
            .sourceRef = row.id.toString(),
            .createdBy = sourceOf(row.id),
            .refs = {.project = row.project},
            .pools = {spec.pool},
            .priority = spec.priority,
            .timeLimitMs = spec.deadlineMs,
            .prompt = spec.prompt,
            .runtime = spec.runtime,
            .model = spec.model,
            .profile = spec.profile,
            .data = toJsonObject(data)};
}

qint64 startOfDay(const QTimeZone &zone, qint64 nowMs)
{
    return QDateTime::fromMSecsSinceEpoch(nowMs, zone).date().startOfDay(zone).toMSecsSinceEpoch();
}

} // namespace muster
