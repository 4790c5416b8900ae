#include "ui/widgets/choice_answer.h"

#include "core/viewmodel/visible_text.h"
#include "ui/theme/metrics.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QStyle>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {

namespace {

constexpr qsizetype longestChoice = 200; // on its button; the whole goes to the agent, and is its tool tip

QString onButton(const QString &choice)
{
    QString shown = withVisibleMarks(choice.simplified());
    if (shown.size() > longestChoice)
        shown = shown.first(longestChoice) + u'…';
    return shown.replace(u'&', u"&&"_s);
}

} // namespace

ChoiceAnswer::ChoiceAnswer(QWidget *parent)
    : QWidget(parent)
    , m_list(new QVBoxLayout)
    , m_buttons(new QButtonGroup(this))
    , m_own(new QLineEdit(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::normal());
    m_list->setSpacing(metrics::tight());
    column->addLayout(m_list);
    column->addWidget(m_own);
    connect(m_buttons, &QButtonGroup::idClicked, this, [this] {
        if (!m_several)
            m_own->clear();
        emit changed();
    });
    connect(m_own, &QLineEdit::textEdited, this, [this] {
        if (!m_several)
            uncheck();
        emit changed();
    });
    connect(m_own, &QLineEdit::returnPressed, this, [this] {
        if (!text().isEmpty())
            emit entered();
    });
}

void ChoiceAnswer::setChoices(const QStringList &choices, const QStringList &details, bool several)
{
    while (QLayoutItem *item = m_list->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_texts = choices;
    m_several = several;
    m_buttons->setExclusive(!several);
    for (qsizetype i = 0; i < choices.size(); ++i)
        addChoice(choices.at(i), details.value(i));
    m_own->clear();
    m_own->setPlaceholderText(choices.isEmpty() ? tr("Your answer")
                              : several         ? tr("And in your own words")
                                                : tr("Or in your own words"));
    m_own->setAccessibleName(m_own->placeholderText());
    emit changed();
}

QAbstractButton *ChoiceAnswer::makeButton(const QString &choice)
{
    if (m_several)
        return new QCheckBox(onButton(choice), this);
    return new QRadioButton(onButton(choice), this);
}

void ChoiceAnswer::addChoice(const QString &choice, const QString &detail)
{
    QAbstractButton *button = makeButton(choice);
    m_buttons->addButton(button, m_list->count());
    button->setToolTip(withVisibleMarks(choice));
    button->setAccessibleDescription(withVisibleMarks(detail));
    auto *row = new QWidget(this);
    auto *lines = new QVBoxLayout(row);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(0);
    lines->addWidget(button);
    if (!detail.isEmpty()) {
        auto *label = new QLabel(withVisibleMarks(detail), row);
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setMinimumWidth(1);
        label->setProperty("role", u"muted"_s);
        const QStyle *drawn = button->style();
        label->setIndent(
            drawn->pixelMetric(m_several ? QStyle::PM_IndicatorWidth : QStyle::PM_ExclusiveIndicatorWidth,
                               nullptr, button) +
            drawn->pixelMetric(m_several ? QStyle::PM_CheckBoxLabelSpacing
                                         : QStyle::PM_RadioButtonLabelSpacing,
                               nullptr, button));
        lines->addWidget(label);
    }
    m_list->addWidget(row);
}

void ChoiceAnswer::uncheck()
{
    QAbstractButton *checked = m_buttons->checkedButton();
    if (!checked)
        return;
    m_buttons->setExclusive(false);
    checked->setChecked(false);
    m_buttons->setExclusive(true);
}

QString ChoiceAnswer::text() const
{
    QStringList taken;
    for (qsizetype i = 0; i < m_texts.size(); ++i) {
        if (m_buttons->button(static_cast<int>(i))->isChecked())
            taken += m_texts.at(i);
    }
    if (const QString own = m_own->text().trimmed(); !own.isEmpty())
        taken += own;
    return taken.join(u'\n');
}

} // namespace muster
