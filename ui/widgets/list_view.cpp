#include "ui/widgets/list_view.h"

#include "ui/theme/metrics.h"

namespace muster {

ListView::ListView(const QString &accessibleName, RowDelegate::LookOf lookOf, bool twoLines, QWidget *parent)
    : QListView(parent)
{
    setAccessibleName(accessibleName);
    setItemDelegate(new RowDelegate(std::move(lookOf), twoLines, this));
    setUniformItemSizes(true);
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    setMouseTracking(true);
}

void ListView::setHeadingRole(int role)
{
    setUniformItemSizes(false);
    static_cast<RowDelegate *>(itemDelegate())->setHeadings([role](const QModelIndex &index) {
        const QString section = index.data(role).toString();
        const QModelIndex before = index.siblingAtRow(index.row() - 1);
        return before.isValid() && before.data(role).toString() == section ? QString() : section;
    });
}

void ListView::setMaxRows(int rows)
{
    m_maxRows = rows;
    setSizePolicy(QSizePolicy::Expanding, rows > 0 ? QSizePolicy::Maximum : QSizePolicy::Expanding);
    updateGeometry();
}

QSize ListView::sizeHint() const
{
    if (m_maxRows == 0 || !model())
        return QListView::sizeHint();
    const int rows = std::clamp(model()->rowCount(), 1, m_maxRows);
    return {metrics::units(50), rows * sizeHintForRow(0) + 2 * frameWidth()};
}

QSize ListView::minimumSizeHint() const
{
    const int row = model() && model()->rowCount() > 0 ? sizeHintForRow(0) : metrics::rowHeight();
    return {metrics::units(20), row};
}

void ListView::setModel(QAbstractItemModel *model)
{
    QListView::setModel(model);
    connect(model, &QAbstractItemModel::rowsInserted, this, [this] { updateGeometry(); });
    connect(model, &QAbstractItemModel::rowsRemoved, this, [this] { updateGeometry(); });
    connect(model, &QAbstractItemModel::modelReset, this, [this] { updateGeometry(); });
}

void ListView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    emit currentMoved(current);
}

} // namespace muster
