#include "ui/docks/workflow/workflow_page.h"

#include "core/viewmodel/inbox_model.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_graph.h"
#include "core/viewmodel/run_model.h"
#include "ui/docks/workflow/item_list.h"
#include "ui/docks/workflow/rerun_menu.h"
#include "ui/docks/workflow/run_header.h"
#include "ui/docks/workflow/run_view_bar.h"
#include "ui/docks/workflow/step_delegate.h"
#include "ui/docks/workflow/step_panel.h"
#include "ui/shell/window_settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/answer_panel.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flow_graph_view.h"
#include "ui/widgets/share_splitter.h"

#include <QContextMenuEvent>
#include <QDateTime>
#include <QEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int sideBySideUnits = 240;  // of width: from there on the step stands beside the tree
constexpr int besideGraphUnits = 190; // beside the graph, which is high and not wide
constexpr int shortUnits = 110;       // of height: below it there is no room for one under the other
constexpr int shortSideBySideUnits = 130;
constexpr int widthsLookedAt = 100; // rows beyond those that are seen, for the widths of columns

QString graphKey() { return u"workflow/graph"_s; }

bool isMove(int key)
{
    return key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_Home || key == Qt::Key_End ||
           key == Qt::Key_PageUp || key == Qt::Key_PageDown;
}

} // namespace

WorkflowPage::WorkflowPage(NodeFeed *feed, ProjectContext *context, Theme *, WindowSettings *settings,
                           QWidget *parent)
    : DockPage(parent)
    , m_context(context)
    , m_model(new RunModel(feed, context, this))
    , m_inbox(new InboxModel(feed, InboxModel::Shows::Open, this))
    , m_delegate(new StepDelegate(this))
    , m_header(new RunHeader(this))
    , m_again(new RerunMenu(&feed->node(), this))
    , m_menu(new QMenu(this))
    , m_tree(new QTreeView(this))
    , m_outline(new RunGraph(feed, m_model, this))
    , m_graph(new FlowGraphView(this))
    , m_views(new RunViewBar(this))
    , m_steps(new QStackedWidget(this))
    , m_settings(settings)
    , m_step(new StepPanel(feed, m_inbox, this))
    , m_split(new ShareSplitter(Qt::Vertical, {1, 1}, this))
    , m_pages(new QStackedWidget(this))
    , m_shown(new QWidget(this))
    , m_empty(new EmptyState(u"flow"_s, {}, {}, this))
{
    makeTree();
    makeGraph();
    m_split->addWidget(m_steps);
    m_split->addWidget(m_step);
    auto *column = new QVBoxLayout(m_shown);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_split, 1);
    m_pages->addWidget(m_shown);
    m_pages->addWidget(m_empty);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pages);
    m_empty->setAction(tr("&Start a flow…"), [this] { emit startWanted(); });

    connect(&feed->work(), &WorkWatch::ticked, this, &WorkflowPage::onTick);
    connect(m_model, &RunModel::detailChanged, this, &WorkflowPage::onDetail);
    connect(m_model, &RunModel::rowsInserted, m_tree, &QTreeView::expandAll);
    connect(m_model, &RunModel::modelReset, m_tree, &QTreeView::expandAll);
    connect(m_model, &RunModel::failed, context, &ProjectContext::failed);
    connect(context, &ProjectContext::runChanged, this, [this] { m_chosenByPerson = false; });
    connect(m_inbox, &InboxModel::failed, context, &ProjectContext::failed);
    connect(m_header, &RunHeader::cancelClicked, this, &WorkflowPage::cancelWanted);
    connect(m_header, &RunHeader::pauseClicked, this, &WorkflowPage::pauseWanted);
    m_again->setTitle(tr("Run &again"));
    m_menu->addMenu(m_again);
    m_header->setAgainMenu(m_again);
    m_header->setTools(m_views);
    connect(m_again, &RerunMenu::chosen, this, &WorkflowPage::rerunWanted);
    connect(m_header, &RunHeader::earlierClicked, context, &ProjectContext::setRun);
    connect(m_header, &RunHeader::changesClicked, this, &WorkflowPage::showChanges);
    connect(m_header, &RunHeader::parentClicked, this, [this] { m_context->setRun(m_model->run().parent); });
    m_step->items().setRun(m_model);
    connect(&m_step->items(), &ItemList::chosen, this, [this](const QModelIndex &row) {
        m_chosenByPerson = true;
        m_tree->setCurrentIndex(row);
    });
    connect(m_step, &StepPanel::runWanted, m_context, &ProjectContext::setRun);
    onDetail();
}

void WorkflowPage::makeTree()
{
    m_tree->setModel(m_model);
    m_tree->setItemDelegate(m_delegate);
    m_tree->setUniformRowHeights(true);
    m_tree->setMinimumHeight(metrics::units(16));
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setIndentation(metrics::units(5));
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setAccessibleName(tr("Steps"));
    m_tree->viewport()->installEventFilter(this);
    QHeaderView *header = m_tree->header();
    header->setStretchLastSection(false);
    header->setResizeContentsPrecision(widthsLookedAt);
    header->setSectionsMovable(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_tree->installEventFilter(this);
    connect(m_tree, &QTreeView::pressed, this, [this] { m_chosenByPerson = true; });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &WorkflowPage::showStep);
    connect(m_tree, &QTreeView::activated, m_step, &StepPanel::focusBody);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_tree, &QWidget::customContextMenuRequested, this,
            [this] { openMenu(m_tree, m_tree->visualRect(m_tree->currentIndex())); });
}

void WorkflowPage::makeGraph()
{
    m_graph->setAccessibleName(tr("Graph of the run"));
    m_graph->setWords(
        [this](const QString &step) { return m_model->statusText(m_model->indexOf(step, -1)); });
    m_steps->addWidget(m_tree);
    m_steps->addWidget(m_graph);
    connect(m_outline, &RunGraph::changed, this, &WorkflowPage::onGraph);
    connect(m_graph, &FlowGraphView::stepChosen, this, &WorkflowPage::chooseStep);
    connect(m_graph, &FlowGraphView::stepActivated, this, &WorkflowPage::activateStep);
    m_graph->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_graph, &QWidget::customContextMenuRequested, this,
            [this] { openMenu(m_graph, m_graph->rectOf(m_graph->chosen())); });
    connect(m_views, &RunViewBar::zoomInWanted, m_graph, &FlowGraphView::zoomIn);
    connect(m_views, &RunViewBar::zoomOutWanted, m_graph, &FlowGraphView::zoomOut);
    connect(m_views, &RunViewBar::fitWanted, m_graph, &FlowGraphView::fit);
    const bool wasGraph = m_settings && m_settings->value(graphKey(), false).toBool();
    m_views->choose(wasGraph ? RunViewBar::Graph : RunViewBar::List);
    m_steps->setCurrentWidget(wasGraph ? static_cast<QWidget *>(m_graph) : m_tree);
    connect(m_views, &RunViewBar::chosen, this, &WorkflowPage::onView);
}

void WorkflowPage::toggleGraph()
{
    m_views->choose(m_views->view() == RunViewBar::Graph ? RunViewBar::List : RunViewBar::Graph);
    if (m_context->run().isValid())
        focusTarget()->setFocus(Qt::ShortcutFocusReason);
}

void WorkflowPage::onView()
{
    const bool isGraph = m_views->view() == RunViewBar::Graph;
    const bool hadFocus = m_tree->hasFocus() || m_graph->hasFocus();
    m_steps->setCurrentWidget(isGraph ? static_cast<QWidget *>(m_graph) : m_tree);
    if (hadFocus)
        m_steps->currentWidget()->setFocus();
    split();
    if (m_settings)
        m_settings->setValue(graphKey(), isGraph ? QVariant(true) : QVariant());
    showStatuses();
    showStep();
}

void WorkflowPage::onGraph()
{
    // What is chosen stays so, though the rows are others now.
    const api::StepInfo *chosen = m_model->stepAt(m_tree->currentIndex());
    const QString step = chosen ? chosen->stepId : QString();
    const int item = chosen ? chosen->index : -1;
    m_model->setWithin(m_outline->within());
    if (!m_tree->currentIndex().isValid() && !step.isEmpty())
        m_tree->setCurrentIndex(m_model->indexOf(step, item));
    m_graph->setGraph(m_outline->graph());
    showStatuses();
    if (m_model->run().id.isValid()) {
        sizeColumns();
        showStep();
    }
}

void WorkflowPage::showStatuses()
{
    if (m_views->view() != RunViewBar::Graph)
        return;
    QHash<QString, StepStatus> statuses;
    for (const api::StepInfo &step : m_model->detail().steps) {
        if (step.index < 0)
            statuses.insert(step.stepId, step.status);
    }
    m_graph->setStatuses(statuses);
}

// On the graph. The row of an item stays chosen with the box of its step.
void WorkflowPage::chooseStep(const QString &step)
{
    m_chosenByPerson = true;
    const api::StepInfo *now = m_model->stepAt(m_tree->currentIndex());
    if (!now || now->stepId != step)
        m_tree->setCurrentIndex(m_model->indexOf(step, -1));
}

// Below the step that it is about, also where it was asked for by a key.
void WorkflowPage::openMenu(const QAbstractScrollArea *view, const QRect &step)
{
    m_menu->popup(view->viewport()->mapToGlobal(step.bottomLeft()));
}

// From an item back to the list in which it stands.
void WorkflowPage::activateStep(const QString &step)
{
    m_chosenByPerson = true;
    const QModelIndex own = m_model->indexOf(step, -1);
    if (m_tree->currentIndex().siblingAtColumn(0) != own)
        m_tree->setCurrentIndex(own);
    m_step->focusBody();
}

void WorkflowPage::activate()
{
    m_active = true;
    m_inbox->setActive(true);
    m_model->setActive(true);
    m_step->setActive(true);
    onDetail();
}

void WorkflowPage::deactivate()
{
    m_active = false;
    m_inbox->setActive(false);
    m_model->setActive(false);
    m_step->setActive(false);
}

QWidget *WorkflowPage::focusTarget()
{
    return m_context->run().isValid() ? m_steps->currentWidget() : static_cast<QWidget *>(m_empty);
}

void WorkflowPage::resizeEvent(QResizeEvent *event)
{
    DockPage::resizeEvent(event);
    split();
}

void WorkflowPage::split()
{
    const bool isShort = height() < metrics::units(shortUnits);
    const bool isGraph = m_views->view() == RunViewBar::Graph;
    const int beside = isShort ? shortSideBySideUnits : isGraph ? besideGraphUnits : sideBySideUnits;
    const auto orientation = width() >= metrics::units(beside) ? Qt::Horizontal : Qt::Vertical;
    m_split->setDirection(orientation);
}

bool WorkflowPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_tree->viewport() && event->type() == QEvent::Resize)
        sizeColumns();
    if (watched == m_tree->viewport() && event->type() == QEvent::ContextMenu) {
        const auto *menu = static_cast<QContextMenuEvent *>(event);
        if (menu->reason() == QContextMenuEvent::Mouse && !m_tree->indexAt(menu->pos()).isValid())
            return true; // a menu is about a step
    }
    // The focus alone makes the first row the current one: that is no choice.
    if (watched == m_tree && event->type() == QEvent::KeyPress &&
        isMove(static_cast<QKeyEvent *>(event)->key()))
        m_chosenByPerson = true;
    return DockPage::eventFilter(watched, event);
}

void WorkflowPage::sizeColumns()
{
    // The lane gives way first: what a step does is read, when it ran is looked at.
    const auto hint = [view = static_cast<QAbstractItemView *>(m_tree)](int column) {
        return view->sizeHintForColumn(column); // not public in QTreeView
    };
    const int whole = m_tree->viewport()->width();
    const int most = std::max(whole * 9 / 20, metrics::units(28));
    const int time = std::clamp(hint(RunModel::TimeColumn), metrics::units(13), metrics::units(21));
    const int step = std::clamp(hint(RunModel::StepColumn) + metrics::normal(), metrics::units(20), most);
    const int status = std::clamp(hint(RunModel::StatusColumn), metrics::units(20), metrics::units(28));
    const int leastLane =
        std::max(m_tree->header()->sectionSizeHint(RunModel::LaneColumn), metrics::units(12));
    const bool hasLane = whole - step - time - status >= leastLane;
    const int lane = hasLane ? std::clamp((whole - step - time) * 3 / 10, leastLane, metrics::units(120)) : 0;
    m_tree->setColumnHidden(RunModel::LaneColumn, !hasLane);
    m_tree->setColumnWidth(RunModel::StepColumn, step);
    m_tree->setColumnWidth(RunModel::TimeColumn, time);
    m_tree->setColumnWidth(RunModel::LaneColumn, lane);
    m_tree->setColumnWidth(RunModel::StatusColumn, std::max(whole - step - time - lane, metrics::units(20)));
}

void WorkflowPage::onDetail()
{
    const api::RunInfo &run = m_model->run();
    if (!run.id.isValid()) {
        const bool waiting = m_context->run().isValid();
        m_empty->setTexts(waiting ? tr("Reading the run…") : tr("No run is chosen"),
                          waiting ? QString()
                                  : tr("Start a flow, or choose one of the runs in the navigator."));
        m_pages->setCurrentWidget(m_empty);
        return;
    }
    m_pages->setCurrentWidget(m_shown);
    m_header->setDetail(m_model->detail());
    updateSpan();
    showStatuses();
    sizeColumns();
    if (!m_chosenByPerson || !m_tree->currentIndex().isValid())
        selectInteresting();
    showStep();
}

// The model has told of its rows before.
void WorkflowPage::onTick()
{
    if (!m_active || !m_model->run().id.isValid())
        return;
    m_header->updateTime();
    updateSpan();
    m_step->setStatus(m_model->statusText(m_tree->currentIndex()));
    m_graph->refresh();
}

void WorkflowPage::updateSpan()
{
    const api::RunInfo &run = m_model->run();
    m_delegate->setSpan({.startMs = run.startedAt,
                         .endMs = run.endedAt > 0 ? run.endedAt : QDateTime::currentMSecsSinceEpoch()});
}

void WorkflowPage::showStep()
{
    const QModelIndex index = m_tree->currentIndex();
    const api::StepInfo *step = m_model->stepAt(index);
    m_step->items().setList(index);
    m_step->setStep(step, m_model->statusText(index));
    m_again->setTarget(m_model->run().id, step ? step->stepId : QString());
    if (m_views->view() == RunViewBar::Graph)
        m_graph->choose(step ? step->stepId : QString());
}

void WorkflowPage::selectInteresting()
{
    const QModelIndex index = m_model->mostInteresting();
    if (index.isValid() && index != m_tree->currentIndex())
        m_tree->setCurrentIndex(index);
}

void WorkflowPage::showChanges()
{
    for (const api::WorktreeInfo &tree : m_model->detail().worktrees) {
        if (tree.filesChanged > 0)
            m_context->setWorktree(tree.id);
    }
    emit m_context->dockWanted(u"changes"_s);
}

} // namespace muster
