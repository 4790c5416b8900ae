// SettingsDialog: what holds for all projects, a page each. Changes take effect at once. GUI thread.
#pragma once

#include <QDialog>

class QStackedWidget;
class QStandardItemModel;

namespace muster {

class ListView;
class NodeFeed;

class SettingsDialog final : public QDialog {
    Q_OBJECT

public:
    explicit SettingsDialog(NodeFeed *feed, QWidget *parent = nullptr);

private:
    void addPage(const QString &icon, const QString &title, QWidget *page);

    QStandardItemModel *m_titles;
    ListView *m_names;
    QStackedWidget *m_pages;
};

} // namespace muster
