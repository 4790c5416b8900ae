#include "ui/docks/navigator/navigator_page.h"

#include "core/base/log.h"
#include "core/viewmodel/conversation_list_model.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_run.h"
#include "core/viewmodel/flow_list_model.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_list_model.h"
#include "core/viewmodel/schedule_list_model.h"
#include "ui/docks/navigator/load_card.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/schedule_look.h"

#include <QAction>
#include <QDateTime>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int ageIntervalMs = 30'000;
constexpr int conversationRows = 4;
constexpr int flowRows = 6;
constexpr int scheduleRows = 4;

QString originText(const QString &origin)
{
    if (origin == "project"_L1)
        return NavigatorPage::tr("project");
    return origin == "user"_L1 ? NavigatorPage::tr("yours") : NavigatorPage::tr("built in");
}

StatusLook lookOf(ConversationNews news)
{
    switch (news) {
    case ConversationNews::WaitsForYou:
        return {u"permission"_s, &ThemeColors::waiting};
    case ConversationNews::Working:
        return {u"status-running"_s, &ThemeColors::running};
    case ConversationNews::Rests:
        return {u"later"_s, &ThemeColors::waiting};
    case ConversationNews::Queued:
        return {u"status-queued"_s, &ThemeColors::neutral};
    case ConversationNews::Failed:
        return {u"status-failed"_s, &ThemeColors::failed};
    case ConversationNews::Interrupted:
        return {u"status-cancelled"_s, &ThemeColors::waiting};
    case ConversationNews::Unread:
        return {u"chat-unread"_s, &ThemeColors::accent};
    case ConversationNews::Idle:
        break;
    }
    return {u"chat"_s, &ThemeColors::neutral};
}

RowLook lookOfConversation(const api::ConversationInfo &conversation)
{
    const ConversationNews news = newsOf(conversation);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    return {.sign = lookOf(news),
            .title = conversationTitle(conversation),
            .trailing = news == ConversationNews::Idle ? describeAge(conversation.updatedAt, now)
                                                       : describeNews(conversation, now),
            .strong = conversation.unread || conversation.waitingForYou > 0};
}

RowLook lookOfFlow(const api::FlowInfo &flow)
{
    RowLook look{.sign = {u"flow"_s, &ThemeColors::neutral},
                 .title = flow.name,
                 .trailing = originText(flow.origin),
                 .subtitle = flow.description,
                 .quiet = !flow.usable};
    if (!flow.trusted) {
        look.sign = {u"permission"_s, &ThemeColors::waiting};
        look.subtitle = NavigatorPage::tr("Does nothing until you trust this project");
    } else if (flow.problemCount > 0) {
        look.sign = {u"warning"_s, &ThemeColors::failed};
        look.subtitle = NavigatorPage::tr("%n problem(s) in the file", nullptr, flow.problemCount);
    }
    return look;
}

QString runSubtitle(const api::RunInfo &run)
{
    if (isSettled(run.status)) {
        const QString outcome = describeOutcome(run.status, run.reason, {});
        return run.endedAt > 0 ? QString(outcome % u" · " % describeDuration(run.endedAt - run.startedAt))
                               : outcome;
    }
    if (run.waitingForYou > 0)
        return NavigatorPage::tr("Waiting for you");
    const QString steps = NavigatorPage::tr("%1 of %2 steps").arg(run.stepsSettled).arg(run.stepsTotal);
    return describe(run.status) % u" · " % steps;
}

RowLook lookOfRun(const api::RunInfo &run)
{
    const bool waits = run.waitingForYou > 0 && !isSettled(run.status);
    const qint64 moment = run.endedAt > 0 ? run.endedAt : run.startedAt;
    return {.sign = lookOf(waits ? RunStatus::Waiting : run.status),
            .title = run.parent.isValid() ? QString(u"↳ "_s % runTitle(run)) : runTitle(run),
            .trailing = describeAge(moment, QDateTime::currentMSecsSinceEpoch()),
            .subtitle = run.parent.isValid() ? QString(runSubtitle(run) % u" · " % describeParent(run))
                                             : runSubtitle(run),
            .strong = waits};
}

QLabel *quietLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setProperty("role", u"muted"_s);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setContentsMargins(metrics::units(3), 0, metrics::units(3), metrics::normal());
    return label;
}

} // namespace

NavigatorPage::NavigatorPage(NodeFeed *feed, ProjectContext *context, Theme *, QWidget *parent)
    : DockPage(parent)
    , m_feed(feed)
    , m_context(context)
    , m_conversations(new ConversationListModel(feed, context, this))
    , m_flows(new FlowListModel(feed, context, this))
    , m_runs(new RunListModel(feed, context, this))
    , m_schedules(new ScheduleListModel(feed, context, this))
    , m_load(new LoadCard(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_load);
    connect(m_load, &LoadCard::clicked, this, &NavigatorPage::queueWanted);
    addConversations(column);
    addFlows(column);
    addSchedules(column);
    addRuns(column);
    m_ages.setInterval(ageIntervalMs);
    for (const ListView *list : {m_conversationList, m_runList})
        connect(&m_ages, &QTimer::timeout, list->viewport(), qOverload<>(&QWidget::update));
    connect(feed, &NodeFeed::statusChanged, this, &NavigatorPage::onStatus);
    connect(feed, &NodeFeed::linkChanged, this, &NavigatorPage::onStatus);
    connect(context, &ProjectContext::runChanged, this, &NavigatorPage::showChosenRun);
    connect(context, &ProjectContext::scheduleChanged, this, &NavigatorPage::onSchedules);
    connect(context, &ProjectContext::conversationChanged, this, &NavigatorPage::onConversations);
    onStatus();
}

void NavigatorPage::addSection(QVBoxLayout *column, const QString &title, QWidget *list, QLabel *empty,
                               QPushButton *button)
{
    auto *line = new QFrame(this);
    line->setProperty("role", u"line"_s);
    line->setFixedHeight(1);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(metrics::normal(), metrics::tight(), metrics::normal(), metrics::tight());
    head->setSpacing(metrics::tight()); // however narrow it is
    auto *label = new QLabel(title, this);
    label->setProperty("role", u"heading"_s);
    label->setBuddy(list);
    label->setMinimumHeight(metrics::units(7));
    head->addWidget(label, 1);
    if (button)
        head->addWidget(button);
    column->addWidget(line);
    column->addLayout(head);
    column->addWidget(list);
    column->addWidget(empty);
}

void NavigatorPage::addConversations(QVBoxLayout *column)
{
    m_conversationList = new ListView(tr("Conversations"), [this](const QModelIndex &index) {
        return lookOfConversation(*m_conversations->rowAt(index.row()));
    }, false, this);
    m_conversationList->setModel(m_conversations);
    m_conversationList->setMaxRows(conversationRows);
    m_conversationsEmpty = quietLabel({}, this);
    auto *begin = new QPushButton(tr("Ne&w"), this);
    begin->setToolTip(tr("Begin a conversation"));
    connect(begin, &QPushButton::clicked, this, &NavigatorPage::chatWanted);
    const auto show = [this](const QModelIndex &index) {
        m_context->setConversation(m_conversations->rowAt(index.row())->id);
        emit m_context->dockWanted(u"chat"_s);
    };
    connect(m_conversationList, &ListView::clicked, this, show);
    connect(m_conversationList, &ListView::activated, this, show);
    connect(m_conversations, &ConversationListModel::loaded, this, &NavigatorPage::onConversations);
    connect(m_conversations, &ConversationListModel::modelReset, this, &NavigatorPage::onConversations);
    addSection(column, tr("Conversations"), m_conversationList, m_conversationsEmpty, begin);
    onConversations();
}

void NavigatorPage::addFlows(QVBoxLayout *column)
{
    m_flowList = new ListView(tr("Flows"), [this](const QModelIndex &index) {
        return lookOfFlow(*m_flows->rowAt(index.row()));
    }, true, this);
    m_flowList->setModel(m_flows);
    m_flowList->setMaxRows(flowRows);
    m_flowsEmpty = quietLabel({}, this);
    auto *run = new QPushButton(tr("&Run…"), this);
    run->setToolTip(tr("Start the chosen flow (Enter)"));
    const auto start = [this] {
        const api::FlowInfo *flow = m_flows->rowAt(m_flowList->currentIndex().row());
        emit startWanted(flow ? flow->name : QString());
    };
    connect(run, &QPushButton::clicked, this, start);
    connect(m_flowList, &ListView::activated, this, start);
    const auto offer = [this](const QString &icon, const QString &text, auto act) {
        auto *action = new QAction(themedIcon(icon), text, m_flowList);
        connect(action, &QAction::triggered, this, act);
        m_flowList->addAction(action);
    };
    offer(u"start"_s, tr("&Start…"), start);
    offer(u"flow"_s, tr("&Edit flow"), [this] {
        if (const api::FlowInfo *flow = m_flows->rowAt(m_flowList->currentIndex().row()))
            emit editWanted(flow->path.isEmpty() ? flow->name : flow->path);
    });
    offer(u"plus"_s, tr("&New flow…"), [this] { emit newFlowWanted(); });
    m_flowList->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_flows, &FlowListModel::loaded, this, &NavigatorPage::onFlows);
    connect(m_flows, &FlowListModel::modelReset, this, &NavigatorPage::onFlows);
    addSection(column, tr("Flows"), m_flowList, m_flowsEmpty, run);
    onFlows();
}

void NavigatorPage::addSchedules(QVBoxLayout *column)
{
    m_scheduleList = new ListView(tr("Schedules"), [this](const QModelIndex &index) {
        return rowOf(*m_schedules->rowAt(index.row()), QDateTime::currentMSecsSinceEpoch());
    }, false, this);
    m_scheduleList->setModel(m_schedules);
    m_scheduleList->setMaxRows(scheduleRows);
    m_schedulesEmpty = quietLabel({}, this);
    auto *make = new QPushButton(tr("Ne&w…"), this);
    make->setToolTip(tr("Start a prompt or a flow by the clock"));
    make->setAccessibleName(tr("New schedule"));
    connect(make, &QPushButton::clicked, this, &NavigatorPage::newScheduleWanted);
    const auto show = [this](const QModelIndex &index) {
        m_context->setSchedule(m_schedules->rowAt(index.row())->id);
        emit m_context->dockWanted(u"schedules"_s);
    };
    connect(m_scheduleList, &ListView::clicked, this, show);
    connect(m_scheduleList, &ListView::activated, this, show);
    connect(m_schedules, &ScheduleListModel::loaded, this, &NavigatorPage::onSchedules);
    connect(m_schedules, &ScheduleListModel::modelReset, this, &NavigatorPage::onSchedules);
    connect(m_schedules, &ScheduleListModel::ticked, m_scheduleList->viewport(),
            qOverload<>(&QWidget::update));
    addSection(column, tr("Schedules"), m_scheduleList, m_schedulesEmpty, make);
    onSchedules();
}

void NavigatorPage::addRuns(QVBoxLayout *column)
{
    m_runList = new ListView(tr("Runs"), [this](const QModelIndex &index) {
        if (!std::exchange(m_painted, true))
            qCDebug(logUi, "runs painted"); // tests/bench/bench_window.cpp waits for it
        return lookOfRun(*m_runs->rowAt(index.row()));
    }, true, this);
    m_runList->setModel(m_runs);
    m_runsEmpty = quietLabel({}, this);
    connect(m_runList, &ListView::clicked, this, [this](const QModelIndex &index) {
        m_context->setRun(m_runs->rowAt(index.row())->id);
        emit m_context->dockWanted(u"workflow"_s);
    });
    connect(m_runList, &ListView::activated, this, [this] { emit m_context->dockWanted(u"workflow"_s); });
    connect(m_runList, &ListView::currentMoved, this, [this](const QModelIndex &index) {
        if (const api::RunInfo *run = m_runs->rowAt(index.row()); run && m_runList->hasFocus())
            m_context->setRun(run->id);
    });
    connect(m_runs, &RunListModel::loaded, this, &NavigatorPage::onRuns);
    connect(m_runs, &RunListModel::modelReset, this, &NavigatorPage::onRuns);
    addSection(column, tr("Runs"), m_runList, m_runsEmpty, nullptr);
    column->setStretchFactor(m_runList, 1);
    column->addStretch();
    onRuns();
}

void NavigatorPage::activate()
{
    m_conversations->setActive(true);
    m_flows->setActive(true);
    m_runs->setActive(true);
    m_schedules->setActive(true);
    m_ages.start();
}

void NavigatorPage::deactivate()
{
    m_conversations->setActive(false);
    m_flows->setActive(false);
    m_runs->setActive(false);
    m_schedules->setActive(false);
    m_ages.stop();
}

QWidget *NavigatorPage::focusTarget() { return m_runs->rowCount() > 0 ? m_runList : m_flowList; }

void NavigatorPage::onStatus() { m_load->setStatus(m_feed->status(), m_feed->link()); }

void NavigatorPage::onConversations()
{
    const bool any = m_conversations->rowCount() > 0;
    m_conversationList->setVisible(any);
    m_conversationsEmpty->setVisible(!any);
    m_conversationsEmpty->setText(m_conversations->isLoaded() ? tr("None yet.") : tr("Loading…"));
    const QModelIndex chosen = m_conversations->indexOf(m_context->conversation());
    if (chosen != m_conversationList->currentIndex())
        m_conversationList->setCurrentIndex(chosen);
}

void NavigatorPage::onFlows()
{
    const bool any = m_flows->rowCount() > 0;
    m_flowList->setVisible(any);
    m_flowsEmpty->setVisible(!any);
    m_flowsEmpty->setText(m_flows->isLoaded() ? tr("No flows.") : tr("Loading…"));
}

void NavigatorPage::onSchedules()
{
    const bool any = m_schedules->rowCount() > 0;
    m_scheduleList->setVisible(any);
    m_schedulesEmpty->setVisible(!any);
    m_schedulesEmpty->setText(m_schedules->isLoaded() ? tr("None yet.") : tr("Loading…"));
    const QModelIndex chosen = m_schedules->indexOf(m_context->schedule());
    if (chosen != m_scheduleList->currentIndex())
        m_scheduleList->setCurrentIndex(chosen);
}

void NavigatorPage::onRuns()
{
    const bool any = m_runs->rowCount() > 0;
    m_runList->setVisible(any);
    m_runsEmpty->setVisible(!any);
    m_runsEmpty->setText(m_runs->isLoaded() ? tr("Nothing has run here yet. Start a flow above.")
                                            : tr("Loading…"));
    // The newest run is what a person comes to see.
    if (any && !m_context->run().isValid())
        m_context->setRun(m_runs->rowAt(0)->id);
    showChosenRun();
}

void NavigatorPage::showChosenRun()
{
    const QModelIndex index = m_runs->indexOf(m_context->run());
    if (index.isValid() && index != m_runList->currentIndex())
        m_runList->setCurrentIndex(index);
}

} // namespace muster
