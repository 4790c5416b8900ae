// ChangesModel: the changed files of one worktree, and the diff of the one that is looked at. Kept up to date
// while it is active. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"

#include <QAbstractListModel>

namespace muster {

class ChangesModel final : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        PathRole = Qt::UserRole,
        OldPathRole,
        StatusRole, // added | modified | deleted | renamed
        AddedRole,
        RemovedRole,
        BinaryRole,
    };

    explicit ChangesModel(NodeFeed *feed, QObject *parent = nullptr);

    void setActive(bool active);
    void setWorktree(WorktreeId id);
    [[nodiscard]] WorktreeId worktree() const { return m_id; }
    // Asks for the diff of this file; it comes with fileLoaded().
    void openFile(const QString &path);
    [[nodiscard]] const QString &openedFile() const { return m_openPath; }
    void refresh();

    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    [[nodiscard]] const api::FileChange &at(int row) const { return m_files[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(const QString &path) const; // -1: not there
    [[nodiscard]] const api::WorktreeInfo &info() const { return m_info; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

signals:
    void loaded();
    void fileLoaded(const muster::api::FileChange &file);
    void fileFailed(const muster::Error &error);

private:
    void ask();
    void askFile();
    void take(std::vector<api::FileChange> files);

    NodeFeed *m_feed;
    Refresher m_refresher;
    Refresher m_fileRefresher;
    WorktreeId m_id;
    QString m_openPath;
    api::WorktreeInfo m_info;
    std::vector<api::FileChange> m_files;
    std::optional<Error> m_error;
    bool m_loaded = false;
};

// One letter as git has it: A, M, D, R.
[[nodiscard]] QChar statusLetter(const QString &status);

} // namespace muster
