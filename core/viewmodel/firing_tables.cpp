#include "core/viewmodel/firing_tables.h"

#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/describe_schedule.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QString momentOf(qint64 ms) { return describeMoment(ms, QDateTime::currentMSecsSinceEpoch()); }

QString stepsOf(const api::FiringInfo &firing)
{
    return firing.stepLimit > 0 ? FiringTable::tr("%1 of %2").arg(firing.steps).arg(firing.stepLimit)
                                : QString::number(firing.steps);
}

QString workOf(const api::FiringInfo &firing)
{
    if (firing.run.isValid())
        return FiringTable::tr("Run #%1").arg(firing.runNumber);
    return firing.task.isValid() ? FiringTable::tr("Task %1").arg(firing.task.toString()) : QString();
}

QString textOf(const api::FiringInfo &firing, int column)
{
    const bool hasEnded = firing.completedAt > 0;
    switch (column) {
    case FiringTable::FiredColumn:
        return momentOf(firing.firedAt);
    case FiringTable::ResultColumn:
        return describeResult(firing);
    case FiringTable::CauseColumn:
        return describe(firing.cause);
    case FiringTable::WaitColumn:
        return firing.claimedAt > 0 ? describeDuration(firing.waitMs) : QString();
    case FiringTable::RunColumn:
        return hasEnded && firing.claimedAt > 0 ? describeDuration(firing.runMs) : QString();
    case FiringTable::StepsColumn:
        return hasEnded ? stepsOf(firing) : QString();
    case FiringTable::CostColumn:
        return hasEnded ? describeCost(firing.costMicroUsd) : QString();
    case FiringTable::WorkColumn:
        return workOf(firing);
    default:
        return {};
    }
}

QString titleOf(int column)
{
    switch (column) {
    case FiringTable::FiredColumn:
        return FiringTable::tr("Fired");
    case FiringTable::ResultColumn:
        return FiringTable::tr("Result");
    case FiringTable::CauseColumn:
        return FiringTable::tr("Why");
    case FiringTable::WaitColumn:
        return FiringTable::tr("Waited");
    case FiringTable::RunColumn:
        return FiringTable::tr("Ran");
    case FiringTable::StepsColumn:
        return FiringTable::tr("Steps");
    case FiringTable::CostColumn:
        return FiringTable::tr("Cost");
    case FiringTable::WorkColumn:
        return FiringTable::tr("Work");
    default:
        return {};
    }
}

bool isNumber(int column) { return column >= FiringTable::WaitColumn && column <= FiringTable::CostColumn; }

QString textOf(const api::OccurrenceInfo &time, int column)
{
    switch (column) {
    case OccurrenceTable::TimeColumn:
        return time.count > 1
                   ? OccurrenceTable::tr("%1 to %2, %n time(s)", nullptr, static_cast<int>(time.count))
                         .arg(momentOf(time.nominalAt), momentOf(time.lastAt))
                   : momentOf(time.nominalAt);
    case OccurrenceTable::OutcomeColumn:
        return describe(time.outcome);
    case OccurrenceTable::ReasonColumn:
        return describe(time.reason);
    default:
        return {};
    }
}

QString titleOfTimes(int column)
{
    switch (column) {
    case OccurrenceTable::TimeColumn:
        return OccurrenceTable::tr("Time");
    case OccurrenceTable::OutcomeColumn:
        return OccurrenceTable::tr("Outcome");
    case OccurrenceTable::ReasonColumn:
        return OccurrenceTable::tr("Reason");
    default:
        return {};
    }
}

} // namespace

void FiringTable::setFirings(std::vector<api::FiringInfo> firings)
{
    setTableRows(std::move(firings), [](const api::FiringInfo &firing) { return firing.id; });
}

QModelIndex FiringTable::indexOf(FiringId firing) const
{
    const auto found = std::ranges::find(rows(), firing, &api::FiringInfo::id);
    return found == rows().end() ? QModelIndex() : index(static_cast<int>(found - rows().begin()), 0);
}

QVariant FiringTable::data(const QModelIndex &index, int role) const
{
    const api::FiringInfo *firing = rowAt(index.row());
    if (!firing)
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return textOf(*firing, index.column());
    case Qt::TextAlignmentRole:
        return QVariant(isNumber(index.column()) ? Qt::AlignRight | Qt::AlignVCenter
                                                 : Qt::AlignLeft | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant FiringTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(isNumber(section) ? Qt::AlignRight | Qt::AlignVCenter
                                          : Qt::AlignLeft | Qt::AlignVCenter);
    return role == Qt::DisplayRole ? QVariant(titleOf(section)) : QVariant();
}

void OccurrenceTable::setOccurrences(std::vector<api::OccurrenceInfo> occurrences)
{
    setTableRows(std::move(occurrences), [](const api::OccurrenceInfo &time) { return time.nominalAt; });
}

QVariant OccurrenceTable::data(const QModelIndex &index, int role) const
{
    const api::OccurrenceInfo *time = rowAt(index.row());
    if (!time || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    return textOf(*time, index.column());
}

QVariant OccurrenceTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    return role == Qt::DisplayRole ? QVariant(titleOfTimes(section)) : QVariant();
}

} // namespace muster
