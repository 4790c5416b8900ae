// RunListModel: the runs of the open project, newest first, with older ones fetched as a view scrolls down.
// Sleeps while inactive. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class ProjectContext;

class RunListModel final : public RowsModel<api::RunInfo> {
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, StatusRole, StartedAtRole, EndedAtRole, WaitingRole };

    RunListModel(NodeFeed *feed, ProjectContext *context, QObject *parent = nullptr);

    void setActive(bool active) { m_refresher.setActive(active); }
    // The node has answered for this project: an empty list means that there are none.
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] QModelIndex indexOf(RunId run) const;

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

signals:
    void loaded();

private:
    void onProject();
    void ask();
    // Those that are part of another right below it, oldest first.
    [[nodiscard]] static std::vector<api::RunInfo> partsBelow(std::vector<api::RunInfo> runs);

    NodeFeed *m_feed;
    ProjectContext *m_context;
    Refresher m_refresher;
    int m_wanted;
    bool m_loaded = false;
    bool m_mayHaveMore = false;
};

// "survey #3".
[[nodiscard]] QString runTitle(const api::RunInfo &run);

} // namespace muster
