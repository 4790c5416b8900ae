#include "core/viewmodel/worktrees_model.h"

#include "core/viewmodel/describe.h"

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// Each answer costs git a look at every worktree.
constexpr int askEveryMs = 500;

} // namespace

WorktreesModel::WorktreesModel(NodeFeed *feed, ProjectContext *context, QObject *parent)
    : QAbstractListModel(parent)
    , m_feed(feed)
    , m_context(context)
    , m_refresher([this] { ask(); }, this, askEveryMs)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.worktrees || changes.everything)
            refresh();
    });
    connect(context, &ProjectContext::projectChanged, this, [this] {
        m_loaded = false;
        take({});
        refresh();
    });
    refresh();
}

void WorktreesModel::setActive(bool active)
{
    m_refresher.setActive(active);
    if (active)
        refresh();
}

void WorktreesModel::setShowEnded(bool show)
{
    if (std::exchange(m_showEnded, show) != show)
        refresh();
}

void WorktreesModel::ask()
{
    const QString project = m_context->project().path;
    if (project.isEmpty()) {
        m_refresher.done();
        return;
    }
    m_feed->node().query(api::ListWorktrees{.project = project, .activeOnly = !m_showEnded}, this,
                         [this, project](Result<std::vector<api::WorktreeInfo>> list) {
        m_refresher.done();
        if (project != m_context->project().path)
            return;
        m_error = list ? std::nullopt : std::optional(list.error());
        if (list) {
            m_loaded = true;
            take(std::move(*list));
            askRuns(project);
        }
        emit loaded();
    });
}

void WorktreesModel::askRuns(const QString &project)
{
    const bool allKnown = std::ranges::all_of(m_rows, [&](const api::WorktreeInfo &row) {
        return !row.run.isValid() || m_runNames.contains(row.run);
    });
    if (allKnown)
        return;
    m_feed->node().query(api::ListRuns{.project = project, .limit = 500}, this,
                         [this](const Result<std::vector<api::RunInfo>> &runs) {
        if (!runs)
            return; // the list without names is still of use
        for (const api::RunInfo &run : *runs)
            m_runNames.insert(run.id, u"%1 #%2"_s.arg(run.flow).arg(run.number));
        if (!m_rows.empty())
            emit dataChanged(index(0), index(static_cast<int>(m_rows.size()) - 1),
                             {RunNameRole, Qt::DisplayRole});
    });
}

// Rows that stay keep their place in the views: only what differs is told.
void WorktreesModel::take(std::vector<api::WorktreeInfo> rows)
{
    const auto isUnchanged = [](const api::WorktreeInfo &row) {
        return row.state == "clean"_L1;
    };
    m_unchanged.clear();
    std::ranges::copy_if(rows, std::back_inserter(m_unchanged), isUnchanged);
    if (!m_showEnded)
        std::erase_if(rows, isUnchanged);
    std::ranges::sort(rows, std::greater(), &api::WorktreeInfo::id);
    const bool sameIds = std::ranges::equal(rows, m_rows, {}, &api::WorktreeInfo::id, &api::WorktreeInfo::id);
    if (sameIds) {
        m_rows = std::move(rows);
        if (!m_rows.empty())
            emit dataChanged(index(0), index(static_cast<int>(m_rows.size()) - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

const api::WorktreeInfo *WorktreesModel::find(WorktreeId id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &at(row);
}

int WorktreesModel::rowOf(WorktreeId id) const
{
    const auto found = std::ranges::find(m_rows, id, &api::WorktreeInfo::id);
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int WorktreesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant WorktreesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const api::WorktreeInfo &row = at(index.row());
    const QString run = runName(row.run);
    switch (role) {
    case Qt::DisplayRole:
        return run.isEmpty() ? row.branch : run;
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %n file(s), %3 lines added, %4 removed, branch %5", nullptr, row.filesChanged)
            .arg(run.isEmpty() ? row.branch : run, describeWorktreeState(row.state))
            .arg(row.added)
            .arg(row.removed)
            .arg(row.branch);
    case Qt::ToolTipRole:
    case PathRole:
        return row.path;
    case IdRole:
        return row.id.value;
    case BranchRole:
        return row.branch;
    case StateRole:
        return row.state;
    case FilesRole:
        return row.filesChanged;
    case AddedRole:
        return row.added;
    case RemovedRole:
        return row.removed;
    case AheadRole:
        return row.commitsAhead;
    case RunRole:
        return row.run.value;
    case RunNameRole:
        return run;
    case CreatedRole:
        return row.createdAt;
    default:
        return {};
    }
}

QHash<int, QByteArray> WorktreesModel::roleNames() const
{
    QHash<int, QByteArray> names = QAbstractListModel::roleNames();
    names.insert({{IdRole, "id"},
                  {BranchRole, "branch"},
                  {StateRole, "state"},
                  {FilesRole, "files"},
                  {AddedRole, "added"},
                  {RemovedRole, "removed"},
                  {AheadRole, "ahead"},
                  {RunRole, "run"},
                  {RunNameRole, "runName"},
                  {CreatedRole, "created"},
                  {PathRole, "path"}});
    return names;
}

} // namespace muster
