#include "ui/widgets/notice_banner.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/fact_line.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace muster {

NoticeBanner::NoticeBanner(QWidget *parent)
    : QFrame(parent)
    , m_text(new FactLine(this))
    , m_buttons(new QHBoxLayout)
{
    setProperty("role", u"banner"_s);
    m_buttons->setSpacing(metrics::normal());
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::normal());
    row->setSpacing(metrics::normal());
    row->addWidget(m_text, 1, Qt::AlignVCenter); // its sign stays with its first line
    row->addLayout(m_buttons);
    hide();
}

QPushButton *NoticeBanner::addButton(const QString &text, const QString &toolTip)
{
    auto *button = new QPushButton(text, this);
    button->setToolTip(toolTip);
    m_buttons->addWidget(button);
    return button;
}

void NoticeBanner::setNotice(const QString &text, const StatusLook &look)
{
    const bool appears = !text.isEmpty() && isHidden();
    m_text->setFact(text, look);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    if (appears && isVisible()) {
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

QString NoticeBanner::text() const { return m_text->text(); }

} // namespace muster
