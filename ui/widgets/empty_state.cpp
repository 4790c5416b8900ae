#include "ui/widgets/empty_state.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/recolored_icon_label.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {

EmptyState::EmptyState(const QString &icon, const QString &title, const QString &help, QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_help(new QLabel(this))
    , m_button(new QPushButton(this))
{
    auto *sign = new RecoloredIconLabel(icon, this);
    sign->setIcon(icon, &ThemeColors::mutedText);
    m_title->setProperty("role", u"heading"_s);
    m_help->setProperty("role", u"muted"_s);
    for (QLabel *label : {m_title, m_help}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_help->setMaximumWidth(metrics::units(100));
    m_button->hide();
    // Once, and never disconnect() from all: the style listens for the button's end.
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_run)
            m_run();
    });

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::wide(), metrics::wide(), metrics::wide(), metrics::wide());
    column->addStretch(2);
    column->addWidget(sign, 0, Qt::AlignHCenter);
    column->addWidget(m_title);
    // Without an alignment the label keeps its height for its width; the stretches centre it.
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(m_help, 20);
    row->addStretch(1);
    column->addLayout(row);
    column->addSpacing(metrics::tight());
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addStretch(3);
    setTexts(title, help);
}

void EmptyState::setTexts(const QString &title, const QString &help)
{
    m_title->setText(title);
    m_help->setText(help);
}

void EmptyState::setAction(const QString &text, std::function<void()> run)
{
    m_button->setText(text);
    m_run = std::move(run);
    m_button->setVisible(!text.isEmpty());
}

} // namespace muster
