// The JSON keys of schedule_values.h. Never rename a published key. Any thread.
#pragma once

#include "core/base/json_codec.h"
#include "core/node/api/flow_fields.h"
#include "core/node/api/schedule_values.h"

namespace muster {

template <> struct Fields<api::ScheduleSpec> {
    using T = api::ScheduleSpec;
    static constexpr auto list = std::tuple{field("name", &T::name),
                                            field("prompt", &T::prompt),
                                            field("profile", &T::profile),
                                            field("runtime", &T::runtime),
                                            field("model", &T::model),
                                            field("may_write", &T::mayWrite),
                                            field("may_run", &T::mayRun),
                                            field("flow", &T::flow),
                                            field("inputs", &T::inputs),
                                            field("when", &T::when),
                                            field("zone", &T::zone),
                                            field("anchor_at", &T::anchorAt),
                                            field("pool", &T::pool),
                                            field("priority", &T::priority),
                                            field("max_turns", &T::maxTurns),
                                            field("deadline_ms", &T::deadlineMs),
                                            field("budget_micro_usd", &T::budgetMicroUsd),
                                            field("day_budget_micro_usd", &T::dayBudgetMicroUsd),
                                            field("unattended", &T::unattended),
                                            field("missed", &T::missed),
                                            field("overlap", &T::overlap),
                                            field("notify", &T::notify),
                                            field("archive", &T::archive)};
};
template <> struct Fields<api::ScheduleAverages> {
    using T = api::ScheduleAverages;
    static constexpr auto list =
        std::tuple{field("firings", &T::firings), field("wait_ms", &T::waitMs), field("run_ms", &T::runMs),
                   field("steps", &T::steps), field("cost_micro_usd", &T::costMicroUsd)};
};
template <> struct Fields<api::ScheduleInfo> {
    using T = api::ScheduleInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("project_id", &T::projectId),
                                            field("project", &T::project),
                                            field("spec", &T::spec),
                                            field("cron", &T::cron),
                                            field("origin", &T::origin),
                                            field("file", &T::file),
                                            field("revision", &T::revision),
                                            field("state", &T::state),
                                            field("pause_reason", &T::pauseReason),
                                            field("typical_steps", &T::typicalSteps),
                                            field("next_at", &T::nextAt),
                                            field("due_at", &T::dueAt),
                                            field("put_back", &T::putBack),
                                            field("last_at", &T::lastAt),
                                            field("last_status", &T::lastStatus),
                                            field("last_reason", &T::lastReason),
                                            field("last_steps", &T::lastSteps),
                                            field("running", &T::running),
                                            field("queued", &T::queued),
                                            field("near_step_cap", &T::nearStepCap),
                                            field("turn_limit_streak", &T::turnLimitStreak),
                                            field("failure_streak", &T::failureStreak),
                                            field("averages", &T::averages),
                                            field("spent_today_micro_usd", &T::spentTodayMicroUsd),
                                            field("created_by", &T::createdBy),
                                            field("created_at", &T::createdAt),
                                            field("changed_at", &T::changedAt)};
};
template <> struct Fields<api::ScheduleFileProblem> {
    using T = api::ScheduleFileProblem;
    static constexpr auto list =
        std::tuple{field("project", &T::project), field("path", &T::path), field("problem", &T::problem)};
};
template <> struct Fields<api::ScheduleList> {
    using T = api::ScheduleList;
    static constexpr auto list =
        std::tuple{field("schedules", &T::schedules), field("problems", &T::problems)};
};
template <> struct Fields<api::OccurrenceInfo> {
    using T = api::OccurrenceInfo;
    static constexpr auto list = std::tuple{field("nominal_at", &T::nominalAt), field("last_at", &T::lastAt),
                                            field("count", &T::count),          field("outcome", &T::outcome),
                                            field("reason", &T::reason),        field("at", &T::at),
                                            field("firing", &T::firing)};
};
template <> struct Fields<api::FiringInfo> {
    using T = api::FiringInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("nominal_at", &T::nominalAt),
                                            field("cause", &T::cause),
                                            field("task", &T::task),
                                            field("run", &T::run),
                                            field("run_number", &T::runNumber),
                                            field("status", &T::status),
                                            field("reason", &T::reason),
                                            field("detail", &T::detail),
                                            field("fired_at", &T::firedAt),
                                            field("claimed_at", &T::claimedAt),
                                            field("completed_at", &T::completedAt),
                                            field("wait_ms", &T::waitMs),
                                            field("run_ms", &T::runMs),
                                            field("steps", &T::steps),
                                            field("step_limit", &T::stepLimit),
                                            field("loop_lag_ms", &T::loopLagMs),
                                            field("peak_memory_bytes", &T::peakMemoryBytes),
                                            field("chat_streams", &T::chatStreams),
                                            field("schedules_running", &T::schedulesRunning),
                                            field("cost_micro_usd", &T::costMicroUsd)};
};
template <> struct Fields<api::ScheduleDetail> {
    using T = api::ScheduleDetail;
    static constexpr auto list =
        std::tuple{field("schedule", &T::schedule), field("next", &T::next),
                   field("occurrences", &T::occurrences), field("firings", &T::firings)};
};
template <> struct Fields<api::WhenProblemInfo> {
    using T = api::WhenProblemInfo;
    static constexpr auto list = std::tuple{field("mistake", &T::mistake), field("position", &T::position),
                                            field("found", &T::found), field("expected", &T::expected)};
};
template <> struct Fields<api::CollisionInfo> {
    using T = api::CollisionInfo;
    static constexpr auto list = std::tuple{field("names", &T::names),
                                            field("first_at", &T::firstAt),
                                            field("steps", &T::steps),
                                            field("shift_minutes", &T::shiftMinutes),
                                            field("shifted_when", &T::shiftedWhen),
                                            field("shifted_anchor_at", &T::shiftedAnchorAt)};
};
template <> struct Fields<api::CalibrationInfo> {
    using T = api::CalibrationInfo;
    static constexpr auto list = std::tuple{field("firings", &T::firings), field("steps", &T::steps)};
};
template <> struct Fields<api::SchedulePreview> {
    using T = api::SchedulePreview;
    static constexpr auto list =
        std::tuple{field("kind", &T::kind),           field("cron", &T::cron),
                   field("zone", &T::zone),           field("next", &T::next),
                   field("problem", &T::problem),     field("bad_zone", &T::badZone),
                   field("collision", &T::collision), field("calibration", &T::calibration)};
};
template <> struct Fields<api::SaveSchedule> {
    using T = api::SaveSchedule;
    static constexpr auto list =
        std::tuple{field("schedule", &T::schedule), field("project", &T::project), field("spec", &T::spec),
                   field("revision", &T::revision), field("paused", &T::paused)};
};
template <> struct Fields<api::RemoveSchedule> {
    using T = api::RemoveSchedule;
    static constexpr auto list = std::tuple{field("schedule", &T::schedule)};
};
template <> struct Fields<api::PauseSchedule> {
    using T = api::PauseSchedule;
    static constexpr auto list = std::tuple{field("schedule", &T::schedule)};
};
template <> struct Fields<api::ResumeSchedule> {
    using T = api::ResumeSchedule;
    static constexpr auto list = std::tuple{field("schedule", &T::schedule)};
};
template <> struct Fields<api::RunScheduleNow> {
    using T = api::RunScheduleNow;
    static constexpr auto list =
        std::tuple{field("schedule", &T::schedule), field("at_capacity", &T::atCapacity)};
};
template <> struct Fields<api::ListSchedules> {
    using T = api::ListSchedules;
    static constexpr auto list = std::tuple{field("project", &T::project)};
};
template <> struct Fields<api::ShowSchedule> {
    using T = api::ShowSchedule;
    static constexpr auto list =
        std::tuple{field("schedule", &T::schedule), field("limit", &T::limit), field("before", &T::before)};
};
template <> struct Fields<api::CheckSchedules> {
    using T = api::CheckSchedules;
    static constexpr auto list = std::tuple{field("project", &T::project), field("file", &T::file)};
};
template <> struct Fields<api::PreviewWhen> {
    using T = api::PreviewWhen;
    static constexpr auto list =
        std::tuple{field("project", &T::project), field("schedule", &T::schedule), field("spec", &T::spec),
                   field("from", &T::from), field("count", &T::count)};
};

} // namespace muster
