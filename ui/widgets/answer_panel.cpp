#include "ui/widgets/answer_panel.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/answering.h"
#include "ui/widgets/choice_answer.h"
#include "ui/widgets/diff_highlighter.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/markdown_view.h"
#include "ui/widgets/recolored_icon_label.h"
#include "ui/widgets/status_look.h"

#include <QApplication>
#include <QComboBox>
#include <QDateTime>
#include <QFontDatabase>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHash>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// The others only want to be seen.
bool isAsking(InboxKind kind)
{
    return kind == InboxKind::Permission || kind == InboxKind::Approval || kind == InboxKind::Question;
}

QString exactly(const api::InboxInfo &item)
{
    if (item.command.isEmpty() || item.diff.isEmpty())
        return withVisibleMarks(item.command + item.diff);
    return withVisibleMarks(item.command % u"\n\n" % item.diff);
}

QString what(const api::InboxInfo &item)
{
    if (!item.command.isEmpty())
        return AnswerPanel::tr("Would run:");
    if (item.paths.isEmpty())
        return {};
    return AnswerPanel::tr("Would write: %1").arg(withVisibleMarks(item.paths.join(u", "_s)));
}

// What a flow has joined with line ends reads as lines, not as one paragraph.
QString withLineBreaks(QString markdown) { return markdown.replace(u'\n', u"  \n"_s); }

} // namespace

AnswerPanel::AnswerPanel(QWidget *parent)
    : QWidget(parent)
    , m_sign(new RecoloredIconLabel(u"question"_s, this))
    , m_title(new QLabel(this))
    , m_who(new QLabel(this))
    , m_paths(new QLabel(this))
    , m_risk(new FactLine(this))
    , m_place(new FactLine(this))
    , m_content(new QPlainTextEdit(this))
    , m_diff(new DiffHighlighter(m_content->document()))
    , m_body(new MarkdownView(tr("Why it is asked"), this))
    , m_choices(new ChoiceAnswer(this))
    , m_scroll(new QScrollArea(this))
    , m_buttons(makeButtons())
    , m_done(new QLabel(this))
{
    makeReadable(m_title);
    m_who->setProperty("role", u"muted"_s);
    m_who->setTextFormat(Qt::PlainText);
    m_who->setWordWrap(true);
    m_done->setTextFormat(Qt::PlainText);
    m_body->setProperty("role", u"message"_s);
    m_body->document()->setDocumentMargin(0);
    m_content->setReadOnly(true);
    m_content->setTabChangesFocus(true);
    m_content->setAccessibleName(tr("Exactly what is asked for"));
    m_content->setProperty("role", u"code"_s);
    m_content->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_paths->setTextFormat(Qt::PlainText);
    m_paths->setWordWrap(true);
    m_paths->setMinimumWidth(1); // a long path does not make the dock wide

    auto *head = new QHBoxLayout;
    head->setSpacing(metrics::normal());
    head->addWidget(m_sign, 0, Qt::AlignTop);
    head->addWidget(m_title, 1);
    auto *texts = new QWidget(m_scroll);
    auto *inner = new QVBoxLayout(texts);
    inner->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), 0);
    inner->setSpacing(metrics::normal());
    auto *facts = new QVBoxLayout;
    facts->setSpacing(metrics::tight());
    facts->addLayout(head);
    for (QWidget *fact : std::initializer_list<QWidget *>{m_who, m_risk, m_place, m_paths})
        facts->addWidget(fact);
    inner->addLayout(facts);
    inner->addWidget(m_content);
    inner->addWidget(m_body);
    inner->addWidget(m_choices);
    inner->addStretch();
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus); // the texts in it move it
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(texts);
    texts->setAutoFillBackground(false);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_scroll->setMinimumHeight(3 * fontMetrics().lineSpacing());
    for (QAbstractScrollArea *view : std::initializer_list<QAbstractScrollArea *>{m_content, m_body})
        view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (QWidget *text : std::initializer_list<QWidget *>{m_title, m_content, m_body})
        text->installEventFilter(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_scroll, 1);
    column->addWidget(m_buttons);
    column->addWidget(m_done);
    m_done->setContentsMargins(metrics::units(3), metrics::tight(), metrics::units(3), metrics::normal());
}

QWidget *AnswerPanel::makeButtons()
{
    auto *box = new QWidget(this);
    m_yes = new QPushButton(tr("&Yes"), box);
    m_no = new QPushButton(tr("&No"), box);
    m_later = new QPushButton(tr("&Later"), box);
    m_scope = new QComboBox(box);
    m_message = new QLineEdit(box);
    for (QPushButton *button : {m_yes, m_no, m_later}) {
        makeAnswer(button);
        button->setSizePolicy(QSizePolicy::Fixed,
                              QSizePolicy::Fixed); // what cannot be read cannot be answered
    }
    m_later->setToolTip(tr("Stays open, at the end of the list. It is not a no."));
    m_scope->setAccessibleName(tr("How far the answer goes"));
    m_scope->addItem(tr("This once"), static_cast<int>(api::AnswerScope::Once));
    m_scope->addItem(tr("For this task"), static_cast<int>(api::AnswerScope::Task));
    m_scope->addItem(tr("Always in this project"), static_cast<int>(api::AnswerScope::Always));
    for (QWidget *part : std::initializer_list<QWidget *>{m_choices, m_scope})
        part->hide(); // until there is a question that has them
    m_message->setPlaceholderText(tr("A word to go with it (optional)"));
    m_message->setAccessibleName(m_message->placeholderText());
    m_message->setToolTip(m_message->placeholderText());
    connect(m_choices, &ChoiceAnswer::changed, this, [this] {
        m_yes->setEnabled(m_item.kind != InboxKind::Question || !m_choices->text().isEmpty());
    });
    connect(m_choices, &ChoiceAnswer::entered, this, [this] { answer(api::AnswerKind::Yes); });
    connect(m_yes, &QPushButton::clicked, this, [this] { answer(api::AnswerKind::Yes); });
    connect(m_no, &QPushButton::clicked, this, [this] { answer(api::AnswerKind::No); });
    connect(m_later, &QPushButton::clicked, this, [this] { answer(api::AnswerKind::Later); });

    auto *row = new QHBoxLayout;
    row->setSpacing(metrics::normal());
    for (QWidget *part : std::initializer_list<QWidget *>{m_yes, m_no, m_later, m_scope})
        row->addWidget(part);
    row->addStretch();
    m_rows = new QGridLayout(box);
    m_rows->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::normal());
    m_rows->setHorizontalSpacing(metrics::normal());
    m_rows->setVerticalSpacing(metrics::tight());
    m_rows->setColumnStretch(1, 1);
    m_rows->addLayout(row, 0, 0);
    m_rows->addWidget(m_message, 0, 1);
    return box;
}

void AnswerPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeMessage();
}

// A button that cannot be read cannot be pressed knowingly: the word to go with it moves to a row of its own.
void AnswerPanel::placeMessage()
{
    const QLayout *buttons = m_rows->itemAtPosition(0, 0)->layout();
    const bool narrow =
        width() < buttons->sizeHint().width() + metrics::units(40) && height() >= metrics::units(44);
    const bool isBelow = m_rows->itemAtPosition(1, 0) != nullptr;
    if (narrow == isBelow)
        return;
    m_rows->removeWidget(m_message);
    if (narrow)
        m_rows->addWidget(m_message, 1, 0, 1, 2);
    else
        m_rows->addWidget(m_message, 0, 1);
}

// As tall as what they say: one scroll bar for all.
void AnswerPanel::fitTexts()
{
    const int around = 2 * metrics::units(2) + 2;
    m_content->setFixedHeight(static_cast<int>(m_content->document()->size().height()) *
                                  m_content->fontMetrics().lineSpacing() +
                              around + 2 * static_cast<int>(m_content->document()->documentMargin()));
    m_body->setFixedHeight(static_cast<int>(m_body->document()->size().height()) + around);
}

bool AnswerPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        QMetaObject::invokeMethod(this, &AnswerPanel::fitTexts, Qt::QueuedConnection);
    if (event->type() == QEvent::KeyPress) {
        using Bar = QAbstractSlider;
        static const QHash<int, Bar::SliderAction> moves{
            {Qt::Key_Up, Bar::SliderSingleStepSub},   {Qt::Key_Down, Bar::SliderSingleStepAdd},
            {Qt::Key_PageUp, Bar::SliderPageStepSub}, {Qt::Key_PageDown, Bar::SliderPageStepAdd},
            {Qt::Key_Home, Bar::SliderToMinimum},     {Qt::Key_End, Bar::SliderToMaximum}};
        const auto *key = static_cast<QKeyEvent *>(event);
        if (const auto move = moves.constFind(key->key());
            move != moves.cend() && key->modifiers() == Qt::NoModifier) {
            m_scroll->verticalScrollBar()->triggerAction(*move);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void AnswerPanel::setItem(const api::InboxInfo &item, bool answering)
{
    const bool another = item.id != m_item.id;
    if (another && m_buttons->isAncestorOf(QApplication::focusWidget()))
        focusQuestion(); // what was chosen for the last one is not chosen for this one
    m_item = item;
    const StatusLook look = lookOf(item.kind);
    m_sign->setIcon(look.icon, look.color);
    m_title->setText(describeTitle(item));
    const QString age = describeAge(item.createdAt, QDateTime::currentMSecsSinceEpoch());
    QStringList facts{describe(item.kind), item.project, item.who, age};
    if (item.status == InboxStatus::Open && item.expiresAt > 0)
        facts += tr("can be answered until %1").arg(describeTime(item.expiresAt));
    facts.removeAll(QString());
    m_who->setText(facts.join(u" · "_s));
    m_risk->setFact(describeRisk(item), lookOfRisk());
    m_place->setFact(describePlace(item), lookOf(item.place));
    QStringList said{m_who->text(), m_risk->text(), m_place->text()};
    said.removeAll(QString());
    m_title->setAccessibleDescription(said.join(u". "_s));
    if (another) {
        m_pause.begin();
        showContent();
        m_message->clear();
        m_scope->setCurrentIndex(0);
        m_choices->setChoices(item.choices, item.details, item.several);
    }
    showButtons(answering);
    updateDone();
}

void AnswerPanel::showEvent(QShowEvent *event)
{
    m_pause.begin();
    QWidget::showEvent(event);
}

void AnswerPanel::showContent()
{
    const QString code = exactly(m_item);
    m_paths->setText(what(m_item));
    m_paths->setVisible(!m_paths->text().isEmpty());
    m_content->setPlainText(code);
    m_content->setVisible(!code.isEmpty());
    m_diff->setEnabled(!m_item.diff.isEmpty());
    m_body->setText(withLineBreaks(withVisibleMarks(m_item.body)));
    m_body->setVisible(!m_item.body.isEmpty());
    fitTexts();
    m_scroll->verticalScrollBar()->setValue(0);
}

void AnswerPanel::showButtons(bool answering)
{
    const bool open = m_item.status == InboxStatus::Open;
    const bool asks = isAsking(m_item.kind);
    m_buttons->setVisible(open);
    m_buttons->setEnabled(!answering);
    const bool isQuestion = m_item.kind == InboxKind::Question;
    m_choices->setVisible(open && isQuestion);
    m_choices->setEnabled(!answering);
    m_yes->setText(isQuestion ? tr("&Answer") : asks ? tr("&Yes") : tr("&Seen"));
    m_yes->setEnabled(!isQuestion || !m_choices->text().isEmpty());
    m_no->setText(isQuestion ? tr("Do &not answer") : tr("&No"));
    m_no->setVisible(asks);
    m_scope->setVisible(m_item.kind == InboxKind::Permission);
    m_message->setVisible(asks && !isQuestion);
    placeMessage();
}

void AnswerPanel::updateDone()
{
    m_done->setVisible(m_item.status != InboxStatus::Open);
    const QString when = describeTime(m_item.answeredAt);
    if (m_item.status == InboxStatus::Withdrawn)
        m_done->setText(m_item.answeredBy == "timeout"_L1 ? tr("Not answered in time. %1").arg(when)
                                                          : tr("No longer asked for. %1").arg(when));
    else if (m_item.answer == "yes"_L1)
        m_done->setText(tr("Answered yes by %1, %2").arg(m_item.answeredBy, when));
    else if (m_item.answer == "no"_L1)
        m_done->setText(tr("Answered no by %1, %2").arg(m_item.answeredBy, when));
    else
        m_done->setText(tr("Answered “%1” by %2, %3").arg(m_item.answer, m_item.answeredBy, when));
}

void AnswerPanel::answer(api::AnswerKind kind)
{
    if (!m_item.id.isValid() || m_item.status != InboxStatus::Open || !m_buttons->isEnabled() ||
        !m_pause.isOver())
        return;
    if ((kind == api::AnswerKind::No && !isAsking(m_item.kind)) ||
        (kind == api::AnswerKind::Yes && !m_yes->isEnabled()))
        return;
    api::AnswerInbox given{.inbox = m_item.id, .answer = kind, .message = m_message->text().trimmed()};
    if (m_item.kind == InboxKind::Permission)
        given.scope = static_cast<api::AnswerScope>(m_scope->currentData().toInt());
    if (m_item.kind == InboxKind::Question)
        given.message = kind == api::AnswerKind::Yes ? m_choices->text() : QString();
    emit answered(given);
}

// From there Tab reaches what is asked for, and then the answers.
void AnswerPanel::focusQuestion() { m_title->setFocus(Qt::ShortcutFocusReason); }

} // namespace muster
