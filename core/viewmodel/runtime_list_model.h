// RuntimeListModel: the catalog of runtimes with what was found of each on this machine. Asks when told to,
// when accounts change, and when the link to the node comes back. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class RuntimeListModel final : public RowsModel<api::RuntimeInfo> {
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, StateRole, SignInRole };

    explicit RuntimeListModel(NodeFeed *feed, QObject *parent = nullptr);

    // `again`: programs are asked anew.
    void ask(bool again);
    [[nodiscard]] bool isChecking() const { return m_checking > 0; }
    // Used when none is asked for; the list follows.
    void setDefault(const QString &id);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void checkingChanged();
    void loaded();
    void failed(const muster::Error &error);  // to be loaded
    void refused(const muster::Error &error); // a change

private:
    NodeFeed *m_feed;
    int m_checking = 0;
};

} // namespace muster
