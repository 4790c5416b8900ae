#include "ui/docks/schedules/schedule_view.h"

#include "core/viewmodel/firing_tables.h"
#include "core/viewmodel/schedule_model.h"
#include "ui/docks/schedules/firing_bar.h"
#include "ui/docks/schedules/schedule_facts.h"
#include "ui/docks/schedules/schedule_header.h"
#include "ui/docks/schedules/schedule_plots.h"
#include "ui/docks/schedules/task_text_dialog.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/share_splitter.h"

#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int narrowListUnits = 150; // of width: below it only what matters most has a column
constexpr int widthsLookedAt = 100;

} // namespace

ScheduleView::ScheduleView(NodeFeed *feed, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_model(new ScheduleModel(feed, this))
    , m_header(new ScheduleHeader(this))
    , m_facts(new ScheduleFacts(this))
    , m_plots(new SchedulePlots(this))
    , m_split(new ShareSplitter(Qt::Vertical, {3, 2}, this))
    , m_tabs(new QTabWidget(this))
{
    m_tabs->addTab(makeFirings(), tr("&Firings"));
    m_times =
        makeTable(tr("Times and what became of them"), m_model->occurrences(), OccurrenceTable::ReasonColumn);
    m_tabs->addTab(m_times, tr("&Times"));
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Firings or times"));
    m_tabs->tabBar()->setAccessibleName(m_tabs->accessibleName());
    m_split->addWidget(makeBody());
    m_split->addWidget(m_tabs);
    auto *line = new QFrame(this);
    line->setProperty("role", u"line"_s);
    line->setFixedHeight(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(line);
    column->addWidget(m_split, 1);
    connect(m_model, &ScheduleModel::changed, this, &ScheduleView::onDetail);
    connect(m_model, &ScheduleModel::ticked, this, &ScheduleView::onTick);
    connect(m_plots, &SchedulePlots::marked, this, &ScheduleView::markFiring);
    connect(m_plots, &SchedulePlots::chosen, this, &ScheduleView::openWork);
    connect(m_firing, &FiringBar::workWanted, this, &ScheduleView::openWork);
    connect(m_firings, &QTreeView::activated, this, &ScheduleView::openWork);
    connect(m_firings->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ScheduleView::showFiring);
}

QWidget *ScheduleView::makeBody()
{
    auto *scroll = new QScrollArea(m_split);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setMinimumHeight(metrics::units(20));
    auto *body = new QWidget(scroll);
    body->setProperty("role", u"surface"_s);
    auto *column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_facts);
    column->addWidget(m_plots);
    column->addStretch();
    scroll->setWidget(body);
    return scroll;
}

QWidget *ScheduleView::makeFirings()
{
    auto *page = new QWidget(m_tabs);
    m_firings = makeTable(tr("Firings"), m_model->firings(), FiringTable::ResultColumn);
    m_none = new QLabel(tr("It has not fired yet."), page);
    m_none->setProperty("role", u"muted"_s);
    m_none->setMargin(metrics::units(3));
    m_firing = new FiringBar(page);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_none, 0, Qt::AlignTop);
    column->addWidget(m_firings, 1);
    column->addWidget(m_firing);
    return page;
}

QTreeView *ScheduleView::makeTable(const QString &name, QAbstractItemModel *model, int stretched)
{
    auto *table = new QTreeView(m_tabs);
    table->setAccessibleName(name);
    table->setProperty("role", u"table"_s);
    table->setModel(model);
    table->setRootIsDecorated(false);
    table->setItemsExpandable(false);
    table->setUniformRowHeights(true);
    table->setAllColumnsShowFocus(true);
    table->setFrameShape(QFrame::NoFrame);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setTabKeyNavigation(false);
    table->setMinimumHeight(metrics::units(16));
    QHeaderView *header = table->header();
    header->setStretchLastSection(false);
    header->setResizeContentsPrecision(widthsLookedAt);
    header->setSectionsMovable(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(stretched, QHeaderView::Stretch);
    return table;
}

void ScheduleView::setActive(bool active) { m_model->setActive(active); }

void ScheduleView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < metrics::units(narrowListUnits);
    m_header->setRoom(width());
    for (const int column : {FiringTable::CauseColumn, FiringTable::WaitColumn, FiringTable::CostColumn,
                             FiringTable::WorkColumn})
        m_firings->setColumnHidden(column, narrow);
}

void ScheduleView::onDetail()
{
    const api::ScheduleDetail &detail = m_model->detail();
    if (!detail.schedule.id.isValid())
        return;
    m_header->setSchedule(detail.schedule);
    m_facts->setDetail(detail);
    m_plots->setFirings(detail.firings, detail.schedule.spec.maxTurns);
    const bool any = !detail.firings.empty();
    m_none->setVisible(!any);
    m_plots->setVisible(any);
    m_firings->setVisible(any);
    showFiring();
    emit loaded();
}

void ScheduleView::onTick()
{
    if (!m_model->detail().schedule.id.isValid())
        return;
    m_header->updateTime();
    m_facts->updateTimes();
}

const api::FiringInfo *ScheduleView::chosenFiring() const
{
    const QModelIndex current = m_firings->currentIndex();
    return current.isValid() ? m_model->firings()->rowAt(current.row()) : nullptr;
}

void ScheduleView::showFiring()
{
    const api::FiringInfo *firing = chosenFiring();
    m_firing->setFiring(firing);
    m_plots->setCurrent(firing ? firing->id : FiringId());
}

void ScheduleView::markFiring(FiringId firing)
{
    const QModelIndex row = m_model->firings()->indexOf(firing);
    m_firings->setCurrentIndex(row);
    m_firings->scrollTo(row);
}

void ScheduleView::openWork()
{
    const api::FiringInfo *firing = chosenFiring();
    if (!firing)
        return;
    if (firing->run.isValid())
        emit runWanted(firing->run);
    else if (firing->task.isValid())
        (new TaskTextDialog(&m_feed->node(), firing->task,
                            tr("%1: what it wrote").arg(m_model->detail().schedule.spec.name), window()))
            ->show();
}

} // namespace muster
