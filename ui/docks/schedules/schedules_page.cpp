#include "ui/docks/schedules/schedules_page.h"

#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/schedule_desk.h"
#include "core/viewmodel/schedule_list_model.h"
#include "core/viewmodel/schedule_model.h"
#include "core/viewmodel/schedule_pause.h"
#include "ui/dialogs/at_capacity_dialog.h"
#include "ui/dialogs/schedule_dialog.h"
#include "ui/docks/schedules/schedule_header.h"
#include "ui/docks/schedules/schedule_view.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/schedule_look.h"
#include "ui/widgets/share_splitter.h"

#include <QAction>
#include <QButtonGroup>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int stackedUnits = 170; // of width: below it the page stands under the list
constexpr int problemRows = 3;

RowLook lookOfProblem(const QModelIndex &index)
{
    return {.sign = {u"warning"_s, &ThemeColors::failed},
            .title = index.data().toString(),
            .subtitle = index.data(Qt::StatusTipRole).toString()};
}

} // namespace

SchedulesPage::SchedulesPage(NodeFeed *feed, ProjectContext *context, const SchedulePause *pause, Theme *,
                             QWidget *parent)
    : DockPage(parent)
    , m_feed(feed)
    , m_context(context)
    , m_model(new ScheduleListModel(feed, context, this))
    , m_shown(new QSortFilterProxyModel(this))
    , m_desk(new ScheduleDesk(&feed->node(), this))
    , m_view(new ScheduleView(feed, this))
    , m_right(new QStackedWidget(this))
    , m_choose(new EmptyState(u"later"_s, tr("No schedule is chosen"), {}, this))
    , m_split(new ShareSplitter(Qt::Horizontal, {2, 5}, this))
    , m_paused(new NoticeBanner(this))
    , m_empty(new EmptyState(u"later"_s, {}, {}, this))
    , m_pages(new QStackedWidget(this))
{
    m_shown->setSourceModel(m_model);
    m_shown->setFilterRole(ScheduleListModel::RunningRole);
    m_right->addWidget(m_view);
    m_right->addWidget(m_choose);
    m_split->addWidget(makeLists());
    m_split->addWidget(m_right);
    m_pages->addWidget(m_split);
    m_pages->addWidget(m_empty);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_paused);
    all->addWidget(m_pages);
    addActions();
    if (pause)
        sayWhenPaused(pause);
    connectView();
    connect(m_model, &ScheduleListModel::loaded, this, &SchedulesPage::onLoaded);
    connect(m_model, &ScheduleListModel::modelReset, this, &SchedulesPage::showPages);
    connect(m_model, &ScheduleListModel::ticked, m_list->viewport(), qOverload<>(&QWidget::update));
    connect(context, &ProjectContext::scheduleChanged, this, &SchedulesPage::showChosen);
    connect(context, &ProjectContext::projectChanged, this, &SchedulesPage::showPages);
    connect(m_desk, &ScheduleDesk::failed, context, &ProjectContext::failed);
    connect(m_desk, &ScheduleDesk::atCapacity, this, &SchedulesPage::askCapacity);
    showPages();
}

QWidget *SchedulesPage::makeBar()
{
    auto *bar = new QWidget(this);
    m_all = new QToolButton(bar);
    m_running = new QToolButton(bar);
    auto *make = new QPushButton(themedIcon(u"plus"_s), tr("&New…"), bar);
    m_all->setText(tr("All"));
    m_running->setText(tr("Running"));
    m_running->setToolTip(tr("Only those of which something runs or waits"));
    make->setToolTip(tr("Start a prompt or a flow by the clock"));
    auto *group = new QButtonGroup(bar);
    for (QToolButton *button : {m_all, m_running}) {
        button->setCheckable(true);
        button->setAccessibleName(button->text());
        group->addButton(button);
    }
    m_all->setChecked(true);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(metrics::normal(), metrics::tight(), metrics::normal(), metrics::tight());
    row->setSpacing(metrics::tight());
    row->addWidget(m_all);
    row->addWidget(m_running);
    row->addStretch();
    row->addWidget(make);
    connect(m_all, &QToolButton::clicked, this, [this] { setRunningOnly(false); });
    connect(m_running, &QToolButton::clicked, this, [this] { setRunningOnly(true); });
    connect(make, &QPushButton::clicked, this, &SchedulesPage::newSchedule);
    return bar;
}

QWidget *SchedulesPage::makeLists()
{
    auto *left = new QWidget(m_split);
    m_list = new ListView(tr("Schedules"), [this](const QModelIndex &index) {
        return rowOf(*m_model->rowAt(m_shown->mapToSource(index).row()), QDateTime::currentMSecsSinceEpoch());
    }, true, left);
    m_list->setModel(m_shown);
    m_noneRuns = new QLabel(tr("Nothing of any schedule runs or waits."), left);
    m_noneRuns->setProperty("role", u"muted"_s);
    m_noneRuns->setWordWrap(true);
    m_noneRuns->setMargin(metrics::units(3));
    m_problemsTitle = new QLabel(tr("Files that are wrong"), left);
    m_problemsTitle->setProperty("role", u"heading"_s);
    m_problemsTitle->setContentsMargins(metrics::normal(), metrics::tight(), metrics::normal(),
                                        metrics::tight());
    m_problems = new ListView(tr("Files that are wrong"), lookOfProblem, true, left);
    m_problems->setModel(m_model->problems());
    m_problems->setMaxRows(problemRows);
    m_problemsTitle->setBuddy(m_problems);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_noneRuns);
    column->addWidget(m_list, 1);
    column->addWidget(m_problemsTitle);
    column->addWidget(m_problems);
    connect(m_list, &ListView::currentMoved, this, &SchedulesPage::onCurrent);
    connect(m_list, &ListView::activated, this, &SchedulesPage::edit);
    return left;
}

void SchedulesPage::sayWhenPaused(const SchedulePause *pause)
{
    QPushButton *goOn = m_paused->addButton(tr("Let them &go on"), tr("Schedules fire again from now on"));
    connect(goOn, &QPushButton::clicked, this, &SchedulesPage::resumeAllWanted);
    const auto say = [this, pause] {
        m_paused->setNotice(pause->sentence(), {u"pause"_s, &ThemeColors::waiting});
    };
    connect(pause, &SchedulePause::changed, this, say);
    say();
}

// In the list's context menu, and by a key while it has the focus.
void SchedulesPage::addActions()
{
    const auto offer = [this](const QString &icon, const QString &text, const QKeySequence &keys,
                              void (SchedulesPage::*act)()) {
        auto *action = new QAction(themedIcon(icon), text, m_list);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, act);
        m_list->addAction(action);
    };
    offer(u"start"_s, tr("&Run now"), Qt::Key_R, &SchedulesPage::runNow);
    offer(u"pause"_s, tr("&Pause or resume"), Qt::Key_P, &SchedulesPage::togglePause);
    offer(u"settings"_s, tr("&Edit…"), Qt::Key_F2, &SchedulesPage::edit);
    offer(u"drop"_s, tr("Re&move…"), Qt::Key_Delete, &SchedulesPage::remove);
    offer(u"plus"_s, tr("&New schedule…"), Qt::Key_Insert, &SchedulesPage::newSchedule);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void SchedulesPage::connectView()
{
    connect(&m_view->header(), &ScheduleHeader::runClicked, this, &SchedulesPage::runNow);
    connect(&m_view->header(), &ScheduleHeader::pauseClicked, this, &SchedulesPage::togglePause);
    connect(&m_view->header(), &ScheduleHeader::editClicked, this, &SchedulesPage::edit);
    connect(&m_view->header(), &ScheduleHeader::removeClicked, this, &SchedulesPage::remove);
    connect(m_view, &ScheduleView::loaded, this, &SchedulesPage::showPages);
    connect(m_view, &ScheduleView::runWanted, this, [this](RunId run) {
        m_context->setRun(run);
        emit m_context->dockWanted(u"workflow"_s);
    });
    connect(&m_view->model(), &ScheduleModel::gone, this, [this] { m_context->setSchedule({}); });
}

void SchedulesPage::activate()
{
    m_model->setActive(true);
    m_view->setActive(true);
    showChosen();
}

void SchedulesPage::deactivate()
{
    m_model->setActive(false);
    m_view->setActive(false);
}

QWidget *SchedulesPage::focusTarget()
{
    return m_model->rowCount() > 0 ? m_list : static_cast<QWidget *>(m_empty);
}

void SchedulesPage::resizeEvent(QResizeEvent *event)
{
    DockPage::resizeEvent(event);
    m_split->setDirection(width() < metrics::units(stackedUnits) ? Qt::Vertical : Qt::Horizontal);
}

void SchedulesPage::setRunningOnly(bool only)
{
    (only ? m_running : m_all)->setChecked(true);
    m_shown->setFilterRegularExpression(only ? u"[1-9]"_s : QString());
    showChosen();
    showPages();
}

void SchedulesPage::onLoaded()
{
    const bool known = m_model->indexOf(m_context->schedule()).isValid();
    if (!known && m_model->rowCount() > 0 && !m_context->schedule().isValid())
        m_context->setSchedule(m_model->rowAt(0)->id);
    showChosen();
    showPages();
}

void SchedulesPage::onCurrent()
{
    const QModelIndex current = m_list->currentIndex();
    if (const api::ScheduleInfo *one = m_model->rowAt(m_shown->mapToSource(current).row());
        one && current.isValid())
        m_context->setSchedule(one->id);
}

void SchedulesPage::showChosen()
{
    const QModelIndex row = m_shown->mapFromSource(m_model->indexOf(m_context->schedule()));
    if (row.isValid() && row != m_list->currentIndex())
        m_list->setCurrentIndex(row);
    m_view->model().follow(m_context->schedule());
    showPages();
}

void SchedulesPage::showPages()
{
    const bool any = m_model->rowCount() > 0;
    const bool wrong = m_model->problems()->rowCount() > 0;
    m_problemsTitle->setVisible(wrong);
    m_problems->setVisible(wrong);
    m_noneRuns->setVisible(any && m_shown->rowCount() == 0);
    m_right->setCurrentWidget(m_view->model().detail().schedule.id.isValid() ? static_cast<QWidget *>(m_view)
                                                                             : m_choose);
    m_pages->setCurrentWidget(any || wrong ? static_cast<QWidget *>(m_split) : m_empty);
    if (m_model->isLoaded()) {
        m_empty->setTexts(
            tr("No schedules yet"),
            tr("A schedule starts a prompt or a flow by the clock: each weekday at nine, every 15 "
               "minutes, or once. It fires while Muster runs in the background, and says what "
               "became of each of its times."));
        m_empty->setAction(tr("&New schedule…"), [this] { newSchedule(); });
    } else {
        m_empty->setTexts(tr("Asking the node…"), {});
        m_empty->setAction({}, {});
    }
}

// What is on show is what a person acts on: a schedule that was just made is not in the list yet.
const api::ScheduleInfo *SchedulesPage::chosen() const
{
    const api::ScheduleInfo &shown = m_view->model().detail().schedule;
    if (shown.id.isValid() && shown.id == m_context->schedule())
        return &shown;
    return m_model->rowAt(m_model->indexOf(m_context->schedule()).row());
}

void SchedulesPage::newSchedule()
{
    if (m_context->isOpen())
        (new ScheduleDialog(m_feed, m_context, {}, window()))->open();
}

void SchedulesPage::edit()
{
    if (const api::ScheduleInfo *schedule = chosen())
        (new ScheduleDialog(m_feed, m_context, *schedule, window()))->open();
}

void SchedulesPage::togglePause()
{
    const api::ScheduleInfo *schedule = chosen();
    if (!schedule)
        return;
    if (schedule->state == ScheduleState::Active)
        m_desk->pause(schedule->id);
    else
        m_desk->resume(schedule->id);
}

void SchedulesPage::runNow()
{
    if (const api::ScheduleInfo *schedule = chosen())
        m_desk->runNow(schedule->id);
}

void SchedulesPage::askCapacity(ScheduleId schedule, const Error &full)
{
    const api::ScheduleInfo *info = m_model->rowAt(m_model->indexOf(schedule).row());
    if (!info)
        return;
    auto *dialog = new AtCapacityDialog(info->spec.name, full, window());
    connect(dialog, &AtCapacityDialog::queueWanted, this, [this, schedule] { m_desk->queueNow(schedule); });
    connect(dialog, &AtCapacityDialog::forceWanted, this, [this, schedule] { m_desk->forceNow(schedule); });
    dialog->open();
}

void SchedulesPage::remove()
{
    const api::ScheduleInfo *schedule = chosen();
    if (!schedule)
        return;
    if (!schedule->file.isEmpty()) {
        emit m_context->failed({.code = ErrorCode::Conflict, .detail = u"file"_s, .where = schedule->file});
        return;
    }
    auto *box = new QMessageBox(QMessageBox::NoIcon, tr("Remove a schedule"),
                                tr("Remove the schedule %1?").arg(schedule->spec.name), QMessageBox::Cancel,
                                window());
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        tr("What became of its times and firings is forgotten with it. What it has started goes on."));
    QPushButton *yes = box->addButton(tr("&Remove"), QMessageBox::AcceptRole);
    yes->setProperty("role", u"danger"_s);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, [this, id = schedule->id] { m_desk->remove(id); });
    box->open();
}

} // namespace muster
