// KeyStoreForm: where keys are kept that are given from now on, and the passphrase of the encrypted file
// while that is to be opened or made. What is typed is never shown. GUI thread.
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace muster {

class SecretListModel;

class KeyStoreForm final : public QWidget {
    Q_OBJECT

public:
    // The model tells the outcome, too: unlocked(), refused().
    explicit KeyStoreForm(SecretListModel *model, QWidget *parent = nullptr);

private:
    void layOut();
    void showStore(); // what the model has
    void showWhetherFits();
    void unlock();
    [[nodiscard]] bool isNew() const; // there is no file yet

    SecretListModel *m_model;
    QComboBox *m_choice;
    QWidget *m_opening;
    QLabel *m_label;
    QLineEdit *m_passphrase;
    QLineEdit *m_again;
    QPushButton *m_unlock;
};

} // namespace muster
