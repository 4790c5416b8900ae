#include "ui/docks/workflow/run_header.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_rerun.h"
#include "core/viewmodel/describe_run.h"
#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/run_list_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/recolored_icon_label.h"
#include "ui/widgets/status_look.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QLabel *plainLabel(const QString &role, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("role", role);
    return label;
}

} // namespace

RunHeader::RunHeader(QWidget *parent)
    : QWidget(parent)
    , m_sign(new RecoloredIconLabel(u"status-queued"_s, this))
    , m_title(plainLabel(u"heading"_s, this))
    , m_status(plainLabel(u"text"_s, this))
    , m_parent(new QPushButton(themedIcon(u"flow"_s), {}, this))
    , m_facts(plainLabel(u"muted"_s, this))
    , m_second(new QHBoxLayout)
    , m_advice(plainLabel(u"muted"_s, this))
    , m_rerun(new QWidget(this))
    , m_rerunText(plainLabel(u"muted"_s, m_rerun))
    , m_earlier(new QToolButton(m_rerun))
    , m_fallback(new NoticeBanner(this))
    , m_progress(new QProgressBar(this))
    , m_changes(new QPushButton(themedIcon(u"changes"_s), {}, this))
    , m_again(new QPushButton(themedIcon(u"retry"_s), tr("Run &again"), this))
    , m_pause(new QPushButton(themedIcon(u"pause"_s), tr("&Pause"), this))
    , m_cancel(new QPushButton(themedIcon(u"stop"_s), tr("&Cancel"), this))
{
    m_facts->setWordWrap(true);
    m_advice->setWordWrap(true);
    m_status->setWordWrap(true);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Steps that have ended"));
    m_changes->setToolTip(tr("See what this run changed; merge it or drop it"));
    m_changes->setAccessibleName(tr("Changes of this run"));
    connect(m_changes, &QPushButton::clicked, this, &RunHeader::changesClicked);
    connect(m_pause, &QPushButton::clicked, this, &RunHeader::pauseClicked);
    m_parent->setAccessibleName(tr("The run that this one is part of"));
    m_parent->setToolTip(tr("Show the run that this one is part of"));
    connect(m_parent, &QPushButton::clicked, this, &RunHeader::parentClicked);
    connect(m_cancel, &QPushButton::clicked, this, &RunHeader::cancelClicked);
    makeRerun();

    auto *first = new QHBoxLayout;
    first->setSpacing(metrics::normal());
    first->addWidget(m_sign);
    first->addWidget(m_title);
    first->addWidget(m_status, 1);
    first->addWidget(m_changes);
    first->addWidget(m_again);
    first->addWidget(m_pause);
    first->addWidget(m_cancel);
    m_second->setSpacing(metrics::normal());
    m_second->addWidget(m_facts, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::normal());
    column->setSpacing(metrics::tight());
    column->addLayout(first);
    column->addWidget(m_parent, 0, Qt::AlignLeft);
    column->addLayout(m_second);
    column->addWidget(m_rerun);
    column->addWidget(m_advice);
    column->addWidget(m_fallback);
    column->addWidget(m_progress);
}

void RunHeader::makeRerun()
{
    m_rerunText->setWordWrap(true);
    m_earlier->setAutoRaise(true);
    m_earlier->setAccessibleName(tr("The run that this one runs again"));
    m_earlier->setToolTip(tr("Show the run that this one runs again"));
    connect(m_earlier, &QToolButton::clicked, this, [this] { emit earlierClicked(m_run.rerunOf); });
    auto *row = new QHBoxLayout(m_rerun);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::normal());
    row->addWidget(m_rerunText, 1);
    row->addWidget(m_earlier);
}

void RunHeader::setTools(QWidget *tools) { m_second->addWidget(tools, 0, Qt::AlignTop); }

void RunHeader::setAgainMenu(QMenu *menu)
{
    m_again->setMenu(menu);
    m_again->setProperty("role", u"menu"_s);
}

void RunHeader::setDetail(const api::RunDetail &detail)
{
    m_run = detail.run;
    const bool settled = isSettled(m_run.status);
    const bool waits = !settled && m_run.waitingForYou > 0;
    const StatusLook look = lookOf(waits ? RunStatus::Waiting : m_run.status);
    m_sign->setIcon(look.icon, look.color);
    m_title->setText(runTitle(m_run));
    const bool pausing = m_run.pauseAsked && !settled && m_run.status != RunStatus::Paused;
    m_status->setText(pausing ? tr("Pausing: what runs ends first")
                      : waits ? tr("Waiting for you")
                              : describeOutcome(m_run.status, m_run.reason, m_run.detail));
    m_parent->setText(describeParent(m_run));
    m_parent->setAccessibleDescription(m_parent->text());
    m_parent->setVisible(m_run.parent.isValid());
    m_advice->setText(m_run.reason ? adviceFor(*m_run.reason, m_run.detail) : QString());
    m_advice->setVisible(!m_advice->text().isEmpty());
    m_rerunText->setText(describeRerun(m_run));
    m_rerun->setVisible(!m_rerunText->text().isEmpty());
    m_earlier->setText(tr("Show #%1").arg(m_run.rerunOfNumber));
    m_earlier->setVisible(m_run.rerunOfNumber > 0);
    m_fallback->setNotice(describeFallbacks(detail.steps).join(u'\n'), lookOfFallback());
    m_progress->setRange(0, std::max(1, m_run.stepsTotal));
    m_progress->setValue(m_run.stepsSettled);
    m_progress->setVisible(!settled);
    m_pause->setVisible(!settled);
    m_pause->setIcon(themedIcon(m_run.pauseAsked ? u"continue"_s : u"pause"_s));
    m_pause->setText(m_run.pauseAsked ? tr("C&ontinue") : tr("&Pause"));
    m_pause->setToolTip(m_run.pauseAsked ? tr("The run goes on where it stands")
                                         : tr("What runs goes on to its end; nothing more begins"));
    m_cancel->setVisible(!settled);
    m_again->setVisible(settled);
    int files = 0;
    for (const api::WorktreeInfo &tree : detail.worktrees)
        files += tree.filesChanged;
    m_changes->setVisible(files > 0);
    m_changes->setText(tr("C&hanges: %n file(s)", nullptr, files));
    updateTime();
}

void RunHeader::updateTime() { m_facts->setText(summary()); }

QString RunHeader::summary() const
{
    QStringList facts;
    if (m_run.startedAt > 0) {
        const qint64 end = m_run.endedAt > 0 ? m_run.endedAt : QDateTime::currentMSecsSinceEpoch();
        facts += describeDuration(end - m_run.startedAt);
    }
    facts += tr("%1 of %2 steps").arg(m_run.stepsSettled).arg(m_run.stepsTotal);
    if (m_run.tokensIn + m_run.tokensOut > 0)
        facts += tr("%1 tokens").arg(describeCount(m_run.tokensIn + m_run.tokensOut));
    facts += describeMoney(m_run.costMicroUsd);
    if (m_run.startedAt > 0)
        facts += tr("started %1").arg(describeTime(m_run.startedAt));
    if (m_run.unattended)
        facts += tr("unattended");
    return facts.join(u" · "_s);
}

} // namespace muster
