// PermissionsPage: what agents may always do or never do, as the person answered, and taking it back. GUI
// thread.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace muster {

class EmptyState;
class ListView;
class NodeFeed;
class PermissionListModel;

class PermissionsPage final : public QWidget {
    Q_OBJECT

public:
    explicit PermissionsPage(NodeFeed *feed, QWidget *parent = nullptr);

private:
    void layOut();
    void onLoaded();
    void showProblem(const QString &text);
    void revoke();

    PermissionListModel *m_model;
    ListView *m_list;
    EmptyState *m_empty;
    QStackedWidget *m_body;
    QPushButton *m_revoke;
    QLabel *m_problem;
    bool m_notLoaded = false;
};

} // namespace muster
