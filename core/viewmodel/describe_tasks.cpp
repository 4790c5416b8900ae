#include "core/viewmodel/describe_tasks.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_work.h"
#include "core/viewmodel/visible_text.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct DescribeTasks {
    Q_DECLARE_TR_FUNCTIONS(DescribeTasks)
};

constexpr qint64 secondMs = 1000;
constexpr qint64 minuteMs = 60 * secondMs;

// A person need not know it to the millisecond, and of what is minutes away not to the second either: it
// stands where they look, and would change all the time.
QString about(qint64 ms)
{
    const bool isFar = ms >= 2 * minuteMs;
    const qint64 shown =
        isFar ? (ms + minuteMs / 2) / minuteMs * minuteMs : (ms + secondMs - 1) / secondMs * secondMs;
    return DescribeTasks::tr("about %1").arg(describeDuration(shown));
}

QString sentenceFor(HeldBack why, const QString &by)
{
    switch (why) {
    case HeldBack::Slot:
        return DescribeTasks::tr("waits for a slot of “%1”").arg(by);
    case HeldBack::Limit:
        return by.isEmpty() ? DescribeTasks::tr("rate limited by its provider")
                            : DescribeTasks::tr("%1 is rate limited by its provider").arg(by);
    case HeldBack::Time:
        return DescribeTasks::tr("not due yet");
    case HeldBack::Memory:
        return DescribeTasks::tr("too little memory is free");
    case HeldBack::Disk:
        return DescribeTasks::tr("too little of the disk is free");
    case HeldBack::Load:
        return DescribeTasks::tr("the machine has too much to do");
    case HeldBack::Pause:
        return DescribeTasks::tr("its run is paused");
    case HeldBack::Owner:
        return DescribeTasks::tr("another node of Muster begins it");
    case HeldBack::Staging:
        return DescribeTasks::tr("goes on when those before it have got going");
    }
    return {};
}

bool isOfMachine(HeldBack why)
{
    return why == HeldBack::Memory || why == HeldBack::Disk || why == HeldBack::Load;
}

} // namespace

QString describeWaitFor(qint64 momentMs, qint64 nowMs)
{
    if (momentMs <= 0)
        return DescribeTasks::tr("not known");
    return momentMs <= nowMs ? DescribeTasks::tr("any moment") : about(momentMs - nowMs);
}

QString describeHeldBack(const api::QueuedInfo &task, qint64 nowMs)
{
    QString why = sentenceFor(task.heldBack, withVisibleMarks(task.heldBackBy));
    if (task.heldBackUntil <= nowMs)
        return why;
    if (task.heldBack == HeldBack::Slot)
        return DescribeTasks::tr("%1, %2", "why it waits, how long")
            .arg(why, about(task.heldBackUntil - nowMs));
    const QString until = clockTime(task.heldBackUntil, nowMs);
    return isOfMachine(task.heldBack) ? DescribeTasks::tr("%1, looked at again at %2").arg(why, until)
                                      : DescribeTasks::tr("%1, goes on at %2").arg(why, until);
}

QString describeHeldBack(const api::NodeStatus &status)
{
    return status.heldBack
               ? DescribeTasks::tr("Nothing new begins: %1.").arg(sentenceFor(*status.heldBack, {}))
               : QString();
}

QString describeExpected(const api::QueuedInfo &task, qint64 nowMs)
{
    if (task.expectedStart <= 0)
        return DescribeTasks::tr("When it begins is not known");
    if (task.expectedStart <= nowMs)
        return DescribeTasks::tr("Begins any moment");
    return DescribeTasks::tr("Begins in %1, at %2")
        .arg(about(task.expectedStart - nowMs), clockTime(task.expectedStart, nowMs));
}

QString describeSteps(int steps, int most)
{
    if (most > 0)
        return DescribeTasks::tr("%1 of %n step(s)", nullptr, most).arg(steps);
    return steps > 0 ? DescribeTasks::tr("%n step(s)", nullptr, steps) : QString();
}

QString describeStarter(const QString &source)
{
    if (source == "flow"_L1)
        return DescribeTasks::tr("Flow");
    if (source == "schedule"_L1)
        return DescribeTasks::tr("Schedule");
    if (source == "chat"_L1)
        return DescribeTasks::tr("Chat");
    return source == "board"_L1 ? DescribeTasks::tr("Board") : DescribeTasks::tr("Started by hand");
}

QString describeRunning(const api::RunningInfo &task, qint64 nowMs)
{
    QStringList parts{withVisibleMarks(task.title.isEmpty() ? task.task.toString() : task.title),
                      describeDuration(nowMs - task.startedAt)};
    parts += describeSteps(task.steps, task.stepsMax);
    parts.removeAll(QString());
    return parts.join(u" · "_s);
}

QString describeForemost(const api::NodeStatus &status, qint64 nowMs)
{
    QStringList lines;
    for (const api::RunningInfo &task : status.foremost)
        lines += describeRunning(task, nowMs);
    const auto more = status.running - status.chatting - static_cast<int>(status.foremost.size());
    if (!lines.isEmpty() && more > 0)
        lines += DescribeTasks::tr("+%n more", nullptr, more);
    return lines.join(u'\n');
}

QString describeLoad(const api::NodeStatus &status)
{
    const QString counts = describeCounts(status);
    if (status.load == api::SwarmLoad::Saturated)
        return describe(status.load) + u" · "_s + counts;
    return counts.isEmpty() ? describe(status.load) : counts;
}

QString describeLoadWhole(const api::NodeStatus &status, qint64 nowMs)
{
    QStringList lines{describeLoad(status), describeForemost(status, nowMs), describeHeldBack(status)};
    lines.removeAll(QString());
    return lines.join(u'\n');
}

QString describeOverload(const api::NodeStatus &status)
{
    if (status.load != api::SwarmLoad::Saturated)
        return {};
    const QString work = DescribeTasks::tr("%n at work", nullptr, status.running - status.chatting);
    const QString waits = DescribeTasks::tr("%n waiting for a slot", nullptr, status.waitingForSlot);
    return DescribeTasks::tr("At capacity: %1, %2. Scheduled work will wait; your chat goes first.")
        .arg(work, waits);
}

bool isAtCapacity(const Error &error)
{
    return error.code == ErrorCode::Conflict && error.detail == "at_capacity"_L1;
}

std::optional<QString> describeAtCapacity(const Error &error, qint64 nowMs)
{
    if (!isAtCapacity(error))
        return std::nullopt;
    const QString what = error.where.section(u' ', 0, 0);
    const qint64 moment = error.where.section(u' ', 1, 1).toLongLong();
    if (const auto machine = enumFromName<HeldBack>(what); machine && isOfMachine(*machine))
        return DescribeTasks::tr("Nothing new begins: %1.").arg(sentenceFor(*machine, {}));
    const QString pool = withVisibleMarks(what);
    return moment > nowMs
               ? DescribeTasks::tr("At capacity: a slot of “%1” frees in %2.")
                     .arg(pool, about(moment - nowMs))
               : DescribeTasks::tr("At capacity: “%1” is full. When a slot frees is not known.").arg(pool);
}

QString describePool(const api::PoolInfo &pool)
{
    QString text = pool.cap ? DescribeTasks::tr("%1 of %n slot(s)", nullptr, *pool.cap).arg(pool.held)
                            : DescribeTasks::tr("%n running, no cap", nullptr, pool.held);
    if (pool.waiting > 0)
        text += u", "_s + DescribeTasks::tr("%n waiting", nullptr, pool.waiting);
    return text;
}

} // namespace muster
