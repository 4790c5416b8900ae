// AddAccountDialog: a further account of a runtime: its name, and what signs it in, of what its program can
// take: a key, or a folder of its own. What the node refuses stays on show. A key is typed here and never
// shown. GUI thread.
#pragma once

#include <QDialog>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace muster {

class AccountListModel;

class AddAccountDialog final : public QDialog {
    Q_OBJECT

public:
    // `accounts` must live as long as the dialog.
    explicit AddAccountDialog(AccountListModel *accounts, QWidget *parent = nullptr);

private:
    void layOut();
    void fillWays();
    void showWay();
    void chooseFolder();
    void updateButton();
    void say(const QString &text); // that something is wrong; empty: nothing
    void add();
    [[nodiscard]] QString key() const; // name of the chosen one; empty: by folder
    [[nodiscard]] bool isTaken() const;

    AccountListModel *m_accounts;
    QFormLayout *m_form = nullptr;
    QLineEdit *m_name;
    QComboBox *m_way;
    QLineEdit *m_value;
    QWidget *m_folderRow;
    QLineEdit *m_folder;
    QLabel *m_about;
    QLabel *m_error;
    QPushButton *m_add;
    bool m_adding = false;
};

} // namespace muster
