#include "ui/docks/queue/task_panel.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/describe_work.h"
#include "core/viewmodel/visible_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/fact_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

StatusLook quietLook(const QString &icon) { return {icon, &ThemeColors::neutral}; }

QString priorityOf(const api::QueuedInfo &task)
{
    if (task.goesFirst)
        return TaskPanel::tr("goes before new work");
    if (task.raised)
        return TaskPanel::tr("raised, for it has waited long");
    return task.priority != 0 ? TaskPanel::tr("priority %1").arg(task.priority) : QString();
}

} // namespace

TaskPanel::TaskPanel(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_state(new FactLine(this))
    , m_why(new FactLine(this))
    , m_begins(new FactLine(this))
    , m_source(new FactLine(this))
    , m_limit(new FactLine(this))
{
    m_title->setProperty("role", u"heading"_s);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);

    auto *content = new QWidget(this);
    auto *facts = new QVBoxLayout(content);
    facts->setContentsMargins(metrics::units(3), metrics::units(3), metrics::units(3), metrics::normal());
    facts->setSpacing(metrics::normal());
    facts->addWidget(m_title);
    for (FactLine *fact : {m_state, m_why, m_begins, m_source, m_limit})
        facts->addWidget(fact);
    facts->addStretch();
    auto *scroll = new QScrollArea(this); // in a low dock no line is cut
    scroll->setProperty("role", u"page"_s);
    scroll->setAccessibleName(tr("About the task"));
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    content->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(scroll, 1);
    column->addWidget(makeButtons());
}

QWidget *TaskPanel::makeButtons()
{
    auto *bar = new QWidget(this);
    m_now = new QPushButton(tr("&Run now"), bar);
    m_end = new QPushButton(tr("S&top"), bar);
    m_show = new QPushButton(tr("&Show the run"), bar);
    m_now->setToolTip(tr("Before all others, as soon as a slot is free (R)"));
    m_end->setProperty("role", u"danger"_s);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::units(3));
    row->setSpacing(metrics::normal());
    row->addWidget(m_now);
    row->addWidget(m_end);
    row->addStretch();
    row->addWidget(m_show);
    connect(m_now, &QPushButton::clicked, this, [this] { emit runNowWanted(m_task); });
    connect(m_end, &QPushButton::clicked, this, [this] { emit endWanted(m_task); });
    connect(m_show, &QPushButton::clicked, this, [this] { emit showWanted(m_run, m_conversation); });
    return bar;
}

void TaskPanel::setRow(const QueueRow &row, bool ofProject, qint64 nowMs)
{
    m_task = taskOf(row);
    m_title->setText(titleOf(row));
    std::visit([this](const auto &task) {
        m_run = task.run;
        m_conversation = task.conversation;
    }, row);
    if (const auto *waits = std::get_if<api::QueuedInfo>(&row))
        showWaiting(*waits, nowMs);
    else
        showRunning(std::get<api::TaskInfo>(row), nowMs);
    m_show->setVisible(m_run.isValid() || m_conversation.isValid());
    m_show->setText(m_run.isValid() ? tr("&Show the run") : tr("&Show the chat"));
    m_show->setEnabled(ofProject);
    m_show->setToolTip(ofProject ? QString() : tr("It belongs to another project"));
}

void TaskPanel::showRunning(const api::TaskInfo &task, qint64 nowMs)
{
    const bool waits = task.status == TaskStatus::Waiting;
    QStringList state{stateOf(task), trailingOf(task, nowMs), describeSteps(task.agentSteps, task.stepsMax)};
    state.removeAll(QString());
    m_state->setFact(state.join(u" · "_s), waits ? StatusLook{u"person"_s, &ThemeColors::waiting}
                                                 : StatusLook{u"status-running"_s, &ThemeColors::running});
    m_why->setFact({}, {});
    m_begins->setFact({}, {});
    QStringList source{describeStarter(task.source), task.runtime, task.profile,
                       tr("pool %1").arg(withVisibleMarks(task.pool))};
    source.removeAll(QString());
    m_source->setFact(source.join(u" · "_s), quietLook(u"agent"_s));
    m_limit->setFact(task.deadlineAt > 0 ? tr("It may take until %1").arg(clockTime(task.deadlineAt, nowMs))
                                         : QString(),
                     quietLook(u"later"_s));
    m_now->hide();
    m_end->setText(tr("S&top"));
    m_end->setToolTip(tr("Its agent is stopped (Del)"));
}

void TaskPanel::showWaiting(const api::QueuedInfo &task, qint64 nowMs)
{
    QStringList state{tr("Number %1 in the queue").arg(task.position), priorityOf(task),
                      tr("waits for %1").arg(describeDuration(nowMs - task.queuedAt))};
    state.removeAll(QString());
    m_state->setFact(state.join(u" · "_s), quietLook(u"status-queued"_s));
    QString why = describeHeldBack(task, nowMs);
    if (!why.isEmpty())
        why[0] = why[0].toUpper(); // it stands alone here
    m_why->setFact(why, {u"status-waiting"_s, &ThemeColors::waiting});
    m_begins->setFact(describeExpected(task, nowMs), quietLook(u"later"_s));
    QStringList pools;
    for (const QString &pool : task.pools)
        pools += withVisibleMarks(pool);
    m_source->setFact(describeStarter(task.source) + u" · "_s +
                          tr("needs a slot of: %1").arg(pools.join(u", "_s)),
                      quietLook(u"agent"_s));
    m_limit->setFact({}, {});
    m_now->show();
    m_end->setText(tr("&Cancel it"));
    m_end->setToolTip(tr("It never begins (Del)"));
}

} // namespace muster
