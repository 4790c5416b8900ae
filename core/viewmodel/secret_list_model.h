// SecretListModel: the keys that sign runtimes in, and where each of them is; never their values. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class SecretListModel final : public RowsModel<api::SecretInfo> {
    Q_OBJECT

public:
    explicit SecretListModel(NodeFeed *feed, QObject *parent = nullptr);

    void ask();
    // Into the keychain, and out of it.
    void keep(const QString &name, const QString &value);
    void remove(const QString &name);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void loaded();
    void failed(const muster::Error &error); // to be loaded
    void kept(const QString &name);
    void removed(const QString &name);
    void refused(const muster::Error &error); // a change

private:
    NodeFeed *m_feed;
};

} // namespace muster
