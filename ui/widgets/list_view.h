// ListView: a list with rows drawn by a RowDelegate, as tall as its rows where it is one of several in a
// column. Enter, double click and (where it chooses) moving the selection act. GUI thread.
#pragma once

#include "ui/widgets/row_delegate.h"

#include <QListView>

namespace muster {

class ListView final : public QListView {
    Q_OBJECT

public:
    ListView(const QString &accessibleName, RowDelegate::LookOf lookOf, bool twoLines,
             QWidget *parent = nullptr);

    // Of the first row of each section, as the model says them; empty where a row has none.
    void setHeadingRole(int role);
    // Grows with its rows up to that many, then scrolls. 0: takes what room there is.
    void setMaxRows(int rows);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    void setModel(QAbstractItemModel *model) override;

signals:
    void currentMoved(const QModelIndex &index);

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    int m_maxRows = 0;
};

} // namespace muster
