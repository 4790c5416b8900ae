// FlowListModel: the flows that can be started in the open project: its own, the person's and the built-in
// ones. Sleeps while inactive. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class ProjectContext;

class FlowListModel final : public RowsModel<api::FlowInfo> {
    Q_OBJECT

public:
    enum Role { NameRole = Qt::UserRole + 1, DescriptionRole, OriginRole, UsableRole, ProblemCountRole };

    FlowListModel(NodeFeed *feed, ProjectContext *context, QObject *parent = nullptr);

    void setActive(bool active) { m_refresher.setActive(active); }
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    // Of the project itself, and waiting for it to be trusted.
    [[nodiscard]] int untrustedCount() const;

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void loaded();

private:
    void ask();

    NodeFeed *m_feed;
    ProjectContext *m_context;
    Refresher m_refresher;
    bool m_loaded = false;
};

} // namespace muster
