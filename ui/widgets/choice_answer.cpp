#include "ui/widgets/choice_answer.h"

#include "core/viewmodel/visible_text.h"
#include "ui/theme/metrics.h"

#include <QButtonGroup>
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
        m_own->clear();
        emit changed();
    });
    connect(m_own, &QLineEdit::textEdited, this, [this] {
        uncheck();
        emit changed();
    });
    connect(m_own, &QLineEdit::returnPressed, this, [this] {
        if (!m_own->text().trimmed().isEmpty())
            emit entered();
    });
}

void ChoiceAnswer::setChoices(const QStringList &choices, const QStringList &details)
{
    while (QLayoutItem *item = m_list->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_texts = choices;
    for (qsizetype i = 0; i < choices.size(); ++i)
        addChoice(choices.at(i), details.value(i));
    m_own->clear();
    m_own->setPlaceholderText(choices.isEmpty() ? tr("Your answer") : tr("Or in your own words"));
    m_own->setAccessibleName(m_own->placeholderText());
    emit changed();
}

void ChoiceAnswer::addChoice(const QString &choice, const QString &detail)
{
    auto *button = new QRadioButton(onButton(choice), this);
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
        label->setIndent(drawn->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth, nullptr, button) +
                         drawn->pixelMetric(QStyle::PM_RadioButtonLabelSpacing, nullptr, button));
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
    const int chosen = m_buttons->checkedId();
    return chosen >= 0 ? m_texts.value(chosen) : m_own->text().trimmed();
}

} // namespace muster
