#include "ui/docks/workflow/step_panel.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_run.h"
#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/describe_work.h"
#include "core/viewmodel/inbox_model.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/task_stream.h"
#include "ui/docks/workflow/item_list.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/answer_panel.h"
#include "ui/widgets/breakable.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/markdown_view.h"
#include "ui/widgets/recolored_icon_label.h"
#include "ui/widgets/status_look.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTextCursor>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// Of height: the answers without what they are about. Windows of 600 pixels still hold all docks of a layout.
constexpr int leastUnits = 38;

bool isCommand(const api::StepInfo &step) { return step.kind == "shell"_L1 || step.kind == "merge"_L1; }

// Answers in JSON and what commands print are shown as they are.
bool isProse(const api::StepInfo &step, const QString &text)
{
    const QString start = text.left(200).trimmed();
    return !isCommand(step) && !start.isEmpty() && !start.startsWith(u'{') && !start.startsWith(u'[');
}

} // namespace

StepPanel::StepPanel(NodeFeed *feed, InboxModel *inbox, QWidget *parent)
    : QWidget(parent)
    , m_inbox(inbox)
    , m_stream(new TaskStream(&feed->node(), this))
    , m_head(new QWidget(this))
    , m_sign(new RecoloredIconLabel(u"status-pending"_s, m_head))
    , m_title(new QLabel(this))
    , m_advice(new QLabel(this))
    , m_child(new QPushButton(themedIcon(u"flow"_s), {}, this))
    , m_fallback(new FactLine(this))
    , m_context(new FactLine(this))
    , m_body(new QStackedWidget(this))
    , m_output(new QPlainTextEdit(this))
    , m_document(new MarkdownView(tr("What the step wrote"), this))
    , m_answers(new AnswerPanel(this))
    , m_items(new ItemList(this))
{
    m_title->setProperty("role", u"heading"_s);
    m_advice->setProperty("role", u"muted"_s);
    for (QLabel *label : {m_title, m_advice}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_output->setReadOnly(true);
    m_output->setMinimumHeight(metrics::units(10));
    m_output->setTabChangesFocus(true);
    m_output->setProperty("role", u"document"_s);
    m_output->setAccessibleName(tr("What the step wrote"));
    m_body->addWidget(m_output);
    m_body->addWidget(m_document);
    m_body->addWidget(m_answers);
    m_body->addWidget(m_items);

    auto *head = new QHBoxLayout(m_head);
    head->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), 0);
    head->setSpacing(metrics::normal());
    head->addWidget(m_sign, 0, Qt::AlignTop);
    head->addWidget(m_title, 1);
    head->addWidget(m_child, 0, Qt::AlignTop);
    m_advice->setContentsMargins(metrics::units(3), 0, metrics::units(3), 0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::tight());
    column->addWidget(m_head);
    m_fallback->setContentsMargins(metrics::units(3), 0, metrics::units(3), 0);
    column->addWidget(m_advice);
    column->addWidget(m_fallback);
    m_context->setContentsMargins(metrics::units(3), 0, metrics::units(3), 0);
    column->addWidget(m_context);
    column->addWidget(m_body, 1);

    m_child->setAccessibleName(tr("The run that this step has started"));
    m_child->setToolTip(tr("Show the run that this step has started"));
    connect(m_child, &QPushButton::clicked, this, [this] { emit runWanted(m_step.child); });
    setMinimumHeight(metrics::units(leastUnits));
    connect(m_stream, &TaskStream::restarted, this, &StepPanel::showOutput);
    connect(m_stream, &TaskStream::appended, this, &StepPanel::append);
    connect(m_inbox, &InboxModel::loaded, this, &StepPanel::showBody);
    connect(m_inbox, &InboxModel::dataChanged, this, &StepPanel::showBody);
    connect(m_answers, &AnswerPanel::answered, m_inbox, &InboxModel::answer);
}

void StepPanel::setStep(const api::StepInfo *step, const QString &statusText)
{
    m_step = step ? *step : api::StepInfo();
    setVisible(step != nullptr);
    const StatusLook look = lookOf(m_step.status);
    m_sign->setIcon(look.icon, look.color);
    setStatus(statusText);
    m_child->setText(tr("Show %1").arg(describeChild(m_step)));
    m_child->setAccessibleDescription(m_child->text());
    m_child->setVisible(m_step.child.isValid());
    m_advice->setText(m_step.reason ? adviceFor(*m_step.reason, m_step.detail) : QString());
    m_advice->setVisible(!m_advice->text().isEmpty());
    m_fallback->setFact(m_step.fallback ? describeFallback(*m_step.fallback) : QString(), lookOfFallback());
    m_context->setFact(describeContext(m_step.context), {u"file"_s, &ThemeColors::neutral});
    // Names of files may look like markup.
    m_context->setToolTip(describeContextParts(m_step.context).toHtmlEscaped().replace(u"\n"_s, u"<br>"_s));
    follow();
    if (m_stream->text().isEmpty() || isSettled(m_step.status))
        showOutput();
    else
        showBody();
}

void StepPanel::setStatus(const QString &text)
{
    const QString name = m_step.label.isEmpty() ? m_step.stepId : m_step.label;
    const QString title = name % u" – " % text;
    m_title->setText(breakable(title));
    m_title->setAccessibleName(title);
}

void StepPanel::setActive(bool active)
{
    m_active = active;
    follow();
}

void StepPanel::follow()
{
    m_stream->follow(m_active ? m_step.task : TaskId(), isCommand(m_step) ? u"tool"_s : u"text"_s);
}

const QString &StepPanel::text() const
{
    // Of a command that has ended the record has the beginning and the end, the stream only the last part.
    const bool recorded = isCommand(m_step) && isSettled(m_step.status) && !m_step.output.isEmpty();
    return recorded || m_stream->text().isEmpty() ? m_step.output : m_stream->text();
}

void StepPanel::showOutput()
{
    const QString &shown = text();
    const bool settled = isSettled(m_step.status);
    if (settled && isProse(m_step, shown)) {
        m_document->setText(shown);
    } else if (m_output->toPlainText() != shown) {
        m_output->setFont(m_step.kind == "agent"_L1 ? font()
                                                    : QFontDatabase::systemFont(QFontDatabase::FixedFont));
        m_output->setPlainText(shown);
        m_output->moveCursor(settled ? QTextCursor::Start : QTextCursor::End);
    }
    m_output->setPlaceholderText(settled ? tr("This step wrote nothing.") : tr("Nothing written yet."));
    showBody();
}

void StepPanel::append(const QString &addition)
{
    if (isSettled(m_step.status) || m_output->toPlainText().isEmpty() ||
        m_stream->text().size() == addition.size()) {
        showOutput();
        return;
    }
    QScrollBar *bar = m_output->verticalScrollBar();
    const bool atEnd = bar->value() >= bar->maximum();
    QTextCursor end(m_output->document());
    end.movePosition(QTextCursor::End);
    end.insertText(addition);
    if (atEnd)
        bar->setValue(bar->maximum());
}

void StepPanel::showBody()
{
    const api::InboxInfo *item =
        m_step.inbox.isValid() ? m_inbox->rowAt(m_inbox->indexOf(m_step.inbox).row()) : nullptr;
    m_head->setVisible(!item); // the answers say what it is about
    if (item) {
        m_answers->setItem(*item, m_inbox->isAnswering(item->id));
        m_body->setCurrentWidget(m_answers);
        return;
    }
    const bool hadFocus = m_items->hasFocus();
    const bool document = isSettled(m_step.status) && isProse(m_step, text());
    if (!m_items->isEmpty() && text().isEmpty())
        m_body->setCurrentWidget(m_items);
    else
        m_body->setCurrentWidget(document ? static_cast<QWidget *>(m_document) : m_output);
    if (hadFocus)
        m_body->currentWidget()->setFocus();
}

void StepPanel::focusBody()
{
    if (m_body->currentWidget() == m_answers)
        m_answers->focusQuestion();
    else
        m_body->currentWidget()->setFocus();
}

} // namespace muster
