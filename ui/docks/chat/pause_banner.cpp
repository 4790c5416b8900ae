#include "ui/docks/chat/pause_banner.h"

#include "core/viewmodel/describe.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/fact_line.h"

#include <QAccessible>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {

PauseBanner::PauseBanner(QWidget *parent)
    : QFrame(parent)
    , m_text(new FactLine(this))
{
    setProperty("role", u"banner"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::normal());
    column->addWidget(m_text);
    hide();
}

void PauseBanner::setReason(const QString &reason)
{
    const bool appears = !reason.isEmpty() && isHidden();
    if (!reason.isEmpty()) {
        m_text->setFact(tr("%1 What you write stays here until it can be sent.").arg(describePause(reason)),
                        {u"warning"_s, &ThemeColors::failed});
        setAccessibleName(m_text->text());
    }
    setVisible(!reason.isEmpty());
    if (appears && isVisible()) {
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

} // namespace muster
