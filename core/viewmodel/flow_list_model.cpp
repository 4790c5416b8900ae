#include "core/viewmodel/flow_list_model.h"

#include "core/viewmodel/project_context.h"

namespace muster {
namespace {

QString keyOf(const api::FlowInfo &flow) { return flow.origin + u'/' + flow.name + u'/' + flow.path; }

} // namespace

FlowListModel::FlowListModel(NodeFeed *feed, ProjectContext *context, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
    , m_context(context)
    , m_refresher([this] { ask(); }, this)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.projects || changes.everything)
            m_refresher.request();
    });
    connect(context, &ProjectContext::projectChanged, &m_refresher, &Refresher::request);
    m_refresher.request();
}

int FlowListModel::untrustedCount() const
{
    return static_cast<int>(
        std::ranges::count_if(rows(), [](const api::FlowInfo &flow) { return !flow.trusted; }));
}

QVariant FlowListModel::data(const QModelIndex &index, int role) const
{
    const api::FlowInfo *flow = rowAt(index.row());
    if (!flow)
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case NameRole:
        return flow->name;
    case Qt::ToolTipRole:
    case DescriptionRole:
        return flow->description;
    case OriginRole:
        return flow->origin;
    case UsableRole:
        return flow->usable;
    case ProblemCountRole:
        return flow->problemCount;
    default:
        return {};
    }
}

void FlowListModel::ask()
{
    const QString project = m_context->project().path;
    if (project.isEmpty()) {
        setRows({}, keyOf);
        m_refresher.done();
        return;
    }
    m_feed->node().query(api::ListFlows{.project = project}, this,
                         [this, project](Result<std::vector<api::FlowInfo>> flows) {
        m_refresher.done();
        if (!flows || project != m_context->project().path)
            return;
        m_loaded = true;
        setRows(std::move(*flows), keyOf);
        emit loaded();
    });
}

} // namespace muster
