// StartPage: what a window shows while no project is open: what can be done at once without any key, the
// projects used last, and what happens then. GUI thread.
#pragma once

#include <QWidget>

class QAbstractItemModel;
class QLabel;
class QPushButton;

namespace muster {

class ListView;

class StartPage final : public QWidget {
    Q_OBJECT

public:
    // `recent`: rows of projects, newest first; Qt::DisplayRole the name, Qt::ToolTipRole the path.
    explicit StartPage(QAbstractItemModel *recent, QWidget *parent = nullptr);

    // Why what was wanted is not open; empty: nothing is wrong.
    void showProblem(const QString &text);

signals:
    void demoWanted();
    void openWanted();
    void projectChosen(const QString &path);

private:
    [[nodiscard]] QWidget *makeActions();
    [[nodiscard]] QWidget *makeExplanation();
    void updateRecent();

    QAbstractItemModel *m_recentModel;
    QLabel *m_problem;
    QLabel *m_recentTitle;
    ListView *m_recent;
    QPushButton *m_demo;
    QPushButton *m_open;
};

} // namespace muster
