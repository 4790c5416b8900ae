#include "ui/docks/schedules/schedule_header.h"

#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/schedule_list_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/recolored_icon_label.h"
#include "ui/widgets/schedule_look.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int narrowHeaderUnits = 150;
constexpr int tightUnits = 112;
constexpr int leastUnits = 60; // below it, a dock is wider than its page

} // namespace

ScheduleHeader::ScheduleHeader(QWidget *parent)
    : QWidget(parent)
    , m_row(new QBoxLayout(QBoxLayout::LeftToRight))
    , m_sign(new RecoloredIconLabel(u"later"_s, this))
    , m_title(new QLabel(this))
    , m_standing(new QLabel(this))
    , m_badges(new FactLine(this))
    , m_last(new FactLine(this))
    , m_run(new QPushButton(themedIcon(u"start"_s), tr("&Run now"), this))
    , m_pause(new QPushButton(tr("&Pause"), this))
    , m_edit(new QPushButton(themedIcon(u"settings"_s), tr("&Edit…"), this))
    , m_remove(new QPushButton(themedIcon(u"drop"_s), tr("Re&move…"), this))
{
    m_title->setProperty("role", u"heading"_s);
    m_standing->setProperty("role", u"muted"_s);
    for (QLabel *label : {m_title, m_standing}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setMinimumWidth(1);
    }
    m_run->setToolTip(tr("Once, beside its times"));
    setMinimumWidth(metrics::units(leastUnits));
    auto *name = new QHBoxLayout;
    name->setSpacing(metrics::normal());
    name->addWidget(m_sign);
    name->addWidget(m_title, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::normal());
    for (QPushButton *button : {m_run, m_pause, m_edit, m_remove})
        buttons->addWidget(button);
    buttons->addStretch();
    m_row->setSpacing(metrics::normal());
    m_row->addLayout(name, 1);
    m_row->addLayout(buttons);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::normal());
    column->setSpacing(metrics::tight());
    column->addLayout(m_row);
    column->addWidget(m_standing);
    column->addWidget(m_badges);
    column->addWidget(m_last);
    connect(m_run, &QPushButton::clicked, this, &ScheduleHeader::runClicked);
    connect(m_pause, &QPushButton::clicked, this, &ScheduleHeader::pauseClicked);
    connect(m_edit, &QPushButton::clicked, this, &ScheduleHeader::editClicked);
    connect(m_remove, &QPushButton::clicked, this, &ScheduleHeader::removeClicked);
}

void ScheduleHeader::setSchedule(const api::ScheduleInfo &schedule)
{
    m_schedule = schedule;
    const StatusLook look = lookOf(schedule);
    m_sign->setIcon(look.icon, look.color);
    m_title->setText(schedule.spec.name);
    const bool rests = isPaused(schedule.state);
    m_pause->setIcon(themedIcon(rests ? u"continue"_s : u"pause"_s));
    m_pause->setText(rests ? tr("Res&ume") : tr("&Pause"));
    m_pause->setToolTip(rests ? tr("Its times count again from now on")
                              : tr("What it has started goes on; what waits is left out"));
    m_pause->setVisible(schedule.state != ScheduleState::Expired);
    nameButtons();
    m_remove->setEnabled(schedule.file.isEmpty());
    m_remove->setToolTip(
        schedule.file.isEmpty()
            ? tr("What it has started goes on")
            : describe(Error{.code = ErrorCode::Conflict, .detail = u"file"_s, .where = schedule.file}));
    m_badges->setFact(scheduleBadges(schedule).join(u" · "_s), {u"gauge"_s, &ThemeColors::waiting});
    m_last->setFact(scheduleLast(schedule),
                    schedule.lastStatus ? lookOf(*schedule.lastStatus) : StatusLook{u"info"_s});
    updateTime();
}

void ScheduleHeader::updateTime()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QStringList parts{scheduleStanding(m_schedule, now), scheduleUntil(m_schedule, now)};
    parts.removeAll(QString());
    if (const QString text = parts.join(u", "_s); text != m_standing->text())
        m_standing->setText(text);
}

void ScheduleHeader::setRoom(int width)
{
    m_row->setDirection(width < metrics::units(narrowHeaderUnits) ? QBoxLayout::TopToBottom
                                                                  : QBoxLayout::LeftToRight);
    m_tight = width < metrics::units(tightUnits);
    nameButtons();
}

void ScheduleHeader::nameButtons()
{
    const QString edit = m_schedule.file.isEmpty() ? tr("&Edit…") : tr("L&ook at it…");
    const QString remove = tr("Re&move…");
    m_edit->setAccessibleName(QString(edit).remove(u'&'));
    m_remove->setAccessibleName(QString(remove).remove(u'&'));
    m_edit->setToolTip(m_edit->accessibleName());
    m_edit->setText(m_tight ? QString() : edit);
    m_remove->setText(m_tight ? QString() : remove);
}

} // namespace muster
