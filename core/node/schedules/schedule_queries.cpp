#include "core/node/schedules/schedule_queries.h"

#include "core/node/schedules/schedule_reading.h"
#include "core/store/firing_repository.h"
#include "core/store/run_repository.h"
#include "core/store/schedule_repository.h"

namespace muster::queries {

using namespace Qt::StringLiterals;

namespace {

constexpr int nextShown = 5;
constexpr int mostAlike = 1'000; // past firings that a new schedule is compared with

api::FiringInfo infoOf(Connection &db, const FiringRow &row)
{
    api::FiringInfo info{.id = row.id,
                         .nominalAt = row.nominalMs.value_or(0),
                         .cause = row.cause,
                         .task = row.task,
                         .run = row.run,
                         .status = row.status,
                         .reason = row.reason,
                         .detail = row.detail,
                         .firedAt = row.firedMs,
                         .claimedAt = row.claimedMs.value_or(0),
                         .completedAt = row.completedMs.value_or(0),
                         .steps = row.steps,
                         .stepLimit = row.stepLimit,
                         .loopLagMs = row.loopLagMs.value_or(-1),
                         .peakMemoryBytes = row.peakMemory.value_or(0),
                         .chatStreams = row.chatStreams,
                         .schedulesRunning = row.schedulesRunning,
                         .costMicroUsd = row.costMicroUsd};
    if (row.claimedMs)
        info.waitMs = *row.claimedMs - row.firedMs;
    if (row.claimedMs && row.completedMs)
        info.runMs = *row.completedMs - *row.claimedMs;
    if (row.run.isValid()) {
        const auto run = RunRepository(db).find(row.run); // its project's records may be gone
        info.runNumber = run ? static_cast<int>(run->number) : 0;
    }
    return info;
}

Status addAverages(Connection &db, api::ScheduleInfo &info)
{
    return FiringRepository(db).averages(info.id).transform([&](const FiringAverages &found) {
        info.averages = {.firings = found.firings,
                         .waitMs = qRound64(found.waitMs),
                         .runMs = qRound64(found.runMs),
                         .steps = qRound(found.steps),
                         .costMicroUsd =
                             found.costMicroUsd.transform([](double cost) { return qRound64(cost); })};
    });
}

Status addFirings(Connection &db, api::ScheduleInfo &info)
{
    FiringRepository firings(db);
    const auto open = firings.openOf(info.id);
    const auto waiting = firings.waiting(info.id);
    const auto last = firings.list(info.id, 0, 1);
    if (!open)
        return std::unexpected(open.error());
    if (!waiting)
        return std::unexpected(waiting.error());
    if (!last)
        return std::unexpected(last.error());
    info.running = static_cast<int>(std::ranges::count(*open, FiringStatus::Running, &FiringRow::status));
    info.queued = static_cast<int>(open->size() + waiting->size()) - info.running;
    if (last->empty())
        return {};
    const FiringRow &newest = last->front();
    info.lastStatus = newest.status;
    info.lastReason = newest.reason;
    info.lastSteps = newest.steps;
    info.nearStepCap = newest.stepLimit > 0 && newest.steps * 10LL >= newest.stepLimit * 9LL;
    return {};
}

Result<api::ScheduleInfo> infoOf(Connection &db, const ScheduleRow &row, const QString &project, qint64 nowMs)
{
    api::ScheduleInfo info{.id = row.id,
                           .projectId = row.project,
                           .project = project,
                           .spec = specOf(row),
                           .origin = row.file.isEmpty() ? u"person"_s : u"file"_s,
                           .file = row.file,
                           .revision = row.revision,
                           .state = row.state,
                           .pauseReason = row.pauseReason,
                           .typicalSteps = row.typicalSteps,
                           .nextAt = row.nextMs.value_or(0),
                           .dueAt = row.dueMs.value_or(0),
                           .putBack = row.putBack,
                           .lastAt = row.startedMs.value_or(0),
                           .turnLimitStreak = row.turnLimitStreak,
                           .failureStreak = row.failureStreak,
                           .createdBy = row.createdBy,
                           .createdAt = row.createdMs,
                           .changedAt = row.changedMs};
    const QTimeZone zone(row.zone.toLatin1());
    if (const auto when = readWhen(row.when, zone); when && std::holds_alternative<CronPattern>(*when))
        info.cron = std::get<CronPattern>(*when).text;
    if (const Status added = addAverages(db, info); !added)
        return std::unexpected(added.error());
    if (const Status added = addFirings(db, info); !added)
        return std::unexpected(added.error());
    if (zone.isValid()) {
        const auto spent = FiringRepository(db).spentSince(row.id, startOfDay(zone, nowMs));
        if (!spent)
            return std::unexpected(spent.error());
        info.spentTodayMicroUsd = *spent;
    }
    return info;
}

Result<std::vector<ScheduleRow>> rowsOf(Connection &db, const QString &project)
{
    ProjectId only;
    if (!project.isEmpty()) {
        const auto found = ProjectRepository(db).findByPath(project);
        if (!found)
            return std::unexpected(found.error());
        if (!*found)
            return std::vector<ScheduleRow>();
        only = (*found)->id;
    }
    return ScheduleRepository(db).list(only);
}

// What the active schedules of the project would meet.
Result<std::vector<PlannedSchedule>> othersOf(Connection &db, const api::PreviewWhen &query)
{
    std::vector<PlannedSchedule> others;
    if (query.project.isEmpty())
        return others;
    const auto rows = rowsOf(db, query.project);
    if (!rows)
        return std::unexpected(rows.error());
    for (const ScheduleRow &row : *rows) {
        if (row.id == query.schedule || row.state != ScheduleState::Active)
            continue;
        api::ScheduleInfo info{.id = row.id};
        if (const Status added = addAverages(db, info); !added)
            return std::unexpected(added.error());
        if (const auto planned = plannedOf(row, info.averages.steps))
            others.push_back(*planned);
    }
    return others;
}

Result<std::vector<PastFiring>> pastFirings(Connection &db)
{
    return FiringRepository(db).stepsTaken(mostAlike).transform([](std::vector<FiringSteps> rows) {
        std::vector<PastFiring> past;
        past.reserve(rows.size());
        for (FiringSteps &row : rows)
            past.push_back({.text = std::move(row.starts), .steps = row.steps});
        return past;
    });
}

int ownSteps(Connection &db, const api::PreviewWhen &query, const std::optional<api::CalibrationInfo> &alike)
{
    api::ScheduleInfo info{.id = query.schedule};
    if (query.schedule.isValid() && addAverages(db, info) && info.averages.steps > 0)
        return info.averages.steps;
    return alike ? alike->steps : 0;
}

api::CollisionInfo infoOf(const Collision &found)
{
    api::CollisionInfo info{.names = found.names, .firstAt = found.firstMs, .steps = found.steps};
    if (found.shift) {
        info.shiftMinutes = found.shift->minutes;
        info.shiftedWhen = found.shift->when;
        info.shiftedAnchorAt = found.shift->when.isEmpty() ? found.shift->anchorMs : 0;
    }
    return info;
}

// What it would be without saying more of it.
ScheduleRow rowFor(const api::ScheduleSpec &spec, qint64 nowMs)
{
    ScheduleRow row;
    setSpec(row, spec);
    if (row.anchorMs == 0)
        row.anchorMs = nowMs;
    return row;
}

} // namespace

Result<std::vector<api::ScheduleInfo>> schedules(Connection &db, const QString &project, qint64 nowMs)
{
    const auto rows = rowsOf(db, project);
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<api::ScheduleInfo> infos;
    for (const ScheduleRow &row : *rows) {
        const auto found = ProjectRepository(db).find(row.project);
        if (!found)
            return std::unexpected(found.error());
        auto info = infoOf(db, row, found->path, nowMs);
        if (!info)
            return std::unexpected(info.error());
        infos.push_back(std::move(*info));
    }
    return infos;
}

Result<api::ScheduleDetail> schedule(Connection &db, const api::ShowSchedule &query, qint64 nowMs)
{
    const auto row = ScheduleRepository(db).find(query.schedule);
    if (!row)
        return std::unexpected(row.error());
    const auto project = ProjectRepository(db).find(row->project);
    if (!project)
        return std::unexpected(project.error());
    auto info = infoOf(db, *row, project->path, nowMs);
    FiringRepository firings(db);
    const int limit = std::clamp(query.limit, 0, 5000);
    const auto occurrences = firings.occurrences(query.schedule, query.before, limit);
    const auto fired = firings.list(query.schedule, query.before, limit);
    if (!info)
        return std::unexpected(info.error());
    if (!occurrences)
        return std::unexpected(occurrences.error());
    if (!fired)
        return std::unexpected(fired.error());
    api::ScheduleDetail detail{.schedule = std::move(*info)};
    if (auto clock = clockOf(*row); clock && row->state == ScheduleState::Active)
        detail.next = clock->next(row->nextMs.value_or(nowMs) - 1, nextShown);
    for (const OccurrenceRow &each : *occurrences)
        detail.occurrences.push_back({.nominalAt = each.nominalMs,
                                      .lastAt = each.lastMs,
                                      .count = each.count,
                                      .outcome = each.outcome,
                                      .reason = each.reason,
                                      .at = each.atMs,
                                      .firing = each.firing});
    for (const FiringRow &each : *fired)
        detail.firings.push_back(infoOf(db, each));
    return detail;
}

Result<api::SchedulePreview> preview(Connection &db, const api::PreviewWhen &query, qint64 nowMs)
{
    api::ScheduleSpec spec = query.spec;
    if (spec.zone.isEmpty())
        spec.zone = QString::fromLatin1(QTimeZone::systemTimeZoneId());
    api::SchedulePreview preview{.zone = spec.zone};
    const auto past = pastFirings(db);
    if (!past)
        return std::unexpected(past.error());
    if (const auto alike = calibrate(spec.flow.isEmpty() ? spec.prompt : spec.flow, *past))
        preview.calibration = {.firings = alike->firings, .steps = alike->steps};
    const QTimeZone zone(spec.zone.toLatin1());
    if (!zone.isValid()) {
        preview.badZone = spec.zone;
        return preview;
    }
    const auto when = readWhen(spec.when, zone);
    if (!when) {
        preview.problem = {.mistake = enumName(when.error().mistake),
                           .position = static_cast<int>(when.error().position),
                           .found = when.error().found,
                           .expected = when.error().expected};
        return preview;
    }
    static const std::array kinds{u"cron"_s, u"interval"_s, u"moment"_s};
    preview.kind = kinds.at(when->index());
    if (const auto *pattern = std::get_if<CronPattern>(&*when))
        preview.cron = pattern->text;
    const ScheduleRow row = rowFor(spec, nowMs);
    FiringClock clock(*when, zone, row.anchorMs);
    preview.next = clock.next(query.from > 0 ? query.from : nowMs, std::clamp(query.count, 0, 1000));
    const auto others = othersOf(db, query);
    if (!others)
        return std::unexpected(others.error());
    const auto planned = plannedOf(row, ownSteps(db, query, preview.calibration));
    if (!planned)
        return std::unexpected(planned.error());
    if (const auto collision = findCollision(*planned, *others, nowMs))
        preview.collision = infoOf(*collision);
    return preview;
}

} // namespace muster::queries
