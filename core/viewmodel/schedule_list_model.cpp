#include "core/viewmodel/schedule_list_model.h"

#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/describe_schedule.h"
#include "core/viewmodel/project_context.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int intervalMs = 100;

QString placeOf(const api::ScheduleFileProblem &problem)
{
    return u"%1:%2:%3"_s.arg(problem.path).arg(problem.problem.line).arg(problem.problem.column);
}

QString sentenceOf(const api::ScheduleFileProblem &problem)
{
    const FlowProblemText text = describe(problem);
    return text.hint.isEmpty() ? text.message : QString(text.message % u' ' % text.hint);
}

QString accessibleText(const api::ScheduleInfo &schedule)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QStringList parts{schedule.spec.name, scheduleStanding(schedule, now), scheduleUntil(schedule, now)};
    parts += scheduleBadges(schedule);
    parts += scheduleLast(schedule);
    parts.removeAll(QString());
    return parts.join(u", "_s);
}

// Later than its time while a chat goes first.
qint64 comesAt(const api::ScheduleInfo &schedule) { return std::max(schedule.nextAt, schedule.dueAt); }

} // namespace

QString scheduleStanding(const api::ScheduleInfo &schedule, qint64 nowMs)
{
    const bool isActive = schedule.state == ScheduleState::Active;
    QStringList parts;
    if (!isActive)
        parts += describe(schedule.state, schedule.pauseReason);
    if (schedule.running > 0)
        parts += ScheduleListModel::tr("%n running", nullptr, schedule.running);
    if (isActive && schedule.nextAt > 0)
        parts += ScheduleListModel::tr("next %1").arg(describeMoment(schedule.nextAt, nowMs));
    return parts.isEmpty() ? describe(schedule.state, schedule.pauseReason) : parts.join(u" · "_s);
}

QString scheduleUntil(const api::ScheduleInfo &schedule, qint64 nowMs)
{
    if (schedule.state != ScheduleState::Active || schedule.nextAt == 0)
        return {};
    return describeUntil(comesAt(schedule), nowMs);
}

QString scheduleLast(const api::ScheduleInfo &schedule)
{
    const auto status = schedule.lastStatus;
    if (status == FiringStatus::Starting || status == FiringStatus::Queued || status == FiringStatus::Running)
        return {}; // what works or waits is told by its counts
    const QString last = describeLast(schedule);
    return last.isEmpty() ? last : ScheduleListModel::tr("last: %1").arg(last);
}

void ScheduleProblemModel::setProblems(std::vector<api::ScheduleFileProblem> problems)
{
    setRows(std::move(problems), [](const api::ScheduleFileProblem &problem) -> QString {
        return placeOf(problem) % problem.problem.code;
    });
}

QVariant ScheduleProblemModel::data(const QModelIndex &index, int role) const
{
    const api::ScheduleFileProblem *problem = rowAt(index.row());
    if (!problem)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return placeOf(*problem);
    case Qt::StatusTipRole:
        return sentenceOf(*problem);
    case Qt::AccessibleTextRole:
        return QString(placeOf(*problem) % u": " % sentenceOf(*problem));
    default:
        return {};
    }
}

ScheduleListModel::ScheduleListModel(NodeFeed *feed, ProjectContext *context, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
    , m_context(context)
    , m_problems(new ScheduleProblemModel(this))
    , m_refresher([this] { ask(); }, this, intervalMs)
    , m_clock(this)
{
    connect(&m_clock, &UntilClock::changed, this, &ScheduleListModel::ticked);
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.schedules || changes.everything)
            m_refresher.request();
    });
    connect(context, &ProjectContext::projectChanged, this, &ScheduleListModel::onProject);
    m_refresher.request();
}

void ScheduleListModel::setActive(bool active)
{
    m_refresher.setActive(active);
    m_clock.setActive(active);
}

QModelIndex ScheduleListModel::indexOf(ScheduleId schedule) const
{
    const auto found = std::ranges::find(rows(), schedule, &api::ScheduleInfo::id);
    return found == rows().end() ? QModelIndex() : index(static_cast<int>(found - rows().begin()));
}

QVariant ScheduleListModel::data(const QModelIndex &index, int role) const
{
    const api::ScheduleInfo *schedule = rowAt(index.row());
    if (!schedule)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return schedule->spec.name;
    case Qt::AccessibleTextRole:
        return accessibleText(*schedule);
    case IdRole:
        return schedule->id.value;
    case RunningRole:
        return schedule->running + schedule->queued;
    default:
        return {};
    }
}

void ScheduleListModel::onProject()
{
    m_loaded = false;
    take({});
    m_refresher.request();
}

void ScheduleListModel::ask()
{
    const QString project = m_context->project().path;
    if (project.isEmpty()) {
        m_refresher.done();
        return;
    }
    m_feed->node().query(api::ListSchedules{.project = project}, this,
                         [this, project](Result<api::ScheduleList> list) {
        m_refresher.done();
        if (!list || project != m_context->project().path)
            return; // the link's state says what is wrong; its return asks again
        m_loaded = true;
        take(std::move(*list));
        emit loaded();
    });
}

void ScheduleListModel::take(api::ScheduleList list)
{
    setRows(std::move(list.schedules), [](const api::ScheduleInfo &schedule) { return schedule.id; });
    m_problems->setProblems(std::move(list.problems));
    std::vector<qint64> moments;
    for (const api::ScheduleInfo &schedule : rows())
        if (schedule.state == ScheduleState::Active && schedule.nextAt > 0)
            moments.push_back(comesAt(schedule));
    m_clock.setMoments(std::move(moments));
}

} // namespace muster
