// ProvidersPage: the runtimes that agents can be run by: which are ready, what the others need, and which one
// is used when none is asked for; and the accounts of each. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QScrollArea;

namespace muster {

class AccountsPanel;
class ListView;
class NodeFeed;
class RuntimeListModel;

class ProvidersPage final : public QWidget {
    Q_OBJECT

public:
    explicit ProvidersPage(NodeFeed *feed, QWidget *parent = nullptr);

private:
    void layOut();
    QLabel *addFact(const QString &name);
    void addAccounts();
    void setFact(QLabel *value, const QString &text);
    void onLoaded();
    void showProblem(const QString &text);
    void showDefaults();
    void showChosen();
    void showChecking();

    NodeFeed *m_feed;
    RuntimeListModel *m_model;
    ListView *m_list;
    QComboBox *m_default;
    QPushButton *m_again;
    QLabel *m_problem;
    bool m_notLoaded = false;
    QGridLayout *m_facts;
    QWidget *m_factsArea = nullptr;
    QScrollArea *m_scroll = nullptr;
    QLabel *m_state = nullptr;
    QLabel *m_advice = nullptr;
    QLabel *m_program = nullptr;
    QLabel *m_version = nullptr;
    QLabel *m_signIn = nullptr;
    QLabel *m_limit = nullptr;
    AccountsPanel *m_accounts = nullptr;
    QLabel *m_models = nullptr;
    QLabel *m_abilities = nullptr;
};

} // namespace muster
