#include "core/viewmodel/changes_model.h"

#include "core/viewmodel/describe.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int askEveryMs = 500;

bool looksTheSame(const api::FileChange &a, const api::FileChange &b)
{
    return a.path == b.path && a.status == b.status && a.added == b.added && a.removed == b.removed &&
           a.oldPath == b.oldPath;
}

} // namespace

QChar statusLetter(const QString &status) { return status.isEmpty() ? u'?' : status.front().toUpper(); }

ChangesModel::ChangesModel(NodeFeed *feed, QObject *parent)
    : QAbstractListModel(parent)
    , m_feed(feed)
    , m_refresher([this] { ask(); }, this, askEveryMs)
    , m_fileRefresher([this] { askFile(); }, this)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.worktrees || changes.everything)
            refresh();
    });
}

void ChangesModel::setActive(bool active)
{
    m_refresher.setActive(active);
    m_fileRefresher.setActive(active);
    if (active)
        refresh();
}

void ChangesModel::setWorktree(WorktreeId id)
{
    if (std::exchange(m_id, id) == id)
        return;
    m_loaded = false;
    m_openPath.clear();
    m_info = {};
    m_error.reset();
    take({});
    emit loaded();
    refresh();
}

void ChangesModel::refresh()
{
    if (m_id.isValid())
        m_refresher.request();
}

void ChangesModel::openFile(const QString &path)
{
    m_openPath = path;
    if (!path.isEmpty())
        m_fileRefresher.request();
}

void ChangesModel::ask()
{
    if (!m_id.isValid()) {
        m_refresher.done();
        return;
    }
    m_feed->node().query(api::GetChanges{.worktree = m_id}, this,
                         [this, id = m_id](Result<api::ChangesInfo> changes) {
        m_refresher.done();
        if (id != m_id)
            return;
        m_error = changes ? std::nullopt : std::optional(changes.error());
        if (changes) {
            m_loaded = true;
            m_info = changes->worktree;
            take(std::move(changes->files));
            if (!m_openPath.isEmpty())
                m_fileRefresher.request();
        }
        emit loaded();
    });
}

void ChangesModel::askFile()
{
    if (!m_id.isValid() || m_openPath.isEmpty()) {
        m_fileRefresher.done();
        return;
    }
    m_feed->node().query(api::GetChanges{.worktree = m_id, .path = m_openPath}, this,
                         [this, id = m_id, path = m_openPath](const Result<api::ChangesInfo> &changes) {
        m_fileRefresher.done();
        if (id != m_id || path != m_openPath)
            return;
        if (!changes)
            emit fileFailed(changes.error());
        else if (!changes->files.empty())
            emit fileLoaded(changes->files.front());
    });
}

void ChangesModel::take(std::vector<api::FileChange> files)
{
    if (std::ranges::equal(files, m_files, looksTheSame))
        return;
    beginResetModel();
    m_files = std::move(files);
    endResetModel();
}

int ChangesModel::rowOf(const QString &path) const
{
    const auto found = std::ranges::find(m_files, path, &api::FileChange::path);
    return found == m_files.end() ? -1 : static_cast<int>(found - m_files.begin());
}

int ChangesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_files.size());
}

QVariant ChangesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const api::FileChange &file = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case PathRole:
        return file.path;
    case Qt::AccessibleTextRole:
        return tr("%1: %2, %3 lines added, %4 removed")
            .arg(file.path, describeFileStatus(file.status))
            .arg(file.added)
            .arg(file.removed);
    case Qt::ToolTipRole:
        return file.oldPath.isEmpty() || file.oldPath == file.path
                   ? QString(describeFileStatus(file.status) % u": " % file.path)
                   : tr("Renamed from %1").arg(file.oldPath);
    case OldPathRole:
        return file.oldPath;
    case StatusRole:
        return file.status;
    case AddedRole:
        return file.added;
    case RemovedRole:
        return file.removed;
    case BinaryRole:
        return file.binary;
    default:
        return {};
    }
}

QHash<int, QByteArray> ChangesModel::roleNames() const
{
    QHash<int, QByteArray> names = QAbstractListModel::roleNames();
    names.insert({{PathRole, "path"},
                  {OldPathRole, "oldPath"},
                  {StatusRole, "status"},
                  {AddedRole, "added"},
                  {RemovedRole, "removed"},
                  {BinaryRole, "binary"}});
    return names;
}

} // namespace muster
