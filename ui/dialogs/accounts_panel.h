// AccountsPanel: the accounts of the runtime that is shown: each with its state and what is known of its
// limits, and adding and removing them. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace muster {

class AccountListModel;
class ListView;
class NodeFeed;

class AccountsPanel final : public QWidget {
    Q_OBJECT

public:
    explicit AccountsPanel(NodeFeed *feed, QWidget *parent = nullptr);

    void setRuntime(const api::RuntimeInfo &runtime);

signals:
    void changed(); // what is known of the runtime is old

private:
    void layOut();
    void listen();
    void showAccounts();
    void showChosen();
    void addAccount();
    void askToRemove();
    [[nodiscard]] const api::AccountInfo *chosen() const; // nullptr: none that could be removed

    AccountListModel *m_model;
    ListView *m_list;
    QLabel *m_only;   // instead of the list
    QLabel *m_detail; // of the chosen one
    QLabel *m_done;
    QLabel *m_problem;
    QPushButton *m_add;
    QPushButton *m_remove;
};

} // namespace muster
