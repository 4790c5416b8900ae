#include "ui/widgets/fact_line.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/breakable.h"
#include "ui/widgets/recolored_icon_label.h"

#include <QHBoxLayout>
#include <QLabel>

using namespace Qt::StringLiterals;

namespace muster {

FactLine::FactLine(QWidget *parent)
    : QWidget(parent)
    , m_sign(new RecoloredIconLabel(u"info"_s, this))
    , m_text(new QLabel(this))
{
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setMinimumWidth(1); // a long path does not make the dock wide
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::normal());
    row->addWidget(m_sign, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    hide();
}

void FactLine::setFact(const QString &text, const StatusLook &look)
{
    m_sign->setIcon(look.icon, look.color);
    m_text->setText(breakable(text));
    m_text->setAccessibleName(text);
    setVisible(!text.isEmpty());
}

QString FactLine::text() const { return m_text->accessibleName(); }

} // namespace muster
