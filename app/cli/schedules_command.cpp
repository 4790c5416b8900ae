// muster schedules: what starts by the clock: list, show, add, change, pause, run, and what is wrong with the
// files that say it.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "app/cli/problem_output.h"
#include "app/cli/schedules_json.h"
#include "app/cli/source_excerpt.h"
#include "core/node/api/schedule_fields.h"
#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/describe_schedule.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/schedule_pause.h"

#include <QDateTime>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr int widestStarts = 40;

QString whatOf(const api::ScheduleSpec &spec) { return describeStarts(spec).left(widestStarts); }

QString stateOf(const api::ScheduleInfo &schedule)
{
    QString state = describe(schedule.state, schedule.pauseReason).section(u':', 0, 0);
    if (schedule.running > 0)
        state += u' ' + Cli::tr("(%n running)", nullptr, schedule.running);
    const QStringList badges = scheduleBadges(schedule);
    for (const QString &badge : badges)
        state += u' ' + badge;
    return state;
}

void printProblems(const std::vector<api::ScheduleFileProblem> &problems)
{
    for (const api::ScheduleFileProblem &problem : problems)
        printProblem(problem.problem, problem.path, excerptOf(problem.project + u'/' + problem.path));
}

void printList(const api::ScheduleList &list, bool withProject)
{
    QList<QStringList> rows;
    for (const api::ScheduleInfo &schedule : list.schedules) {
        QStringList row{schedule.id.toString(),        schedule.spec.name, stateOf(schedule),
                        describeTime(schedule.nextAt), schedule.spec.when, whatOf(schedule.spec)};
        if (withProject)
            row.insert(2, schedule.project);
        rows += row;
    }
    QStringList header{Cli::tr("ID"),   Cli::tr("NAME"), Cli::tr("STATE"),
                       Cli::tr("NEXT"), Cli::tr("WHEN"), Cli::tr("STARTS")};
    if (withProject)
        header.insert(2, Cli::tr("PROJECT"));
    if (rows.isEmpty())
        Cli::print(
            Cli::tr("There are no schedules. “muster schedules add NAME --when TIME --prompt TEXT” makes "
                    "one."));
    else
        Cli::printTable(header, rows);
    printProblems(list.problems);
}

void sayWhetherAllArePaused(Cli &cli, const std::function<void()> &then)
{
    cli.node().query(api::ListSettings{}, &cli,
                     [then](const Result<std::vector<api::SettingInfo>> &settings) {
        const qint64 until = settings ? pausedUntilIn(*settings) : 0;
        const QString paused = describeAllPaused(until, QDateTime::currentMSecsSinceEpoch());
        if (!paused.isEmpty())
            Cli::print(paused);
        then();
    });
}

void list(Cli &cli)
{
    const bool all = cli.options().project.isEmpty();
    cli.node().query(api::ListSchedules{.project = all ? QString() : cli.project()}, &cli,
                     [&cli, all](const Result<api::ScheduleList> &found) {
        if (!found)
            return cli.fail(found.error());
        if (!cli.options().json) {
            printList(*found, all);
            sayWhetherAllArePaused(cli, [&cli] { cli.finish(ExitSuccess); });
            return;
        }
        Cli::printJson(QJsonObject{{u"schedules"_s, jsonList(found->schedules, scheduleJson)},
                                   {u"problems"_s, jsonList(found->problems, scheduleProblemJson)}});
        cli.finish(ExitSuccess);
    });
}

void printDetail(const api::ScheduleDetail &detail)
{
    const api::ScheduleInfo &schedule = detail.schedule;
    Cli::print(u"%1: %2"_s.arg(schedule.spec.name, describe(schedule.state, schedule.pauseReason)));
    Cli::print(Cli::tr("When: %1 (%2)").arg(schedule.spec.when, schedule.spec.zone));
    Cli::print(Cli::tr("Starts: %1").arg(whatOf(schedule.spec)));
    if (!schedule.file.isEmpty())
        Cli::print(Cli::tr("Said by the file %1").arg(schedule.file));
    const QTimeZone zone(schedule.spec.zone.toLatin1());
    for (const qint64 at : detail.next)
        Cli::print(u"  "_s +
                   QDateTime::fromMSecsSinceEpoch(at, zone).toString(u"ddd yyyy-MM-dd HH:mm:ss t"_s));
    if (schedule.averages.firings > 0)
        Cli::print(describeAverages(schedule.averages));
    QList<QStringList> rows;
    for (const api::OccurrenceInfo &each : detail.occurrences)
        rows += {describeTime(each.nominalAt), QString::number(each.count), describe(each.outcome),
                 describe(each.reason)};
    if (!rows.isEmpty())
        Cli::printTable({Cli::tr("TIME"), Cli::tr("COUNT"), Cli::tr("OUTCOME"), Cli::tr("REASON")}, rows);
    rows.clear();
    for (const api::FiringInfo &each : detail.firings)
        rows += {each.id.toString(),
                 describeTime(each.firedAt),
                 describeResult(each),
                 describeDuration(each.waitMs),
                 describeDuration(each.runMs),
                 QString::number(each.steps),
                 describeCost(each.costMicroUsd)};
    if (!rows.isEmpty())
        Cli::printTable({Cli::tr("FIRING"), Cli::tr("FIRED"), Cli::tr("STATUS"), Cli::tr("WAITED"),
                         Cli::tr("RAN"), Cli::tr("STEPS"), Cli::tr("COST")},
                        rows);
}

void show(Cli &cli, ScheduleId id)
{
    cli.node().query(api::ShowSchedule{.schedule = id, .limit = 20}, &cli,
                     [&cli](const Result<api::ScheduleDetail> &detail) {
        if (!detail)
            return cli.fail(detail.error());
        if (cli.options().json)
            Cli::printJson(scheduleDetailJson(*detail));
        else
            printDetail(*detail);
        cli.finish(ExitSuccess);
    });
}

// It was made or changed: as it is now.
void tellSaved(Cli &cli, ScheduleId id)
{
    cli.node().query(api::ShowSchedule{.schedule = id, .limit = 0}, &cli,
                     [&cli](const Result<api::ScheduleDetail> &detail) {
        if (!detail)
            return cli.fail(detail.error());
        if (cli.options().json)
            Cli::printJson(scheduleJson(detail->schedule));
        else
            Cli::print(Cli::tr("Schedule %1, %2: next at %3")
                           .arg(detail->schedule.id.toString(), detail->schedule.spec.name,
                                describeTime(detail->schedule.nextAt)));
        cli.finish(ExitSuccess);
    });
}

void save(Cli &cli, const api::SaveSchedule &command)
{
    cli.node().submit(command, &cli, [&cli](const Result<api::CommandDone> &done) {
        if (!done)
            return cli.fail(done.error());
        tellSaved(cli, ScheduleId{done->text.toLongLong()});
    });
}

// What it would meet is said, and never keeps it from being saved.
void warnAndSave(Cli &cli, const api::SaveSchedule &command, const QString &project)
{
    cli.node().query(api::PreviewWhen{.project = project, .schedule = command.schedule, .spec = command.spec},
                     &cli, [&cli, command](const Result<api::SchedulePreview> &preview) {
        if (preview && preview->collision) {
            Cli::say(describe(*preview->collision));
            if (preview->collision->shiftMinutes > 0)
                Cli::say(Cli::tr("%n minute(s) later it would meet nobody.", nullptr,
                                 preview->collision->shiftMinutes));
        }
        save(cli, command);
    });
}

Result<api::ScheduleSpec> changed(const api::ScheduleSpec &spec, const QJsonObject &changes)
{
    QJsonObject json = toJsonObject(spec);
    for (auto it = changes.begin(); it != changes.end(); ++it)
        json.insert(it.key(), it.value());
    if (changes.contains("flow"_L1) && !changes.contains("prompt"_L1))
        json.insert(u"prompt"_s, QString());
    if (changes.contains("prompt"_L1) && !changes.contains("flow"_L1))
        json.insert(u"flow"_s, QString());
    // That of a prompt is no measure for a flow, of which the steps have their own.
    const bool startsOther = spec.flow.isEmpty() != json.value("flow"_L1).toString().isEmpty();
    if (startsOther && !changes.contains("deadline_ms"_L1))
        json.insert(u"deadline_ms"_s, spec.flow.isEmpty() ? 0 : api::ScheduleSpec{}.deadlineMs);
    auto read = fromJsonObject<api::ScheduleSpec>(json);
    if (!read)
        return fail(ErrorCode::InvalidArgument, read.error().detail, read.error().where);
    return read;
}

void add(Cli &cli, const SchedulesOptions &options)
{
    const auto spec = changed({}, options.changes);
    if (!spec)
        return cli.fail(spec.error());
    warnAndSave(cli, {.project = cli.project(), .spec = *spec, .paused = options.paused}, cli.project());
}

void edit(Cli &cli, const SchedulesOptions &options)
{
    cli.node().query(api::ShowSchedule{.schedule = options.schedule, .limit = 0}, &cli,
                     [&cli, options](const Result<api::ScheduleDetail> &detail) {
        if (!detail)
            return cli.fail(detail.error());
        const auto spec = changed(detail->schedule.spec, options.changes);
        if (!spec)
            return cli.fail(spec.error());
        warnAndSave(cli, {.schedule = options.schedule, .spec = *spec, .revision = detail->schedule.revision},
                    detail->schedule.project);
    });
}

void command(Cli &cli, const api::Command &command, const QString &said)
{
    cli.node().submit(command, &cli, [&cli, said](const Result<api::CommandDone> &done) {
        if (!done) {
            if (isAtCapacity(done.error()))
                Cli::say(Cli::tr("With --queue it waits for a slot, with --force it begins over the cap."));
            return cli.fail(done.error());
        }
        if (cli.options().json)
            Cli::printJson(QJsonObject{{u"id"_s, done->text}, {u"task"_s, done->refs.task.value}});
        else
            Cli::print(said.arg(done->text));
        cli.finish(ExitSuccess);
    });
}

void pauseAll(Cli &cli, qint64 untilMs)
{
    cli.node().submit(pauseOfSchedules(untilMs), &cli, [&cli, untilMs](const Result<api::CommandDone> &done) {
        if (!done)
            return cli.fail(done.error());
        if (cli.options().json) {
            Cli::printJson(withSchedulePause({}, untilMs));
        } else if (untilMs == 0) {
            Cli::print(Cli::tr("Schedules go on."));
        } else {
            Cli::print(describeAllPaused(untilMs, QDateTime::currentMSecsSinceEpoch()));
        }
        cli.finish(ExitSuccess);
    });
}

void check(Cli &cli, const QString &file)
{
    cli.node().query(api::CheckSchedules{.project = cli.project(), .file = file}, &cli,
                     [&cli](const Result<std::vector<api::ScheduleFileProblem>> &problems) {
        if (!problems)
            return cli.fail(problems.error());
        if (cli.options().json)
            Cli::printJson(jsonList(*problems, scheduleProblemJson));
        else if (problems->empty())
            Cli::print(Cli::tr("No problems."));
        else
            printProblems(*problems);
        cli.finish(problems->empty() ? ExitSuccess : ExitFailed);
    });
}

} // namespace

void startSchedulesCommand(Cli &cli, const SchedulesOptions &options)
{
    using enum SchedulesOptions::Action;
    const ScheduleId id = options.schedule;
    switch (options.action) {
    case List:
        return list(cli);
    case Show:
        return show(cli, id);
    case Add:
        return add(cli, options);
    case Edit:
        return edit(cli, options);
    case Remove:
        return command(cli, api::RemoveSchedule{.schedule = id}, Cli::tr("Schedule %1 is removed."));
    case Pause:
        return command(cli, api::PauseSchedule{.schedule = id}, Cli::tr("Schedule %1 is paused."));
    case Resume:
        return command(cli, api::ResumeSchedule{.schedule = id}, Cli::tr("Schedule %1 goes on."));
    case RunNow:
        return command(cli, api::RunScheduleNow{.schedule = id, .atCapacity = options.atCapacity},
                       Cli::tr("Firing %1 is queued."));
    case PauseAll: {
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        return pauseAll(cli, options.pauseMs > 0 ? now + options.pauseMs : startOfTomorrow(now));
    }
    case ResumeAll:
        return pauseAll(cli, 0);
    case Check:
        return check(cli, options.file);
    }
}

} // namespace muster::app
