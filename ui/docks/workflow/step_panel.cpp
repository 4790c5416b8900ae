#include "ui/docks/workflow/step_panel.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/inbox_model.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/task_stream.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/answer_panel.h"
#include "ui/widgets/recolored_icon_label.h"
#include "ui/widgets/status_look.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTextCursor>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {

StepPanel::StepPanel(NodeFeed *feed, InboxModel *inbox, QWidget *parent)
    : QWidget(parent)
    , m_inbox(inbox)
    , m_stream(new TaskStream(&feed->node(), this))
    , m_sign(new RecoloredIconLabel(u"status-pending"_s, this))
    , m_title(new QLabel(this))
    , m_advice(new QLabel(this))
    , m_body(new QStackedWidget(this))
    , m_output(new QPlainTextEdit(this))
    , m_answers(new AnswerPanel(this))
{
    m_title->setProperty("role", u"heading"_s);
    m_advice->setProperty("role", u"muted"_s);
    for (QLabel *label : {m_title, m_advice}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_output->setReadOnly(true);
    m_output->setTabChangesFocus(true);
    m_output->setProperty("role", u"document"_s);
    m_output->setAccessibleName(tr("What the step wrote"));
    m_body->addWidget(m_output);
    m_body->addWidget(m_answers);

    auto *head = new QHBoxLayout;
    head->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), 0);
    head->setSpacing(metrics::normal());
    head->addWidget(m_sign, 0, Qt::AlignTop);
    head->addWidget(m_title, 1);
    m_advice->setContentsMargins(metrics::units(3), 0, metrics::units(3), 0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::tight());
    column->addLayout(head);
    column->addWidget(m_advice);
    column->addWidget(m_body, 1);

    connect(m_stream, &TaskStream::restarted, this, &StepPanel::showOutput);
    connect(m_stream, &TaskStream::appended, this, &StepPanel::append);
    connect(m_inbox, &InboxModel::loaded, this, &StepPanel::showAnswers);
    connect(m_inbox, &InboxModel::dataChanged, this, &StepPanel::showAnswers);
    connect(m_answers, &AnswerPanel::answered, m_inbox, &InboxModel::answer);
}

void StepPanel::setStep(const api::StepInfo *step, const QString &statusText)
{
    m_step = step ? *step : api::StepInfo();
    setVisible(step != nullptr);
    const StatusLook look = lookOf(m_step.status);
    m_sign->setIcon(look.icon, look.color);
    const QString name = m_step.label.isEmpty() ? m_step.stepId : m_step.label;
    m_title->setText(name % u" – " % statusText);
    m_advice->setText(m_step.reason ? adviceFor(*m_step.reason) : QString());
    m_advice->setVisible(!m_advice->text().isEmpty());
    m_stream->follow(m_active ? m_step.task : TaskId());
    if (m_stream->text().isEmpty())
        showOutput();
    showAnswers();
}

void StepPanel::setActive(bool active)
{
    m_active = active;
    m_stream->follow(active ? m_step.task : TaskId());
}

void StepPanel::showOutput()
{
    // Steps without a stream (shell commands, joins) have their output in the record.
    const QString &text = m_stream->text().isEmpty() ? m_step.output : m_stream->text();
    if (m_output->toPlainText() != text) {
        m_output->setFont(m_step.kind == "shell"_L1 ? QFontDatabase::systemFont(QFontDatabase::FixedFont)
                                                    : font());
        m_output->setPlainText(text);
        m_output->moveCursor(isSettled(m_step.status) ? QTextCursor::Start : QTextCursor::End);
    }
    m_output->setPlaceholderText(isSettled(m_step.status) ? tr("This step wrote nothing.")
                                                          : tr("Nothing written yet."));
}

void StepPanel::append(const QString &addition)
{
    if (m_output->toPlainText().isEmpty() || m_stream->text().size() == addition.size()) {
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

void StepPanel::showAnswers()
{
    const api::InboxInfo *item =
        m_step.inbox.isValid() ? m_inbox->rowAt(m_inbox->indexOf(m_step.inbox).row()) : nullptr;
    if (item)
        m_answers->setItem(*item, m_inbox->isAnswering(item->id));
    m_body->setCurrentWidget(item ? static_cast<QWidget *>(m_answers) : m_output);
}

} // namespace muster
