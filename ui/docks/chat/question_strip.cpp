#include "ui/docks/chat/question_strip.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/answering.h"
#include "ui/widgets/choice_answer.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/recolored_icon_label.h"
#include "ui/widgets/status_look.h"

#include <QApplication>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr qsizetype longestCommand = 300; // more is read in the inbox
constexpr qsizetype mostChoices = 6;

// Only what can be seen whole is answered here.
bool isLong(const api::InboxInfo &item)
{
    return item.command.size() > longestCommand || item.choices.size() > mostChoices || !item.body.isEmpty();
}

bool isQuestion(const api::InboxInfo &item) { return item.kind == InboxKind::Question; }

QString whatOf(const api::InboxInfo &item)
{
    if (!item.command.isEmpty())
        return withVisibleMarks(isLong(item) ? item.command.first(longestCommand) + u'…' : item.command);
    return withVisibleMarks(item.paths.join(u'\n'));
}

} // namespace

QuestionStrip::QuestionStrip(QWidget *parent)
    : QFrame(parent)
    , m_sign(new RecoloredIconLabel(u"permission"_s, this))
    , m_title(new QLabel(this))
    , m_what(new QLabel(this))
    , m_risk(new FactLine(this))
    , m_place(new FactLine(this))
    , m_choices(new ChoiceAnswer(this))
{
    setProperty("role", u"banner"_s);
    makeReadable(m_title);
    m_what->setTextFormat(Qt::PlainText);
    m_what->setWordWrap(true);
    m_what->setMinimumWidth(1); // a long path does not make the dock wide
    m_what->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_what->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::normal());
    const auto button = [&](const QString &text, const QString &tip) {
        auto *made = new QPushButton(text, this);
        makeAnswer(made);
        made->setToolTip(tip);
        buttons->addWidget(made);
        m_buttons += made;
        return made;
    };
    m_allow = button(tr("Allow"), tr("This once"));
    m_forTask = button(tr("Allow in this turn"), tr("The same again until the agent has answered"));
    m_no = button(tr("Deny"), tr("The agent is told, and goes on without it"));
    auto *details = button(tr("More…"), tr("All of it, and further answers, in the inbox"));
    buttons->addStretch();
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::normal());
    grid->setHorizontalSpacing(metrics::normal());
    grid->setVerticalSpacing(metrics::tight());
    grid->addWidget(m_sign, 0, 0, Qt::AlignTop);
    grid->addWidget(m_title, 0, 1);
    grid->addWidget(m_what, 1, 1);
    grid->addWidget(m_risk, 2, 1);
    grid->addWidget(m_place, 3, 1);
    grid->addWidget(m_choices, 4, 1);
    grid->addLayout(buttons, 5, 1);
    grid->setColumnStretch(1, 1);

    using enum api::AnswerKind;
    connect(m_allow, &QPushButton::clicked, this, [this] { answer(Yes, api::AnswerScope::Once); });
    connect(m_forTask, &QPushButton::clicked, this, [this] { answer(Yes, api::AnswerScope::Task); });
    connect(m_no, &QPushButton::clicked, this, [this] { answer(No, api::AnswerScope::Once); });
    connect(details, &QPushButton::clicked, this, &QuestionStrip::detailsWanted);
    connect(m_choices, &ChoiceAnswer::changed, this, &QuestionStrip::updateAnswer);
    connect(m_choices, &ChoiceAnswer::entered, this, [this] { answer(Yes, api::AnswerScope::Once); });
}

void QuestionStrip::setItem(const api::InboxInfo &item, bool answering)
{
    if (item.id != m_item.id) {
        m_pause.begin();
        const auto *focus = qobject_cast<QPushButton *>(QApplication::focusWidget());
        if (focus && m_buttons.contains(focus))
            m_title->setFocus(Qt::OtherFocusReason); // it was chosen for the last one, not for this one
        m_item = item;
        m_choices->setChoices(item.choices, item.details, item.several);
    }
    m_item = item;
    const StatusLook look = lookOf(item.kind);
    m_sign->setIcon(look.icon, look.color);
    const QString what = whatOf(item);
    const bool writes = item.command.isEmpty() && !item.diff.isEmpty();
    m_title->setText(isQuestion(item)          ? withVisibleMarks(item.title)
                     : writes                  ? tr("The agent asks to write:")
                     : !item.command.isEmpty() ? tr("The agent asks to run:")
                     : item.title.isEmpty()    ? describeTitle(item)
                                               : tr("The agent asks: %1").arg(withVisibleMarks(item.title)));
    m_what->setText(what);
    m_what->setVisible(!what.isEmpty());
    m_choices->setVisible(isQuestion(item) && !isLong(item));
    m_choices->setEnabled(!answering);
    m_allow->setText(isQuestion(item) ? tr("Answer") : tr("Allow"));
    m_allow->setToolTip(isQuestion(item) ? QString() : tr("This once"));
    m_no->setText(isQuestion(item) ? tr("Do not answer") : tr("Deny"));
    m_allow->setVisible(!isLong(item));
    m_forTask->setVisible(item.kind == InboxKind::Permission && !isLong(item));
    for (QPushButton *button : std::as_const(m_buttons))
        button->setEnabled(!answering);
    if (!answering)
        updateAnswer();
    m_risk->setFact(describeRisk(item), lookOfRisk());
    m_place->setFact(describePlace(item), lookOf(item.place));
    QStringList said{what, m_risk->text(), m_place->text()};
    said.removeAll(QString());
    m_title->setAccessibleDescription(said.join(u". "_s));
}

void QuestionStrip::updateAnswer()
{
    m_allow->setEnabled(!isQuestion(m_item) || !m_choices->text().isEmpty());
}

void QuestionStrip::showEvent(QShowEvent *event)
{
    m_pause.begin();
    QFrame::showEvent(event);
}

void QuestionStrip::answer(api::AnswerKind kind, api::AnswerScope scope)
{
    if (!m_pause.isOver() || (kind == api::AnswerKind::Yes && !m_allow->isEnabled()))
        return;
    const bool gives = isQuestion(m_item) && kind == api::AnswerKind::Yes;
    emit answered({.inbox = m_item.id,
                   .answer = kind,
                   .scope = scope,
                   .message = gives ? m_choices->text() : QString()});
}

} // namespace muster
