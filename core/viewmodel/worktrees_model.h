// WorktreesModel: the worktrees of the open project, newest first, kept up to date while it is active. Raw
// values in roles; words come from describe. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/refresher.h"

#include <QAbstractListModel>

namespace muster {

class WorktreesModel final : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole, // qint64
        BranchRole,
        StateRole,
        FilesRole,
        AddedRole,
        RemovedRole,
        AheadRole,
        RunRole, // qint64
        RunNameRole,
        CreatedRole,
        PathRole,
    };

    WorktreesModel(NodeFeed *feed, ProjectContext *context, QObject *parent = nullptr);

    void setActive(bool active);
    // Also those that were merged or dropped.
    void setShowEnded(bool show);
    void refresh() { m_refresher.request(); }

    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    [[nodiscard]] const api::WorktreeInfo &at(int row) const { return m_rows[static_cast<size_t>(row)]; }
    [[nodiscard]] const api::WorktreeInfo *find(WorktreeId id) const;
    [[nodiscard]] int rowOf(WorktreeId id) const; // -1: not there
    [[nodiscard]] QString runName(RunId run) const { return m_runNames.value(run); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

signals:
    void loaded();

private:
    void ask();
    void askRuns(const QString &project);
    void take(std::vector<api::WorktreeInfo> rows);

    NodeFeed *m_feed;
    ProjectContext *m_context;
    Refresher m_refresher;
    std::vector<api::WorktreeInfo> m_rows;
    QHash<RunId, QString> m_runNames;
    std::optional<Error> m_error;
    bool m_showEnded = false;
    bool m_loaded = false;
};

} // namespace muster
