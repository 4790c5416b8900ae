// AccountListModel: the accounts of one runtime, and adding and removing them. Empty where there is only the
// first. What was changed is told with `changed`; whoever asked for the runtime asks again. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class AccountListModel final : public RowsModel<api::AccountInfo> {
    Q_OBJECT

public:
    explicit AccountListModel(NodeFeed *feed, QObject *parent = nullptr);

    void setRuntime(const api::RuntimeInfo &runtime);
    [[nodiscard]] const api::RuntimeInfo &runtime() const { return m_runtime; }
    // Its program or its keys allow more than the first.
    [[nodiscard]] bool canHaveMore() const;

    // `account.runtime` is set here. `done`: its folder where it has one; not called once `context` is gone.
    void add(api::AddAccount account, QObject *context, std::function<void(const Result<QString> &)> done);
    void remove(const QString &name);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void changed();
    void added(const QString &name, const QString &folder);
    void removed(const QString &name, const QString &folder);
    void refused(const muster::Error &error); // to remove one

private:
    NodeFeed *m_feed;
    api::RuntimeInfo m_runtime;
};

} // namespace muster
