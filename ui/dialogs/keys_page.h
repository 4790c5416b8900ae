// KeysPage: the keys that sign runtimes in: which there are and where, keeping one or taking it out, and
// where they are kept. A value is typed here and never shown. GUI thread.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace muster {

class ListView;
class NodeFeed;
class SecretListModel;

class KeysPage final : public QWidget {
    Q_OBJECT

public:
    explicit KeysPage(NodeFeed *feed, QWidget *parent = nullptr);

private:
    void layOut();
    void listen();
    void onLoaded();
    void showChosen();
    void showStore();
    void showProblem(const QString &text);
    void showDone(const QString &text);
    void keep();
    void remove();
    [[nodiscard]] QString chosen() const; // name; empty: none

    SecretListModel *m_model;
    ListView *m_list;
    QLabel *m_label;
    QLineEdit *m_value;
    QPushButton *m_keep;
    QPushButton *m_remove;
    QLabel *m_done;
    QLabel *m_problem;
    QLabel *m_about;
    QString m_shown; // the name that the value is typed for
    bool m_notLoaded = false;
};

} // namespace muster
