// muster status: how the swarm does, which schedules are paused, and each thing at work with the age of its
// last sign.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "app/cli/schedules_json.h"
#include "core/schedule/all_paused.h"
#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/describe_work.h"
#include "core/viewmodel/schedule_pause.h"
#include "core/viewmodel/visible_text.h"

#include <QDateTime>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

QString nameOf(const api::WorkInfo &work)
{
    if (!work.title.isEmpty())
        return work.title;
    return work.conversation.isValid() ? Cli::tr("Chat %1").arg(work.conversation.toString()) : QString();
}

struct Standing {
    api::NodeStatus status;
    qint64 pausedUntilMs = 0; // all schedules
    std::vector<api::ScheduleInfo> paused;
    std::vector<api::WorkInfo> work;
};

void printPaused(const Standing &standing)
{
    const QString all = describeAllPaused(standing.pausedUntilMs, QDateTime::currentMSecsSinceEpoch());
    if (!all.isEmpty())
        Cli::print(all);
    for (const api::ScheduleInfo &schedule : standing.paused)
        Cli::print(Cli::tr("Schedule %1 (%2): %3")
                       .arg(schedule.id.toString(), withVisibleMarks(schedule.spec.name),
                            describe(schedule.state, schedule.pauseReason)));
}

void printWork(const std::vector<api::WorkInfo> &work)
{
    if (work.empty())
        return;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QList<QStringList> rows;
    for (const api::WorkInfo &one : work)
        rows += {one.task.isValid() ? one.task.toString() : QString(), nameOf(one), one.runtime,
                 describeWork(one, one.tool, now)};
    Cli::printTable({Cli::tr("TASK"), Cli::tr("WORK"), Cli::tr("RUNTIME"), Cli::tr("STATE")}, rows);
}

void print(const Standing &standing)
{
    const api::NodeStatus &status = standing.status;
    const QString counts = describeCounts(status);
    Cli::print(counts.isEmpty() ? describe(status.load) : QString(describe(status.load) % u": " % counts));
    if (const QString held = describeHeldBack(status); !held.isEmpty())
        Cli::print(held);
    printPaused(standing);
    printWork(standing.work);
}

void printJson(const Standing &standing)
{
    QJsonObject json =
        withSchedulePause(swarmJson(standing.status, standing.work),
                          allPausedUntil(standing.pausedUntilMs, QDateTime::currentMSecsSinceEpoch()));
    json.insert(u"paused_schedules"_s, jsonList(standing.paused, scheduleJson));
    Cli::printJson(json);
}

// Each is asked when the one before has been answered.
template <typename Q> void ask(Cli &cli, const Q &query, const std::function<void(typename Q::Reply)> &then)
{
    cli.node().query(query, &cli, [&cli, then](Result<typename Q::Reply> reply) {
        if (reply)
            then(std::move(*reply));
        else
            cli.fail(reply.error());
    });
}

void askSchedules(Cli &cli, const std::shared_ptr<Standing> &standing)
{
    ask(cli, api::ListSettings{}, [&cli, standing](const std::vector<api::SettingInfo> &settings) {
        standing->pausedUntilMs = pausedUntilIn(settings);
        ask(cli, api::ListSchedules{}, [&cli, standing](api::ScheduleList list) {
            std::ranges::copy_if(list.schedules, std::back_inserter(standing->paused), isPaused,
                                 &api::ScheduleInfo::state);
            cli.options().json ? printJson(*standing) : print(*standing);
            cli.finish(ExitSuccess);
        });
    });
}

} // namespace

void startStatusCommand(Cli &cli)
{
    ask(cli, api::GetStatus{}, [&cli](const api::NodeStatus &status) {
        ask(cli, api::ListWork{}, [&cli, status](std::vector<api::WorkInfo> work) {
            askSchedules(cli,
                         std::make_shared<Standing>(Standing{.status = status, .work = std::move(work)}));
        });
    });
}

} // namespace muster::app
