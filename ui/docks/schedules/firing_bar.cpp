#include "ui/docks/schedules/firing_bar.h"

#include "core/viewmodel/describe_firing.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/schedule_look.h"
#include "ui/widgets/wrapped_label.h"

#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QString resultOf(const api::FiringInfo &firing)
{
    const QString advice = firing.reason ? adviceFor(*firing.reason, firing.detail) : QString();
    const QString result = describeResult(firing);
    return advice.isEmpty() ? result : QString(result % u". " % advice);
}

QString factsOf(const api::FiringInfo &firing)
{
    QStringList parts;
    if (firing.claimedAt > 0) {
        parts += FiringBar::tr("%n schedule(s) ran", nullptr, firing.schedulesRunning);
        parts += FiringBar::tr("%n chat(s) wrote", nullptr, firing.chatStreams);
    }
    if (firing.loopLagMs >= 0)
        parts += FiringBar::tr("Muster answered within %1 ms").arg(firing.loopLagMs);
    if (firing.peakMemoryBytes > 0)
        parts += FiringBar::tr("and took up to %1").arg(describeBytes(firing.peakMemoryBytes));
    return parts.join(u" · "_s);
}

} // namespace

FiringBar::FiringBar(QWidget *parent)
    : QWidget(parent)
    , m_result(new FactLine(this))
    , m_facts(wrappedLabel(u"muted"_s, this))
    , m_work(new QPushButton(tr("What it &wrote…"), this))
{
    m_facts->setMinimumWidth(1);
    auto *words = new QVBoxLayout;
    words->setSpacing(metrics::tight());
    words->addWidget(m_result);
    words->addWidget(m_facts);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::units(3), metrics::tight(), metrics::units(3), metrics::tight());
    row->setSpacing(metrics::normal());
    row->addLayout(words, 1);
    row->addWidget(m_work, 0, Qt::AlignTop);
    connect(m_work, &QPushButton::clicked, this, &FiringBar::workWanted);
    hide();
}

void FiringBar::setFiring(const api::FiringInfo *firing)
{
    setVisible(firing);
    if (!firing)
        return;
    m_result->setFact(resultOf(*firing), lookOf(firing->status));
    showText(m_facts, factsOf(*firing));
    const bool isRun = firing->run.isValid();
    m_work->setIcon(themedIcon(isRun ? u"flow"_s : u"agent"_s));
    m_work->setText(isRun ? tr("Show r&un #%1").arg(firing->runNumber) : tr("What it &wrote…"));
    m_work->setVisible(isRun || firing->task.isValid());
}

} // namespace muster
