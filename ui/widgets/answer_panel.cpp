#include "ui/widgets/answer_panel.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/diff_highlighter.h"
#include "ui/widgets/markdown_view.h"
#include "ui/widgets/recolored_icon_label.h"
#include "ui/widgets/status_look.h"

#include <QComboBox>
#include <QDateTime>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

bool isAsking(InboxKind kind) { return kind != InboxKind::Warning && kind != InboxKind::Failure; }

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

} // namespace

AnswerPanel::AnswerPanel(QWidget *parent)
    : QWidget(parent)
    , m_sign(new RecoloredIconLabel(u"question"_s, this))
    , m_title(new QLabel(this))
    , m_who(new QLabel(this))
    , m_paths(new QLabel(this))
    , m_content(new QPlainTextEdit(this))
    , m_diff(new DiffHighlighter(m_content->document()))
    , m_body(new MarkdownView(tr("Why it is asked"), this))
    , m_buttons(makeButtons())
    , m_done(new QLabel(this))
{
    m_title->setProperty("role", u"heading"_s);
    m_title->setWordWrap(true);
    m_title->setTextFormat(Qt::PlainText);
    m_who->setProperty("role", u"muted"_s);
    m_who->setTextFormat(Qt::PlainText);
    m_who->setWordWrap(true);
    m_done->setTextFormat(Qt::PlainText);
    m_content->setReadOnly(true);
    m_content->setMinimumHeight(metrics::units(5));
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
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::units(3), metrics::units(3), metrics::units(3), metrics::units(3));
    column->setSpacing(metrics::normal());
    column->addLayout(head);
    column->addWidget(m_who);
    column->addWidget(m_paths);
    column->addWidget(m_content, 1);
    column->addWidget(m_body, 1);
    column->addWidget(m_buttons);
    column->addWidget(m_done);
}

QWidget *AnswerPanel::makeButtons()
{
    auto *box = new QWidget(this);
    m_yes = new QPushButton(tr("&Yes"), box);
    m_no = new QPushButton(tr("&No"), box);
    m_later = new QPushButton(tr("&Later"), box);
    m_choices = new QComboBox(box);
    m_scope = new QComboBox(box);
    m_message = new QLineEdit(box);
    m_yes->setProperty("role", u"primary"_s);
    m_later->setToolTip(tr("Stays open, at the end of the list. It is not a no."));
    m_choices->setAccessibleName(tr("Answer"));
    m_scope->setAccessibleName(tr("How far the answer goes"));
    m_scope->addItem(tr("This once"), static_cast<int>(api::AnswerScope::Once));
    m_scope->addItem(tr("For this task"), static_cast<int>(api::AnswerScope::Task));
    m_scope->addItem(tr("Always in this project"), static_cast<int>(api::AnswerScope::Always));
    m_message->setPlaceholderText(tr("A word to go with it (optional)"));
    m_message->setAccessibleName(m_message->placeholderText());
    connect(m_yes, &QPushButton::clicked, this, [this] { answer(api::AnswerKind::Yes); });
    connect(m_no, &QPushButton::clicked, this, [this] { answer(api::AnswerKind::No); });
    connect(m_later, &QPushButton::clicked, this, [this] { answer(api::AnswerKind::Later); });

    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::normal());
    for (QWidget *part : std::initializer_list<QWidget *>{m_choices, m_yes, m_no, m_later, m_scope})
        row->addWidget(part);
    row->addWidget(m_message, 1);
    return box;
}

void AnswerPanel::setItem(const api::InboxInfo &item, bool answering)
{
    const bool another = item.id != m_item.id;
    m_item = item;
    const StatusLook look = lookOf(item.kind);
    m_sign->setIcon(look.icon, look.color);
    m_title->setText(item.title.isEmpty() ? describe(item.kind) : withVisibleMarks(item.title));
    const QString age = describeAge(item.createdAt, QDateTime::currentMSecsSinceEpoch());
    QStringList facts{describe(item.kind), item.project, item.who, age};
    facts.removeAll(QString());
    m_who->setText(facts.join(u" · "_s));
    if (another) {
        m_pause.begin();
        showContent();
        m_message->clear();
        m_scope->setCurrentIndex(0);
        m_choices->clear();
        m_choices->addItems(item.choices);
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
    m_body->setText(withVisibleMarks(m_item.body));
    m_body->setVisible(!m_item.body.isEmpty());
}

void AnswerPanel::showButtons(bool answering)
{
    const bool open = m_item.status == InboxStatus::Open;
    const bool asks = isAsking(m_item.kind);
    m_buttons->setVisible(open);
    m_buttons->setEnabled(!answering);
    m_choices->setVisible(!m_item.choices.isEmpty());
    m_yes->setText(!m_item.choices.isEmpty() ? tr("&Answer") : asks ? tr("&Yes") : tr("&Seen"));
    m_no->setVisible(asks && m_item.choices.isEmpty());
    m_scope->setVisible(m_item.kind == InboxKind::Permission);
    m_message->setVisible(asks && m_item.choices.isEmpty());
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
    if (kind == api::AnswerKind::No && (!isAsking(m_item.kind) || !m_item.choices.isEmpty()))
        return;
    api::AnswerInbox given{.inbox = m_item.id, .answer = kind, .message = m_message->text().trimmed()};
    if (m_item.kind == InboxKind::Permission)
        given.scope = static_cast<api::AnswerScope>(m_scope->currentData().toInt());
    if (!m_item.choices.isEmpty())
        given.message = m_choices->currentText();
    emit answered(given);
}

void AnswerPanel::focusAnswers()
{
    if (m_buttons->isVisible())
        m_yes->setFocus(Qt::ShortcutFocusReason);
    else
        (m_content->isVisible() ? m_content : static_cast<QWidget *>(m_body))
            ->setFocus(Qt::ShortcutFocusReason);
}

} // namespace muster
