#include "core/viewmodel/queue_model.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/describe_work.h"
#include "core/viewmodel/visible_text.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int intervalMs = 500; // steps count up faster than a person reads

QString joined(QStringList parts)
{
    parts.removeAll(QString());
    return parts.join(u" · "_s);
}

auto keyOf(const QueueRow &row) { return std::pair(taskOf(row), row.index()); }

QString accessibleText(const QueueRow &row)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const auto *waits = std::get_if<api::QueuedInfo>(&row);
    const QString state = waits ? describe(TaskStatus::Queued) : stateOf(std::get<api::TaskInfo>(row));
    return QStringList{titleOf(row), state, trailingOf(row, now), subtitleOf(row, now)}.join(u", "_s);
}

} // namespace

TaskId taskOf(const QueueRow &row)
{
    const auto *waits = std::get_if<api::QueuedInfo>(&row);
    return waits ? waits->task : std::get<api::TaskInfo>(row).id;
}

QString titleOf(const QueueRow &row)
{
    const QString title = std::visit([](const auto &task) { return task.title; }, row);
    return withVisibleMarks(title.isEmpty() ? taskOf(row).toString() : title).simplified();
}

QString stateOf(const api::TaskInfo &task)
{
    return task.status == TaskStatus::Waiting ? describe(api::WorkState::WaitingForYou)
                                              : describe(task.status);
}

QString trailingOf(const QueueRow &row, qint64 nowMs)
{
    if (const auto *waits = std::get_if<api::QueuedInfo>(&row))
        return waits->expectedStart > 0 ? describeWaitFor(waits->expectedStart, nowMs) : QString();
    const auto &runs = std::get<api::TaskInfo>(row);
    return runs.startedAt > 0 ? describeDuration(nowMs - runs.startedAt) : QString();
}

QString subtitleOf(const QueueRow &row, qint64 nowMs)
{
    if (const auto *waits = std::get_if<api::QueuedInfo>(&row)) {
        api::QueuedInfo why = *waits;
        if (why.heldBack == HeldBack::Slot && why.expectedStart > 0)
            why.heldBackUntil = 0; // when it begins stands beside it, and is what counts
        return joined({u'#' + QString::number(why.position), describeHeldBack(why, nowMs),
                       describeStarter(why.source)});
    }
    const auto &runs = std::get<api::TaskInfo>(row);
    return joined({runs.status == TaskStatus::Waiting ? stateOf(runs) : QString(),
                   describeSteps(runs.agentSteps, runs.stepsMax), describeStarter(runs.source),
                   runs.runtime});
}

QueueModel::QueueModel(NodeFeed *feed, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
    , m_refresher([this] { ask(); }, this, intervalMs)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.everything)
            m_refresher.request();
    });
    // Told after each event, whatever it is about.
    connect(feed, &NodeFeed::statusChanged, &m_refresher, &Refresher::request);
    m_refresher.request();
}

void QueueModel::setShows(Shows shows)
{
    if (std::exchange(m_shows, shows) != shows)
        showRows();
}

QModelIndex QueueModel::indexOf(TaskId task) const
{
    const auto found = std::ranges::find(rows(), task, taskOf);
    return found == rows().end() ? QModelIndex() : index(static_cast<int>(found - rows().begin()));
}

void QueueModel::end(TaskId task)
{
    m_feed->node().submit(api::CancelTask{.task = task}, this, [this](const Result<api::CommandDone> &done) {
        if (!done)
            emit failed(done.error());
    });
}

void QueueModel::runNow(TaskId task, bool force)
{
    m_feed->node().submit(api::RunTaskNow{.task = task, .force = force}, this,
                          [this, task](const Result<api::CommandDone> &done) {
        if (done)
            return;
        if (isAtCapacity(done.error()))
            emit atCapacity(task, done.error());
        else
            emit failed(done.error());
    });
}

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    const QueueRow *row = rowAt(index.row());
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return titleOf(*row);
    case Qt::AccessibleTextRole:
        return accessibleText(*row);
    case IdRole:
        return taskOf(*row).value;
    case WaitsRole:
        return std::holds_alternative<api::QueuedInfo>(*row);
    default:
        return {};
    }
}

void QueueModel::ask()
{
    m_feed->node().query(api::ListTasks{.activeOnly = true}, this,
                         [this](Result<std::vector<api::TaskInfo>> running) {
        if (!running) {
            m_refresher.done();
            return; // the link's state says what is wrong; its return asks again
        }
        m_feed->node().query(
            api::ListQueue{}, this,
            [this, running = std::move(*running)](Result<std::vector<api::QueuedInfo>> waiting) mutable {
            m_refresher.done();
            if (!waiting)
                return;
            std::erase_if(running,
                          [](const api::TaskInfo &task) { return task.status == TaskStatus::Queued; });
            std::ranges::stable_sort(running, {}, &api::TaskInfo::startedAt);
            m_running = std::move(running);
            m_waiting = std::move(*waiting);
            m_loaded = true;
            showRows();
        });
    });
}

void QueueModel::showRows()
{
    std::vector<QueueRow> rows;
    if (m_shows != Shows::Waiting)
        rows.insert(rows.end(), m_running.begin(), m_running.end());
    if (m_shows != Shows::Running)
        rows.insert(rows.end(), m_waiting.begin(), m_waiting.end());
    setRows(std::move(rows), keyOf);
    emit loaded();
}

} // namespace muster
