#include "core/viewmodel/schedule_list_model.h"

#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/describe_schedule.h"
#include "core/viewmodel/project_context.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int intervalMs = 100;
constexpr int secondMs = 1000;
constexpr int problemTicks = 5;

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

} // namespace

QString scheduleStanding(const api::ScheduleInfo &schedule, qint64 nowMs)
{
    if (schedule.state != ScheduleState::Active)
        return describe(schedule.state, schedule.pauseReason);
    QStringList parts;
    if (schedule.running > 0)
        parts += ScheduleListModel::tr("%n running", nullptr, schedule.running);
    if (schedule.nextAt > 0)
        parts += ScheduleListModel::tr("next %1").arg(describeMoment(schedule.nextAt, nowMs));
    return parts.isEmpty() ? describe(schedule.state, schedule.pauseReason) : parts.join(u" · "_s);
}

QString scheduleUntil(const api::ScheduleInfo &schedule, qint64 nowMs)
{
    if (schedule.state != ScheduleState::Active || schedule.nextAt == 0)
        return {};
    return describeUntil(std::max(schedule.nextAt, schedule.dueAt), nowMs);
}

QString scheduleLast(const api::ScheduleInfo &schedule)
{
    const QString last = describeLast(schedule);
    return last.isEmpty() ? last : ScheduleListModel::tr("last: %1").arg(last);
}

void ScheduleProblemModel::setProblems(std::vector<api::ScheduleFileProblem> problems)
{
    setRows(std::move(problems),
            [](const api::ScheduleFileProblem &problem) { return placeOf(problem) % problem.problem.code; });
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
{
    m_second.setInterval(secondMs);
    connect(&m_second, &QTimer::timeout, this, &ScheduleListModel::onTick);
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        // What a file of the project says counts from when the project is trusted.
        if (changes.schedules || changes.projects || changes.everything)
            m_refresher.request();
    });
    connect(context, &ProjectContext::projectChanged, this, &ScheduleListModel::onProject);
    m_refresher.request();
}

void ScheduleListModel::setActive(bool active)
{
    m_refresher.setActive(active);
    if (active)
        m_second.start();
    else
        m_second.stop();
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
    setRows({}, [](const api::ScheduleInfo &schedule) { return schedule.id; });
    m_problems->setProblems({});
    m_refresher.request();
}

// A pass notes that work has begun after the event that told of it, so what is under way is looked at again;
// and what is wrong with a file is told by no event.
void ScheduleListModel::onTick()
{
    const bool works =
        std::ranges::any_of(rows(), [](const api::ScheduleInfo &s) { return s.running + s.queued > 0; });
    if (works || ++m_ticks % problemTicks == 0)
        m_refresher.request();
    emit ticked();
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
        setRows(std::move(list->schedules), [](const api::ScheduleInfo &schedule) { return schedule.id; });
        m_problems->setProblems(std::move(list->problems));
        emit loaded();
    });
}

} // namespace muster
