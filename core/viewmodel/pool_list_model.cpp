#include "core/viewmodel/pool_list_model.h"

#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/visible_text.h"

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int intervalMs = 500;

} // namespace

PoolListModel::PoolListModel(NodeFeed *feed, QObject *parent)
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

QModelIndex PoolListModel::indexOf(const QString &pool) const
{
    const auto found = std::ranges::find(rows(), pool, &api::PoolInfo::name);
    return found == rows().end() ? QModelIndex() : index(static_cast<int>(found - rows().begin()));
}

void PoolListModel::setCap(const QString &pool, std::optional<int> cap)
{
    m_feed->node().submit(api::SetPool{.name = pool, .cap = cap, .uncapped = !cap}, this,
                          [this](const Result<api::CommandDone> &done) {
        if (!done)
            emit failed(done.error());
        m_refresher.request(); // as it is now, also where it was refused
    });
}

QVariant PoolListModel::data(const QModelIndex &index, int role) const
{
    const api::PoolInfo *pool = rowAt(index.row());
    if (!pool)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return withVisibleMarks(pool->name);
    case Qt::AccessibleTextRole:
        return QString(withVisibleMarks(pool->name) + u", "_s + describePool(*pool));
    case NameRole:
        return pool->name;
    default:
        return {};
    }
}

void PoolListModel::ask()
{
    m_feed->node().query(api::ListPools{}, this, [this](Result<std::vector<api::PoolInfo>> pools) {
        m_refresher.done();
        if (!pools)
            return; // the link's state says what is wrong; its return asks again
        m_loaded = true;
        setRows(std::move(*pools), [](const api::PoolInfo &pool) { return pool.name; });
        emit loaded();
    });
}

} // namespace muster
