// PermissionListModel: the lasting rules, of all projects or those that hold in one, the most specific first
// and of the same those that deny. Follows what changes them, and makes, changes and revokes them. GUI
// thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class PermissionListModel final : public RowsModel<api::PermissionInfo> {
    Q_OBJECT

public:
    explicit PermissionListModel(NodeFeed *feed, QObject *parent = nullptr);

    void ask();
    // Path; empty: all.
    void setProject(const QString &path);
    [[nodiscard]] const QString &project() const { return m_project; }
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] QModelIndex indexOf(PermissionRuleId rule) const;

    // A new rule or a changed one. `done` is not called once `context` is gone.
    void set(const api::SetPermission &rule, QObject *context, std::function<void(const Status &)> done);
    void revoke(PermissionRuleId rule);
    // The profiles that there are in a project (path; empty: in every one).
    void askProfiles(const QString &project, QObject *context,
                     const std::function<void(const QStringList &)> &done);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void loaded();
    void failed(const muster::Error &error);  // to be loaded
    void refused(const muster::Error &error); // a change
    void kept(muster::PermissionRuleId rule);

private:
    NodeFeed *m_feed;
    QString m_project;
    bool m_loaded = false;
};

} // namespace muster
