// SecretListModel: the keys that sign runtimes in, and where each of them is; never their values. And the
// place that keeps what is given. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class SecretListModel final : public RowsModel<api::SecretInfo> {
    Q_OBJECT

public:
    explicit SecretListModel(NodeFeed *feed, QObject *parent = nullptr);

    void ask();
    [[nodiscard]] const api::KeyStoreInfo &store() const { return m_store; }
    void choose(const QString &store); // of keys.store
    void unlock(const QString &passphrase);
    // Into the place that is chosen, and out of where it is.
    void keep(const QString &name, const QString &value);
    void remove(const QString &name);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void loaded();
    void failed(const muster::Error &error); // to be loaded
    void kept(const QString &name, const QString &place);
    void removed(const QString &name);
    void storeChanged();
    void unlocked(const QString &file);
    void refused(const muster::Error &error); // a change

private:
    NodeFeed *m_feed;
    api::KeyStoreInfo m_store;
};

} // namespace muster
