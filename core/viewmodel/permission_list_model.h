// PermissionListModel: the rules that answers "always" have made, in all projects. Follows what changes them.
// GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class PermissionListModel final : public RowsModel<api::PermissionInfo> {
    Q_OBJECT

public:
    explicit PermissionListModel(NodeFeed *feed, QObject *parent = nullptr);

    void ask();
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    void revoke(PermissionRuleId rule);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void loaded();
    void failed(const muster::Error &error);  // to be loaded
    void refused(const muster::Error &error); // a change

private:
    NodeFeed *m_feed;
    bool m_loaded = false;
};

} // namespace muster
