#include "core/viewmodel/project_list_model.h"

namespace muster {

ProjectListModel::ProjectListModel(NodeFeed *feed, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
    , m_refresher([this] { ask(); }, this)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.projects || changes.everything)
            m_refresher.request();
    });
    m_refresher.request();
}

QVariant ProjectListModel::data(const QModelIndex &index, int role) const
{
    const api::ProjectInfo *project = rowAt(index.row());
    if (!project)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return project->name;
    case Qt::ToolTipRole:
    case PathRole:
        return project->path;
    case LastUsedAtRole:
        return project->lastUsedAt;
    default:
        return {};
    }
}

void ProjectListModel::setOnly(const QStringList &paths)
{
    m_only = paths;
    m_refresher.request();
}

void ProjectListModel::ask()
{
    m_feed->node().query(api::ListProjects{}, this, [this](Result<std::vector<api::ProjectInfo>> projects) {
        m_refresher.done();
        if (!projects)
            return;
        std::erase_if(*projects, [this](const api::ProjectInfo &project) {
            return m_only && !m_only->contains(project.path);
        });
        std::ranges::stable_sort(*projects, std::ranges::greater(), &api::ProjectInfo::lastUsedAt);
        setRows(std::move(*projects), [](const api::ProjectInfo &project) { return project.id; });
    });
}

} // namespace muster
