#include "ui/docks/timeline/timeline_view.h"

#include "core/viewmodel/timeline_model.h"
#include "ui/docks/timeline/event_delegate.h"
#include "ui/docks/timeline/lane_gutter.h"
#include "ui/theme/metrics.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int rowsAhead = 120; // so far from the window's edge the next page is asked for

} // namespace

void EventList::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        emit copyWanted();
        return;
    }
    if (event->modifiers() == Qt::ControlModifier &&
        (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up)) {
        emit laneStepWanted(event->key() == Qt::Key_Down ? 1 : -1);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Home:
        emit oldestWanted();
        return;
    case Qt::Key_End:
        emit newestWanted();
        return;
    case Qt::Key_Left:
        emit causeWanted();
        return;
    default:
        QTreeView::keyPressEvent(event);
    }
}

// At an edge of the window the wheel must not scroll what is around the list.
void EventList::wheelEvent(QWheelEvent *event)
{
    QTreeView::wheelEvent(event);
    event->accept();
}

TimelineView::TimelineView(TimelineModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_list(new EventList(this))
    , m_gutter(new LaneGutter(model, m_list, this))
    , m_bar(new QScrollBar(Qt::Vertical, this))
{
    m_list->setModel(model);
    m_list->setItemDelegate(new EventDelegate(m_list));
    m_list->setRootIsDecorated(false);
    m_list->setItemsExpandable(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Events"));
    m_list->header()->setSectionsMovable(false);
    m_list->header()->setStretchLastSection(true);
    m_bar->setAccessibleName(tr("Place in the log"));
    setFocusProxy(m_list);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_gutter);
    row->addWidget(m_list, 1);
    row->addWidget(m_bar);
    sizeColumns();

    connect(m_list->verticalScrollBar(), &QScrollBar::valueChanged, this, &TimelineView::onInnerScroll);
    connect(m_list->verticalScrollBar(), &QScrollBar::rangeChanged, this, &TimelineView::onInnerRange);
    connect(m_bar, &QScrollBar::actionTriggered, this, &TimelineView::onBar);
    connect(m_list, &EventList::newestWanted, this, &TimelineView::goToNewest);
    connect(m_list, &EventList::oldestWanted, model, &TimelineModel::showOldest);
    connect(model, &TimelineModel::windowAboutToChange, this, &TimelineView::keepPlace);
    connect(model, &TimelineModel::windowChanged, this, &TimelineView::restorePlace);
    connect(model, &TimelineModel::positioned, this, &TimelineView::onPositioned);
    connect(model, &TimelineModel::stateChanged, this, &TimelineView::syncBar);
    // After the model has forgotten the lanes of before.
    connect(model, &QAbstractItemModel::modelReset, m_gutter, &LaneGutter::refresh);
    connect(model, &QAbstractItemModel::rowsInserted, m_gutter, &LaneGutter::refresh);
    connect(model, &QAbstractItemModel::rowsRemoved, m_gutter, &LaneGutter::refresh);
    connect(m_list->verticalScrollBar(), &QScrollBar::valueChanged, m_gutter, qOverload<>(&QWidget::update));
    connect(m_list, &EventList::laneStepWanted, this, &TimelineView::stepInLane);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) {
        if (current.isValid())
            m_currentSeq = current.data(TimelineModel::SeqRole).toLongLong();
        m_gutter->update();
        emit currentChanged();
    });
}

void TimelineView::stepInLane(int step)
{
    const QModelIndex current = m_list->currentIndex();
    const int row = current.isValid() ? m_model->lanes().beside(current.row(), step) : -1;
    if (row >= 0)
        m_list->setCurrentIndex(m_model->index(row, 0));
}

void TimelineView::goToNewest()
{
    m_selectWanted = 0;
    m_model->showNewest();
}

void TimelineView::select(qint64 seq)
{
    m_selectWanted = seq;
    m_model->showAt(seq);
}

qint64 TimelineView::currentSeq() const { return m_list->currentIndex().isValid() ? m_currentSeq : 0; }

void TimelineView::setNarrow(bool narrow) { m_list->setColumnHidden(TimelineModel::Subject, narrow); }

void TimelineView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        sizeColumns();
}

void TimelineView::sizeColumns()
{
    const auto width = [this](const QString &sample) {
        return fontMetrics().horizontalAdvance(sample) + metrics::units(4);
    };
    m_list->setColumnWidth(TimelineModel::Time, width(u"00:00:00.000"_s));
    m_list->setColumnWidth(TimelineModel::Kind, width(u"Permission decided_"_s) + metrics::iconSize());
    m_list->setColumnWidth(TimelineModel::Subject, width(u"survey #12 · write[1] · sess"_s));
}

bool TimelineView::atBottom() const
{
    const QScrollBar *inner = m_list->verticalScrollBar();
    return !m_model->hasNewer() && inner->value() >= inner->maximum() - metrics::units(3);
}

int TimelineView::topRow() const
{
    const QModelIndex top = m_list->indexAt({1, 1});
    return top.isValid() ? top.row() : -1;
}

// A smaller list must not let go of the newest.
void TimelineView::onInnerRange()
{
    if (!m_quiet && m_model->isFollowing() && !m_model->hasNewer())
        m_list->verticalScrollBar()->setValue(m_list->verticalScrollBar()->maximum());
    onInnerScroll();
}

void TimelineView::onInnerScroll()
{
    if (m_quiet)
        return;
    const QScrollBar *inner = m_list->verticalScrollBar();
    const int rowHeight = std::max(1, metrics::units(6));
    if (inner->value() < rowsAhead * rowHeight)
        m_model->fetchOlder();
    if (inner->maximum() - inner->value() < rowsAhead * rowHeight)
        m_model->fetchNewer();
    m_model->setFollowing(atBottom());
    syncBar();
}

void TimelineView::onBar(int action)
{
    if (action == QAbstractSlider::SliderNoAction || action == QAbstractSlider::SliderPageStepAdd ||
        action == QAbstractSlider::SliderPageStepSub || action == QAbstractSlider::SliderSingleStepAdd ||
        action == QAbstractSlider::SliderSingleStepSub) {
        // By rows in sight: with a filter, sequence numbers lie far apart.
        QScrollBar *inner = m_list->verticalScrollBar();
        inner->triggerAction(static_cast<QAbstractSlider::SliderAction>(action));
        m_bar->setSliderPosition(m_bar->value());
        return;
    }
    const int wanted = m_bar->sliderPosition();
    m_selectWanted = 0;
    if (wanted >= m_bar->maximum()) {
        m_model->showNewest();
    } else {
        m_model->setFollowing(false);
        m_model->showAt(m_model->oldestSeq() + wanted);
    }
}

void TimelineView::onPositioned(int row)
{
    const QScopedValueRollback quiet(m_quiet, true);
    if (row < 0) {
        syncBar();
        return;
    }
    const QModelIndex index = m_model->index(row, 0);
    const bool newest = !m_model->hasNewer() && row == m_model->rowCount() - 1 && m_selectWanted == 0;
    if (newest) {
        m_list->scrollToBottom();
    } else {
        m_list->scrollTo(index, m_selectWanted > 0 ? QAbstractItemView::PositionAtCenter
                                                   : QAbstractItemView::PositionAtTop);
    }
    // A page that ends with what was asked for is still short of what follows it.
    m_pinSeq = newest ? 0 : m_model->eventAt(row).seq;
    m_pinOffset = m_selectWanted > 0 ? m_list->viewport()->height() / 2 : 0;
    if (m_selectWanted > 0)
        m_list->setCurrentIndex(index);
    else if (newest && !m_list->currentIndex().isValid())
        m_list->selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    m_selectWanted = 0;
    m_model->setFollowing(atBottom());
    syncBar();
}

void TimelineView::keepPlace()
{
    m_wasAtBottom = m_model->isFollowing() && atBottom();
    const int row = topRow();
    m_topSeq = row < 0 ? 0 : m_model->eventAt(row).seq;
    m_topOffset = row < 0 ? 0 : m_list->visualRect(m_model->index(row, 0)).top();
    if (m_pinSeq > 0) {
        m_topSeq = std::exchange(m_pinSeq, 0);
        m_topOffset = m_pinOffset;
    }
    m_quiet = true;
}

void TimelineView::restorePlace()
{
    if (m_wasAtBottom) {
        m_list->scrollToBottom();
    } else if (const int row = m_model->rowOf(m_topSeq); row >= 0) {
        m_list->scrollTo(m_model->index(row, 0), QAbstractItemView::PositionAtTop);
        QScrollBar *inner = m_list->verticalScrollBar();
        inner->setValue(inner->value() - m_topOffset);
    }
    m_quiet = false;
    onInnerScroll();
}

void TimelineView::syncBar()
{
    constexpr qint64 most = 2'000'000'000;
    const qint64 span = std::clamp<qint64>(m_model->newestSeq() - m_model->oldestSeq(), 0, most);
    const int row = topRow();
    const int rows = std::max(1, m_list->viewport()->height() / std::max(1, metrics::units(6)));
    const bool all =
        !m_model->hasOlder() && !m_model->hasNewer() && m_list->verticalScrollBar()->maximum() == 0;
    m_bar->setPageStep(rows);
    m_bar->setRange(0, all ? 0 : static_cast<int>(span));
    if (m_bar->isSliderDown())
        return;
    const qint64 place = row < 0 ? 0 : m_model->eventAt(row).seq - m_model->oldestSeq();
    m_bar->setValue(atBottom() ? m_bar->maximum() : static_cast<int>(std::clamp<qint64>(place, 0, span)));
}

} // namespace muster
