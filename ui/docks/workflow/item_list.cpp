#include "ui/docks/workflow/item_list.h"

#include "core/viewmodel/run_model.h"
#include "ui/docks/workflow/step_delegate.h"
#include "ui/theme/metrics.h"

namespace muster {
namespace {

// The name, and beside it what became of it.
class ItemDelegate final : public StepDelegate {
public:
    using StepDelegate::StepDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem half = option;
        half.rect.setWidth(option.rect.width() / 2);
        StepDelegate::paint(painter, half, index);
        half.rect = option.rect.adjusted(half.rect.width(), 0, 0, 0);
        StepDelegate::paint(painter, half, index.siblingAtColumn(RunModel::StatusColumn));
    }
};

} // namespace

ItemList::ItemList(QWidget *parent)
    : QListView(parent)
{
    setItemDelegate(new ItemDelegate(this));
    setUniformItemSizes(true);
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setViewportMargins(metrics::units(2), 0, metrics::units(2), 0); // below the title of the step
    setAccessibleName(tr("Items of the step"));
    connect(this, &QListView::clicked, this, &ItemList::chosen);
    connect(this, &QListView::activated, this, &ItemList::chosen);
}

void ItemList::setRun(RunModel *model)
{
    setModel(model);
    setModelColumn(RunModel::StepColumn);
}

void ItemList::setList(const QModelIndex &list)
{
    const QModelIndex row = list.siblingAtColumn(0);
    m_list = row.isValid() && model()->rowCount(row) > 0 ? row : QModelIndex();
    if (rootIndex() != m_list)
        setRootIndex(m_list);
}

void ItemList::focusInEvent(QFocusEvent *event)
{
    if (!currentIndex().isValid() || currentIndex().parent() != m_list)
        setCurrentIndex(model()->index(0, 0, m_list));
    QListView::focusInEvent(event);
}

} // namespace muster
