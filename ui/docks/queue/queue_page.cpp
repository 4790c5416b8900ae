#include "ui/docks/queue/queue_page.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/pool_list_model.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/schedule_pause.h"
#include "core/viewmodel/visible_text.h"
#include "ui/dialogs/at_capacity_dialog.h"
#include "ui/docks/queue/pool_panel.h"
#include "ui/docks/queue/task_panel.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/load_look.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/share_splitter.h"

#include <QAction>
#include <QButtonGroup>
#include <QDateTime>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int narrowUnits = 130; // of width: below it the chosen one stands under the list
constexpr int ageIntervalMs = 1000;

qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

RowLook lookOfTask(const QueueRow &row)
{
    RowLook look{.sign = {u"status-queued"_s, &ThemeColors::neutral},
                 .title = titleOf(row),
                 .trailing = trailingOf(row, now()),
                 .subtitle = subtitleOf(row, now())};
    if (const auto *runs = std::get_if<api::TaskInfo>(&row)) {
        look.sign = runs->status == TaskStatus::Waiting
                        ? StatusLook{u"person"_s, &ThemeColors::waiting}
                        : StatusLook{u"status-running"_s, &ThemeColors::running};
        look.strong = true;
    }
    return look;
}

RowLook lookOfPool(const api::PoolInfo &pool)
{
    const bool full = pool.cap && pool.held >= *pool.cap;
    return {.sign = pool.waiting > 0 && full ? lookOfLoad(api::SwarmLoad::Saturated)
                    : pool.held > 0          ? lookOfLoad(api::SwarmLoad::Working)
                                             : lookOfLoad(api::SwarmLoad::Quiet),
            .title = withVisibleMarks(pool.name),
            .trailing = describePool(pool)};
}

} // namespace

QueuePage::QueuePage(NodeFeed *feed, ProjectContext *context, const SchedulePause *pause, Theme *,
                     QWidget *parent)
    : DockPage(parent)
    , m_feed(feed)
    , m_context(context)
    , m_pause(pause)
    , m_queue(new QueueModel(feed, this))
    , m_pools(new PoolListModel(feed, this))
    , m_held(new NoticeBanner(this))
    , m_paused(new NoticeBanner(this))
    , m_tasks(new ListView(
          tr("Running and waiting"),
          [this](const QModelIndex &index) { return lookOfTask(*m_queue->rowAt(index.row())); }, true, this))
    , m_poolList(new ListView(
          tr("Pools"), [this](const QModelIndex &index) { return lookOfPool(*m_pools->rowAt(index.row())); },
          false, this))
    , m_lists(new QStackedWidget(this))
    , m_right(new QStackedWidget(this))
    , m_body(new QStackedWidget(this))
    , m_panel(new TaskPanel(this))
    , m_pool(new PoolPanel(this))
    , m_empty(new EmptyState(u"queue"_s, {}, {}, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_held);
    column->addWidget(m_paused);
    column->addWidget(m_body, 1);
    m_body->addWidget(makeLists());
    m_body->addWidget(m_empty);
    QPushButton *goOn = m_paused->addButton(tr("Let them &go on"), tr("Schedules fire again from now on"));
    connect(goOn, &QPushButton::clicked, this, &QueuePage::resumeWanted);
    m_ages.setInterval(ageIntervalMs);
    connect(&m_ages, &QTimer::timeout, this, &QueuePage::tick);
    connectModels();
    addTaskActions();
    show(View::All);
    onStatus();
}

QWidget *QueuePage::makeBar()
{
    auto *bar = new QWidget(this);
    m_views = new QButtonGroup(bar);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(metrics::normal(), metrics::tight(), metrics::normal(), metrics::tight());
    row->setSpacing(metrics::tight());
    for (const View view : {View::All, View::Running, View::Waiting, View::Pools}) {
        auto *button = new QToolButton(bar);
        button->setCheckable(true);
        m_views->addButton(button, static_cast<int>(view));
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, view] { show(view); });
    }
    row->addStretch();
    return bar;
}

QWidget *QueuePage::makeLists()
{
    m_tasks->setModel(m_queue);
    m_poolList->setModel(m_pools);
    m_lists->addWidget(m_tasks);
    m_lists->addWidget(m_poolList);
    m_right->addWidget(m_panel);
    m_right->addWidget(m_pool);
    m_split = new ShareSplitter(Qt::Horizontal, {3, 2}, this);
    m_split->addWidget(m_lists);
    m_split->addWidget(m_right);
    return m_split;
}

void QueuePage::connectModels()
{
    connect(m_feed, &NodeFeed::statusChanged, this, &QueuePage::onStatus);
    if (m_pause)
        connect(m_pause, &SchedulePause::changed, this, &QueuePage::onStatus);
    connect(m_queue, &QueueModel::loaded, this, &QueuePage::onLoaded);
    connect(m_pools, &PoolListModel::loaded, this, &QueuePage::onLoaded);
    connect(m_queue, &QueueModel::failed, m_context, &ProjectContext::failed);
    connect(m_pools, &PoolListModel::failed, m_context, &ProjectContext::failed);
    connect(m_queue, &QueueModel::atCapacity, this, &QueuePage::askCapacity);
    connect(m_panel, &TaskPanel::runNowWanted, m_queue,
            [this](TaskId task) { m_queue->runNow(task, false); });
    connect(m_panel, &TaskPanel::endWanted, m_queue, &QueueModel::end);
    connect(m_panel, &TaskPanel::showWanted, this, &QueuePage::showTask);
    connect(m_pool, &PoolPanel::capWanted, m_pools, &PoolListModel::setCap);
    connect(m_tasks, &ListView::currentMoved, this, [this] {
        if (const QueueRow *row = currentTask())
            m_chosen = taskOf(*row);
        showCurrent();
    });
    connect(m_poolList, &ListView::currentMoved, this, &QueuePage::showCurrent);
    connect(m_tasks, &ListView::activated, this, [this] {
        if (const QueueRow *row = currentTask())
            std::visit([this](const auto &task) { showTask(task.run, task.conversation); }, *row);
    });
}

void QueuePage::addTaskActions()
{
    const auto offer = [this](const QString &icon, const QString &text, const QKeySequence &keys, auto act) {
        auto *action = new QAction(themedIcon(icon), text, m_tasks);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, [this, act] {
            if (const QueueRow *row = currentTask())
                act(*row);
        });
        m_tasks->addAction(action);
    };
    offer(u"start"_s, tr("&Run now"), Qt::Key_R, [this](const QueueRow &row) {
        if (std::holds_alternative<api::QueuedInfo>(row))
            m_queue->runNow(taskOf(row), false);
    });
    offer(u"stop"_s, tr("&Stop or cancel"), QKeySequence::Delete,
          [this](const QueueRow &row) { m_queue->end(taskOf(row)); });
    m_tasks->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void QueuePage::resizeEvent(QResizeEvent *event)
{
    DockPage::resizeEvent(event);
    const bool upright = width() < metrics::units(narrowUnits) && height() > width();
    m_split->setDirection(upright ? Qt::Vertical : Qt::Horizontal);
}

void QueuePage::activate()
{
    m_queue->setActive(true);
    show(m_view);
}

void QueuePage::deactivate()
{
    m_queue->setActive(false);
    m_pools->setActive(false);
    m_ages.stop();
}

QWidget *QueuePage::focusTarget()
{
    return m_body->currentWidget() == m_empty ? static_cast<QWidget *>(m_views->checkedButton())
                                              : m_lists->currentWidget();
}

void QueuePage::show(View view)
{
    m_view = view;
    m_views->button(static_cast<int>(view))->setChecked(true);
    m_pools->setActive(view == View::Pools && m_queue->isActive());
    if (view != View::Pools)
        m_queue->setShows(static_cast<QueueModel::Shows>(view)); // in the same order
    m_lists->setCurrentIndex(view == View::Pools ? 1 : 0);
    m_right->setCurrentIndex(view == View::Pools ? 1 : 0);
    onLoaded();
}

void QueuePage::onStatus()
{
    const api::NodeStatus &status = m_feed->status();
    m_held->setNotice(describeHeldBack(status), {u"warning"_s, &ThemeColors::waiting});
    m_paused->setNotice(m_pause ? m_pause->sentence() : QString(), {u"pause"_s, &ThemeColors::waiting});
}

void QueuePage::onLoaded()
{
    showCounts();
    ListView *list = m_view == View::Pools ? m_poolList : m_tasks;
    const QModelIndex chosen = m_view == View::Pools ? QModelIndex() : m_queue->indexOf(m_chosen);
    if (chosen.isValid() && chosen != list->currentIndex())
        list->setCurrentIndex(chosen);
    else if (!list->currentIndex().isValid() && list->model()->rowCount() > 0)
        list->setCurrentIndex(list->model()->index(0, 0));
    showEmpty();
    showCurrent();
    const bool byTheClock = m_queue->runningCount() + m_queue->waitingCount() > 0;
    if (!byTheClock || !m_queue->isActive())
        m_ages.stop();
    else if (!m_ages.isActive())
        m_ages.start();
}

void QueuePage::showCounts()
{
    const auto name = [this](View view, const QString &text) {
        QAbstractButton *button = m_views->button(static_cast<int>(view));
        button->setText(text);
        button->setAccessibleName(text);
    };
    name(View::All, tr("All"));
    name(View::Running, tr("Running (%1)").arg(m_queue->runningCount()));
    name(View::Waiting, tr("Waiting (%1)").arg(m_queue->waitingCount()));
    name(View::Pools, tr("Pools"));
}

void QueuePage::showEmpty()
{
    const bool pools = m_view == View::Pools;
    const bool loaded = pools ? m_pools->isLoaded() : m_queue->isLoaded();
    const bool empty = pools ? m_pools->rowCount() == 0 : m_queue->rowCount() == 0;
    QWidget *shown = empty ? static_cast<QWidget *>(m_empty) : m_split;
    if (m_body->currentWidget() != shown) {
        const bool hadFocus = isAncestorOf(focusWidget()) && focusWidget()->hasFocus();
        m_body->setCurrentWidget(shown);
        if (hadFocus)
            focusTarget()->setFocus(Qt::OtherFocusReason);
    }
    if (!loaded)
        m_empty->setTexts(tr("Asking the node…"), {});
    else if (m_view == View::Running)
        m_empty->setTexts(tr("Nothing runs"), tr("Steps of flows, firings of schedules and turns of chats "
                                                 "appear here while they are at work."));
    else if (m_view == View::Waiting)
        m_empty->setTexts(tr("Nothing waits"), tr("What finds no free slot appears here, with the reason and "
                                                  "when it is expected to begin."));
    else
        m_empty->setTexts(tr("Nothing runs or waits"),
                          tr("Steps of flows, firings of schedules and turns of chats appear here, each "
                             "with a way to stop it."));
}

const QueueRow *QueuePage::currentTask() const { return m_queue->rowAt(m_tasks->currentIndex().row()); }

void QueuePage::showCurrent()
{
    if (const QueueRow *row = m_view == View::Pools ? nullptr : currentTask()) {
        const ProjectId project = std::visit([](const auto &task) {
            if constexpr (requires { task.projectId; })
                return task.projectId;
            else
                return task.project;
        }, *row);
        m_panel->setRow(*row, project == m_context->project().id, now());
    }
    if (const api::PoolInfo *pool = m_pools->rowAt(m_poolList->currentIndex().row()))
        m_pool->setPool(*pool, now());
}

// It is in the queue: there it stays unless it is to go over the cap.
void QueuePage::askCapacity(TaskId task, const Error &full)
{
    const QueueRow *row = m_queue->rowAt(m_queue->indexOf(task).row());
    if (!row)
        return;
    auto *dialog = new AtCapacityDialog(titleOf(*row), full, window());
    connect(dialog, &AtCapacityDialog::forceWanted, m_queue, [this, task] { m_queue->runNow(task, true); });
    dialog->open();
}

void QueuePage::tick()
{
    m_tasks->viewport()->update();
    showCurrent();
    onStatus(); // a pause may be over
}

void QueuePage::showTask(RunId run, ConversationId conversation)
{
    if (run.isValid()) {
        m_context->setRun(run);
        emit m_context->dockWanted(u"workflow"_s);
    } else if (conversation.isValid()) {
        m_context->setConversation(conversation);
        emit m_context->dockWanted(u"chat"_s);
    }
}

} // namespace muster
