#include "ui/docks/chat/question_strip.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/answering.h"
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

bool isLong(const api::InboxInfo &item) { return item.command.size() > longestCommand; }

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
{
    setProperty("role", u"banner"_s);
    m_sign->setIcon(u"permission"_s, &ThemeColors::waiting);
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
    auto *no = button(tr("Deny"), tr("The agent is told, and goes on without it"));
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
    grid->addLayout(buttons, 4, 1);
    grid->setColumnStretch(1, 1);

    using enum api::AnswerKind;
    connect(m_allow, &QPushButton::clicked, this, [this] { answer(Yes, api::AnswerScope::Once); });
    connect(m_forTask, &QPushButton::clicked, this, [this] { answer(Yes, api::AnswerScope::Task); });
    connect(no, &QPushButton::clicked, this, [this] { answer(No, api::AnswerScope::Once); });
    connect(details, &QPushButton::clicked, this, &QuestionStrip::detailsWanted);
}

void QuestionStrip::setItem(const api::InboxInfo &item, bool answering)
{
    if (item.id != m_item.id) {
        m_pause.begin();
        const auto *focus = qobject_cast<QPushButton *>(QApplication::focusWidget());
        if (focus && m_buttons.contains(focus))
            m_title->setFocus(Qt::OtherFocusReason); // it was chosen for the last one, not for this one
    }
    m_item = item;
    const QString what = whatOf(item);
    const bool writes = item.command.isEmpty() && !item.diff.isEmpty();
    m_title->setText(writes                    ? tr("The agent asks to write:")
                     : !item.command.isEmpty() ? tr("The agent asks to run:")
                                               : tr("The agent asks: %1").arg(withVisibleMarks(item.title)));
    m_what->setText(what);
    m_what->setVisible(!what.isEmpty());
    // Only what can be seen whole is allowed here.
    m_allow->setVisible(!isLong(item));
    m_forTask->setVisible(item.kind == InboxKind::Permission && !isLong(item));
    for (QPushButton *button : std::as_const(m_buttons))
        button->setEnabled(!answering);
    m_risk->setFact(describeRisk(item), lookOfRisk());
    m_place->setFact(describePlace(item), lookOf(item.place));
    QStringList said{what, m_risk->text(), m_place->text()};
    said.removeAll(QString());
    m_title->setAccessibleDescription(said.join(u". "_s));
}

void QuestionStrip::showEvent(QShowEvent *event)
{
    m_pause.begin();
    QFrame::showEvent(event);
}

void QuestionStrip::answer(api::AnswerKind kind, api::AnswerScope scope)
{
    if (!m_pause.isOver())
        return;
    emit answered({.inbox = m_item.id, .answer = kind, .scope = scope});
}

} // namespace muster
