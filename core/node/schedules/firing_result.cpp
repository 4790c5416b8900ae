#include "core/node/schedules/firing_result.h"

#include "core/node/flows/child_outcome.h"
#include "core/node/schedules/schedule_reading.h"
#include "core/node/work/task_data.h"
#include "core/schedule/result_rule.h"
#include "core/store/inbox_repository.h"
#include "core/store/run_repository.h"
#include "core/store/task_repository.h"

#include <QCryptographicHash>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostShown = 8 * 1024;

Result<QString> textOf(Connection &db, const FiringRow &firing)
{
    if (firing.run.isValid()) {
        return RunRepository(db)
            .find(firing.run)
            .and_then([&](const RunRow &run) {
            return childOutcome(db, run);
        }).transform([](const AttemptResult &outcome) { return outcome.output; });
    }
    return TaskRepository(db).spec(firing.task).transform([](const TaskSpec &spec) {
        return fromJsonObject<TaskOutput>(spec.output).value_or(TaskOutput{}).text;
    });
}

bool wentWell(const InboxRow &item)
{
    return item.body.value("purpose"_L1).toString().section(u'\n', 1, 1) == enumName(FiringStatus::Completed);
}

// The same kind of news, of an earlier firing.
Status withdrawEarlier(Connection &db, EventBatch &log, const ScheduleRow &schedule, const InboxRow &item)
{
    InboxRepository inbox(db);
    const auto open = inbox.list({.status = InboxStatus::Open, .project = schedule.project});
    if (!open)
        return std::unexpected(open.error());
    for (const InboxRow &row : *open) {
        const bool isOfIt = row.kind == InboxKind::Result &&
                            row.body.value("schedule"_L1).toInteger() == schedule.id.value &&
                            wentWell(row) == wentWell(item);
        if (!isOfIt)
            continue;
        EventRefs refs = row.refs;
        refs.inbox = row.id;
        log.add(u"inbox.withdrawn"_s, refs, sourceOf(schedule.id), {{u"title"_s, schedule.name}});
        if (const Status gone = inbox.withdraw(row.id, u"newer"_s, log.nowMs()); !gone)
            return gone;
    }
    return {};
}

InboxRow itemFor(const ScheduleRow &schedule, const FiringRow &firing, const QString &text, qint64 nowMs)
{
    const QStringList purpose{u"schedule_result"_s, enumName(firing.status),
                              firing.reason ? enumName(*firing.reason) : QString(), firing.detail};
    return {.key = u"result:"_s + firing.id.toString(),
            .kind = InboxKind::Result,
            .refs = {.project = schedule.project, .run = firing.run, .task = firing.task},
            .title = {},
            .body = {{u"purpose"_s, purpose.join(u'\n')},
                     {u"who"_s, schedule.name},
                     {u"show"_s, text.left(mostShown)},
                     {u"schedule"_s, schedule.id.value},
                     {u"firing"_s, firing.id.value}},
            .createdMs = nowMs};
}

} // namespace

FiringResult resultOfFiring(Connection &db, const FiringRow &firing)
{
    if (firing.status == FiringStatus::Cancelled || firing.reason == FailureReason::Aborted)
        return {};
    if (firing.status != FiringStatus::Completed)
        return {.text = {},
                .digest = u"failed "_s + enumName(firing.reason.value_or(FailureReason::Unknown))};
    const QString text = textOf(db, firing).value_or(QString());
    const QByteArray said = text.trimmed().toUtf8();
    return {.text = text,
            .digest =
                QString::fromLatin1(QCryptographicHash::hash(said, QCryptographicHash::Sha256).toHex())};
}

Status tellResult(Connection &db, EventBatch &log, const ScheduleRow &schedule, const FiringRow &firing,
                  const FiringResult &result, const QString &before)
{
    const api::ScheduleSpec spec = specOf(schedule);
    if (!isTold(spec.notify, firing.status, result.digest, before))
        return {};
    const InboxRow item = itemFor(schedule, firing, result.text, log.nowMs());
    if (const Status gone = withdrawEarlier(db, log, schedule, item); !gone)
        return gone;
    InboxRepository inbox(db);
    const auto opened = inbox.open(item);
    if (!opened)
        return std::unexpected(opened.error());
    EventRefs refs = item.refs;
    refs.inbox = opened->id;
    log.add(u"inbox.opened"_s, refs, sourceOf(schedule.id),
            {{u"title"_s, schedule.name}, {u"kind"_s, enumName(item.kind)}});
    if (!spec.archive || firing.status != FiringStatus::Completed)
        return {};
    return inbox.withdraw(opened->id, u"archived"_s, log.nowMs());
}

} // namespace muster
