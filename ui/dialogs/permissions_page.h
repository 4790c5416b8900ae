// PermissionsPage: what agents may always do or never do, of all projects or of one: the rules that the
// person's answers have made and those that were written here. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace muster {

class EmptyState;
class ListView;
class NodeFeed;
class PermissionListModel;
class ProjectListModel;

class PermissionsPage final : public QWidget {
    Q_OBJECT

public:
    explicit PermissionsPage(NodeFeed *feed, QWidget *parent = nullptr);

private:
    void layOut();
    void listen();
    void showProjects();
    void onLoaded();
    void showChosen();
    void showProblem(const QString &text);
    void addRule();
    void changeRule();
    void revoke();
    [[nodiscard]] const api::PermissionInfo *chosen() const;

    PermissionListModel *m_model;
    ProjectListModel *m_projects;
    QComboBox *m_project;
    ListView *m_list;
    EmptyState *m_empty;
    QStackedWidget *m_body;
    QPushButton *m_add;
    QPushButton *m_change;
    QPushButton *m_revoke;
    QLabel *m_problem;
    PermissionRuleId m_shown; // the chosen one, wherever it moves to
    bool m_notLoaded = false;
};

} // namespace muster
