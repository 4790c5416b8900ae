#include "core/viewmodel/run_list_model.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_run.h"
#include "core/viewmodel/project_context.h"

#include <QHash>
#include <QSet>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int page = 100;
constexpr int most = 1000; // what a node gives at once; older runs are found by search
constexpr int intervalMs = 100;

QString accessibleText(const api::RunInfo &run)
{
    const QString part = describeParent(run);
    return runTitle(run) % (part.isEmpty() ? QString() : QString(u", "_s % part)) % u", " %
           describeOutcome(run.status, run.reason, run.detail);
}

} // namespace

QString runTitle(const api::RunInfo &run) { return run.flow % u" #" % QString::number(run.number); }

RunListModel::RunListModel(NodeFeed *feed, ProjectContext *context, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
    , m_context(context)
    , m_refresher([this] { ask(); }, this, intervalMs)
    , m_wanted(page)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (!changes.runs.isEmpty() || changes.everything)
            m_refresher.request();
    });
    connect(context, &ProjectContext::projectChanged, this, &RunListModel::onProject);
    m_refresher.request();
}

QModelIndex RunListModel::indexOf(RunId run) const
{
    const auto found = std::ranges::find(rows(), run, &api::RunInfo::id);
    return found == rows().end() ? QModelIndex() : index(static_cast<int>(found - rows().begin()));
}

QVariant RunListModel::data(const QModelIndex &index, int role) const
{
    const api::RunInfo *run = rowAt(index.row());
    if (!run)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return runTitle(*run);
    case Qt::AccessibleTextRole:
        return accessibleText(*run);
    case IdRole:
        return run->id.value;
    case StatusRole:
        return static_cast<int>(run->status);
    case StartedAtRole:
        return run->startedAt;
    case EndedAtRole:
        return run->endedAt;
    case WaitingRole:
        return run->waitingForYou;
    default:
        return {};
    }
}

std::vector<api::RunInfo> RunListModel::partsBelow(std::vector<api::RunInfo> runs)
{
    QSet<RunId> known;
    for (const api::RunInfo &run : runs)
        known.insert(run.id);
    QHash<RunId, std::vector<size_t>> parts; // oldest first
    std::vector<size_t> open;                // the next one at the end
    for (size_t i = runs.size(); i-- > 0;) {
        if (known.contains(runs[i].parent))
            parts[runs[i].parent].push_back(i);
        else
            open.push_back(i);
    }
    std::vector<api::RunInfo> ordered;
    ordered.reserve(runs.size());
    while (!open.empty()) {
        const size_t at = open.back();
        open.pop_back();
        const std::vector<size_t> below = parts.take(runs[at].id);
        open.insert(open.end(), below.rbegin(), below.rend());
        ordered.push_back(std::move(runs[at]));
    }
    return ordered;
}

bool RunListModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_mayHaveMore && m_wanted < most;
}

void RunListModel::fetchMore(const QModelIndex &)
{
    m_wanted = std::min(m_wanted + page, most);
    m_mayHaveMore = false; // until the answer says so
    m_refresher.request();
}

void RunListModel::onProject()
{
    m_wanted = page;
    m_loaded = false;
    m_mayHaveMore = false;
    setRows({}, [](const api::RunInfo &run) { return run.id; });
    m_refresher.request();
}

void RunListModel::ask()
{
    const QString project = m_context->project().path;
    if (project.isEmpty()) {
        m_refresher.done();
        return;
    }
    const int limit = m_wanted;
    m_feed->node().query(api::ListRuns{.project = project, .limit = limit}, this,
                         [this, project, limit](Result<std::vector<api::RunInfo>> runs) {
        m_refresher.done();
        if (!runs || project != m_context->project().path)
            return; // the link's state says what is wrong; its return asks again
        m_mayHaveMore = static_cast<int>(runs->size()) >= limit;
        m_loaded = true;
        setRows(partsBelow(std::move(*runs)), [](const api::RunInfo &run) { return run.id; });
        emit loaded();
    });
}

} // namespace muster
