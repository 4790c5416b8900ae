// PermissionRuleDialog: a lasting rule, new or to be changed: whether it allows or denies, what, in which
// project and for which profile. What the node refuses stays on show. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace muster {

class PermissionListModel;

class PermissionRuleDialog final : public QDialog {
    Q_OBJECT

public:
    // `rule` without an id: a new one, with what it says as a beginning. `rules` must live as long as the
    // dialog.
    PermissionRuleDialog(PermissionListModel *rules, const std::vector<api::ProjectInfo> &projects,
                         api::PermissionInfo rule, QWidget *parent = nullptr);

private:
    void layOut();
    void fill(const std::vector<api::ProjectInfo> &projects);
    void askProfiles();
    void showHint();
    void updateButton();
    void say(const QString &text); // that something is wrong; empty: nothing
    void keep();
    [[nodiscard]] ToolKind kind() const;
    [[nodiscard]] QString pattern() const;

    PermissionListModel *m_rules;
    api::PermissionInfo m_rule;
    QString m_beginning; // what its pattern is shown as
    QComboBox *m_effect;
    QComboBox *m_kind;
    QLineEdit *m_pattern;
    QLabel *m_hint;
    QComboBox *m_project;
    QComboBox *m_profile;
    QLabel *m_error;
    QPushButton *m_keep;
    bool m_keeping = false;
};

} // namespace muster
