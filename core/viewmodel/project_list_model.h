// ProjectListModel: the projects of this node, or some of them, used last first. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class ProjectListModel final : public RowsModel<api::ProjectInfo> {
    Q_OBJECT

public:
    enum Role { PathRole = Qt::UserRole + 1, LastUsedAtRole };

    explicit ProjectListModel(NodeFeed *feed, QObject *parent = nullptr);

    // Only these, by their paths; without a call all.
    void setOnly(const QStringList &paths);
    void setActive(bool active) { m_refresher.setActive(active); }

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    void ask();

    NodeFeed *m_feed;
    Refresher m_refresher;
    std::optional<QStringList> m_only;
};

} // namespace muster
