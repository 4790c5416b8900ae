#include "ui/docks/schedules/schedule_facts.h"

#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/describe_schedule.h"
#include "ui/theme/metrics.h"

#include <QDateTime>
#include <QFormLayout>
#include <QLabel>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QString whenOf(const api::ScheduleInfo &schedule)
{
    const api::ScheduleSpec &spec = schedule.spec;
    const QString reading = describeReading(spec.when, spec.zone);
    QString text = (reading.isEmpty() ? spec.when : reading) % u", " % spec.zone;
    if (!schedule.cron.isEmpty())
        text += u'\n' + describeCron(schedule.cron);
    return text;
}

QString startsOf(const api::ScheduleSpec &spec)
{
    QStringList parts;
    if (!spec.profile.isEmpty())
        parts += ScheduleFacts::tr("profile %1").arg(spec.profile);
    if (!spec.runtime.isEmpty())
        parts += ScheduleFacts::tr("runtime %1").arg(spec.runtime);
    if (!spec.model.isEmpty())
        parts += ScheduleFacts::tr("model %1").arg(spec.model);
    for (auto it = spec.inputs.begin(); it != spec.inputs.end(); ++it)
        parts += it.key() + u": "_s + it.value().toVariant().toString();
    if (spec.unattended)
        parts += ScheduleFacts::tr("unattended");
    const QString what = describeStarts(spec);
    return parts.isEmpty() ? what : QString(what % u'\n' % parts.join(u" · "_s));
}

QString limitsOf(const api::ScheduleInfo &schedule)
{
    const api::ScheduleSpec &spec = schedule.spec;
    QStringList parts;
    if (spec.maxTurns > 0)
        parts += ScheduleFacts::tr("at most %n agent step(s)", nullptr, spec.maxTurns);
    if (spec.deadlineMs > 0)
        parts += ScheduleFacts::tr("at most %1", "a duration").arg(describeDuration(spec.deadlineMs));
    if (spec.budgetMicroUsd > 0)
        parts += ScheduleFacts::tr("%1 a firing").arg(describeMoney(spec.budgetMicroUsd));
    if (spec.dayBudgetMicroUsd > 0)
        parts += ScheduleFacts::tr("%1 a day, of which %2 today are spent")
                     .arg(describeMoney(spec.dayBudgetMicroUsd), describeMoney(schedule.spentTodayMicroUsd));
    if (spec.flow.isEmpty() && spec.pool != u"scheduled")
        parts += ScheduleFacts::tr("pool %1").arg(spec.pool);
    return parts.join(u" · "_s);
}

QString rulesOf(const api::ScheduleSpec &spec)
{
    return ScheduleFacts::tr("Missed: %1 · While one goes on: %2")
        .arg(describe(spec.missed), describe(spec.overlap));
}

QString inboxOf(const api::ScheduleSpec &spec)
{
    const QString told = describe(spec.notify);
    return spec.archive && spec.notify != ResultNotice::Never
               ? ScheduleFacts::tr("%1; those that went well as seen").arg(told)
               : told;
}

QString averagesOf(const api::ScheduleAverages &averages)
{
    if (averages.firings == 0)
        return {};
    return ScheduleFacts::tr("%1, cost %2", "averages, money")
        .arg(describeAverages(averages), describeCost(averages.costMicroUsd));
}

} // namespace

ScheduleFacts::ScheduleFacts(QWidget *parent)
    : QWidget(parent)
    , m_form(new QFormLayout(this))
    , m_when(add(tr("When")))
    , m_next(add(tr("Next")))
    , m_starts(add(tr("Starts")))
    , m_limits(add(tr("Limits")))
    , m_rules(add(tr("Rules")))
    , m_inbox(add(tr("To the inbox")))
    , m_averages(add(tr("Averages")))
    , m_file(add(tr("File")))
{
    m_form->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::normal());
    m_form->setHorizontalSpacing(metrics::units(3));
    m_form->setVerticalSpacing(metrics::normal());
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
}

QLabel *ScheduleFacts::add(const QString &name)
{
    auto *title = new QLabel(name, this);
    title->setProperty("role", u"muted"_s);
    title->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto *value = new QLabel(this);
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setMinimumWidth(1);
    value->setAccessibleName(name);
    m_form->addRow(title, value);
    return value;
}

void ScheduleFacts::set(QLabel *value, const QString &text)
{
    if (value->text() != text) {
        value->setText(text);
        value->setAccessibleDescription(text);
    }
    m_form->setRowVisible(value, !text.isEmpty());
}

void ScheduleFacts::setDetail(const api::ScheduleDetail &detail)
{
    const api::ScheduleInfo &schedule = detail.schedule;
    set(m_when, whenOf(schedule));
    set(m_starts, startsOf(schedule.spec));
    set(m_limits, limitsOf(schedule));
    set(m_rules, rulesOf(schedule.spec));
    set(m_inbox, inboxOf(schedule.spec));
    set(m_averages, averagesOf(schedule.averages));
    set(m_file, schedule.file);
    m_times = detail.next;
    updateTimes();
}

void ScheduleFacts::updateTimes()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    set(m_next, describeTimes(m_times, now).join(u'\n'));
}

} // namespace muster
