// PoolListModel: the pools, how many of their slots are held and what waits for one; and their caps as a
// person sets them. Sleeps while inactive. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class PoolListModel final : public RowsModel<api::PoolInfo> {
    Q_OBJECT

public:
    enum Role { NameRole = Qt::UserRole + 1 };

    explicit PoolListModel(NodeFeed *feed, QObject *parent = nullptr);

    void setActive(bool active) { m_refresher.setActive(active); }
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] QModelIndex indexOf(const QString &pool) const;

    // None: as many at once as there are.
    void setCap(const QString &pool, std::optional<int> cap);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void loaded();
    void failed(const muster::Error &error);

private:
    void ask();

    NodeFeed *m_feed;
    Refresher m_refresher;
    bool m_loaded = false;
};

} // namespace muster
