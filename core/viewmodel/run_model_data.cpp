// What a row of RunModel says.
#include "core/events/step_title.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_rerun.h"
#include "core/viewmodel/describe_run.h"
#include "core/viewmodel/describe_work.h"
#include "core/viewmodel/run_model.h"

#include <QCoreApplication>
#include <QDateTime>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(RunModel)
};

QString nameOf(const api::StepInfo &step)
{
    if (step.index < 0)
        return step.stepId;
    return itemTitle(step.stepId, step.index, step.label);
}

QString withAttempt(const QString &text, const api::StepInfo &step)
{
    if (step.attempt < 2)
        return text;
    // Those of the steps of a loop are counted on through its rounds.
    if (step.attempt > step.attemptsMax)
        return Text::tr("%1 (attempt %2)").arg(text).arg(step.attempt);
    return Text::tr("%1 (attempt %2 of %3)").arg(text).arg(step.attempt).arg(step.attemptsMax);
}

QString timeOf(const api::StepInfo &step)
{
    if (step.startedAt == 0)
        return {};
    const qint64 end = step.endedAt > 0 ? step.endedAt : QDateTime::currentMSecsSinceEpoch();
    return describeDuration(end - step.startedAt);
}

// A join may wait for thousands.
QString namesOf(const QStringList &steps)
{
    constexpr qsizetype most = 20;
    const QString names = steps.first(std::min(steps.size(), most)).join(u", "_s);
    return steps.size() > most ? QString(names % u", …") : names;
}

int settledCount(const std::vector<api::StepInfo> &items)
{
    return static_cast<int>(
        std::ranges::count_if(items, [](const api::StepInfo &item) { return isSettled(item.status); }));
}

// "2 of 64 done, 3 at work".
QString describeItems(const std::vector<api::StepInfo> &items)
{
    const auto running = std::ranges::count(items, StepStatus::Running, &api::StepInfo::status);
    const QString done = Text::tr("%1 of %2 done").arg(settledCount(items)).arg(items.size());
    return running > 0 ? Text::tr("%1, %2 at work").arg(done).arg(running) : done;
}

// "Failed, 61 of 64".
QString describeEnded(const api::StepInfo &step, const std::vector<api::StepInfo> &items)
{
    const auto completed = std::ranges::count(items, StepStatus::Completed, &api::StepInfo::status);
    return Text::tr("%1, %2 of %3")
        .arg(describeOutcome(step.status, step.reason, step.detail))
        .arg(completed)
        .arg(items.size());
}

} // namespace

QString RunModel::runningText(const api::StepInfo &step) const
{
    const api::WorkInfo *work = m_feed->work().of(step.task);
    if (step.child.isValid())
        return withAttempt(Text::tr("Runs %1").arg(describeChild(step)), step);
    QString doing = m_tools.value(step.task);
    if (doing.isEmpty())
        doing = work && !work->tool.isEmpty() ? work->tool : describe(step.status);
    return withAttempt(work ? describeWork(*work, doing, QDateTime::currentMSecsSinceEpoch()) : doing, step);
}

QString RunModel::statusText(const QModelIndex &index) const
{
    const api::StepInfo *step = stepAt(index);
    if (!step)
        return {};
    const Node *node = nodeAt(index.siblingAtColumn(0));
    if (node && !node->items.empty())
        return isSettled(step->status) ? withKept(describeEnded(*step, node->items), *step)
                                       : describeItems(node->items);
    switch (step->status) {
    case StepStatus::Running:
        return runningText(*step);
    case StepStatus::Waiting:
        if (const api::WorkInfo *work = m_feed->work().of(step->task);
            work && work->state == api::WorkState::WaitingForYou)
            return describeWork(*work, QDateTime::currentMSecsSinceEpoch());
        if (step->kind == "delay"_L1 && step->deadlineAt > 0)
            return Text::tr("Until %1").arg(describeTime(step->deadlineAt));
        return step->inbox.isValid() ? Text::tr("Waiting for you") : describe(step->status);
    case StepStatus::Pending:
        return step->needs.isEmpty() ? describe(step->status)
                                     : Text::tr("Waits for %1").arg(namesOf(step->needs));
    default:
        if (step->notBefore > 0)
            return withAttempt(describeRest(step->notBefore), *step);
        return withKept(withAttempt(describeOutcome(step->status, step->reason, step->detail), *step), *step);
    }
}

QVariant RunModel::data(const QModelIndex &index, int role) const
{
    const api::StepInfo *step = stepAt(index);
    if (!step)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == StepColumn)
            return nameOf(*step);
        if (index.column() == StatusColumn)
            return statusText(index);
        return index.column() == TimeColumn ? timeOf(*step) : QString();
    case Qt::AccessibleTextRole:
        return index.column() == StepColumn ? QString(nameOf(*step) % u", " % statusText(index)) : QVariant();
    case Qt::ToolTipRole:
        return index.column() == TimeColumn ? describeTime(step->startedAt) : statusText(index);
    case StatusRole:
        return static_cast<int>(step->status);
    case KindRole:
        return step->kind;
    case StartedAtRole:
        return step->startedAt;
    case EndedAtRole:
        return step->endedAt;
    case AttemptRole:
        return step->attempt;
    case KeptRole:
        return step->keptFrom.isValid();
    case StalledRole: {
        const api::WorkInfo *work = m_feed->work().of(step->task);
        return work && work->state == api::WorkState::Stalled;
    }
    case ToolRole:
        return m_tools.value(step->task);
    case TaskRole:
        return step->task.value;
    case InboxRole:
        return step->inbox.value;
    case ItemCountRole: {
        const Node *node = nodeAt(index.siblingAtColumn(0));
        return node ? static_cast<int>(node->items.size()) : 0;
    }
    case ItemsSettledRole: {
        const Node *node = nodeAt(index.siblingAtColumn(0));
        return node ? settledCount(node->items) : 0;
    }
    default:
        return {};
    }
}

QVariant RunModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section == TimeColumn) // above its numbers
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StepColumn:
        return Text::tr("Step");
    case StatusColumn:
        return Text::tr("Status");
    case TimeColumn:
        return Text::tr("Time");
    case LaneColumn:
        return Text::tr("When");
    default:
        return {};
    }
}

} // namespace muster
