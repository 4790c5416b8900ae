#include "ui/docks/chat/tool_line.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tool.h"
#include "core/viewmodel/message_model.h"
#include "ui/docks/chat/tool_button.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/diff_highlighter.h"

#include <QDateTime>
#include <QFontDatabase>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QVBoxLayout>

#include <ranges>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int clockMs = 1000;
constexpr int linesShown = 14; // of each text; the rest scrolls

int indent() { return metrics::units(6); }

StatusLook signOf(const api::ToolCall &call, bool live)
{
    if (!call.outcome && live && call.waitsForYou)
        return {u"permission"_s, &ThemeColors::waiting};
    if (!call.outcome)
        return live ? StatusLook{u"status-running"_s, &ThemeColors::running}
                    : StatusLook{u"status-cancelled"_s, &ThemeColors::neutral};
    switch (*call.outcome) {
    case ToolOutcome::Ok:
        return {u"status-completed"_s, &ThemeColors::completed};
    case ToolOutcome::Failed:
        return {u"status-failed"_s, &ThemeColors::failed};
    case ToolOutcome::Declined:
    case ToolOutcome::Cancelled:
        break;
    }
    return {u"status-cancelled"_s, &ThemeColors::neutral};
}

QPlainTextEdit *makeBox(const QString &name, QWidget *parent)
{
    auto *box = new QPlainTextEdit(parent);
    box->setReadOnly(true);
    box->setProperty("role", u"code"_s);
    box->setAccessibleName(name);
    box->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    box->setLineWrapMode(QPlainTextEdit::NoWrap);
    box->setTabChangesFocus(true);
    box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return box;
}

void fitHeight(QPlainTextEdit *box, int width)
{
    box->ensurePolished(); // its frame is as wide as the style sheet says
    const int lines = std::clamp(box->blockCount(), 1, linesShown);
    const int margins = 2 * box->frameWidth() + static_cast<int>(2 * box->document()->documentMargin());
    const QStringList texts = box->toPlainText().split(u'\n');
    const int widest = std::ranges::max(texts | std::views::transform([box](const QString &line) {
        return box->fontMetrics().horizontalAdvance(line);
    }));
    const bool scrolls = widest + margins > width;
    box->setFixedHeight(lines * box->fontMetrics().lineSpacing() + margins + metrics::tight() +
                        (scrolls ? box->horizontalScrollBar()->sizeHint().height() : 0));
}

} // namespace

ToolLine::ToolLine(MessageModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_button(new ToolButton(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_button);
    m_clock.setInterval(clockMs);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        showLook();
        if (m_details && m_details->isVisible())
            ask();
    });
    connect(m_button, &QAbstractButton::toggled, this, &ToolLine::open);
}

void ToolLine::setCall(TaskId task, const api::ToolCall &call, bool live)
{
    const bool settled = call.outcome && !m_call.outcome;
    m_task = task;
    m_call = call;
    m_live = live;
    if (live && !call.outcome)
        m_clock.start();
    else
        m_clock.stop();
    showLook();
    if (settled && m_button->isChecked())
        ask();
}

void ToolLine::showLook()
{
    m_button->setLook(
        {.icon = iconFor(m_call.kind),
         .title = toolTitle(m_call),
         .added = m_call.added > 0 ? QString(u'+' % QString::number(m_call.added)) : QString(),
         .removed = m_call.removed > 0 ? QString(u'−' % QString::number(m_call.removed)) : QString(),
         .state = describeToolState(m_call, m_live, QDateTime::currentMSecsSinceEpoch()),
         .sign = signOf(m_call, m_live)});
    const QString where = m_call.paths.join(u'\n');
    m_button->setToolTip(describe(m_call.kind) % u": " % toolTitle(m_call) %
                         (where.isEmpty() ? QString() : QString(u'\n' % where)));
}

void ToolLine::open(bool wanted)
{
    if (wanted && !m_details) {
        m_details = new QWidget(this);
        m_column = new QVBoxLayout(m_details);
        m_column->setContentsMargins(indent(), metrics::tight(), 0, metrics::tight());
        m_column->setSpacing(metrics::tight());
        m_note = new QLabel(tr("Loading…"), m_details);
        m_note->setProperty("role", u"muted"_s);
        m_note->setTextFormat(Qt::PlainText);
        m_note->setWordWrap(true);
        m_column->addWidget(m_note);
        layout()->addWidget(m_details);
    }
    if (m_details)
        m_details->setVisible(wanted);
    if (wanted)
        ask();
}

void ToolLine::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_colors)
        m_colors->rehighlight();
}

void ToolLine::ask()
{
    m_model->askTool(m_task, m_call.id, this,
                     [this](const Result<api::ToolDetail> &detail) { showDetail(detail); });
}

void ToolLine::showDetail(const Result<api::ToolDetail> &detail)
{
    if (!detail) {
        m_note->setText(describe(detail.error()));
        m_note->show();
        return;
    }
    showText(m_input, m_call.kind == ToolKind::Execute ? tr("Command") : tr("Given"), detail->input);
    showText(m_diff, tr("Changes"), detail->diff);
    showText(m_output, tr("Output"), detail->output);
    QString note;
    if (detail->input.isEmpty() && detail->diff.isEmpty() && detail->output.isEmpty())
        note = m_live && !m_call.outcome ? tr("It has said nothing yet.") : tr("It said nothing more.");
    else if (detail->outputCut)
        note = tr("Only the end of its output is shown.");
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void ToolLine::showText(QPlainTextEdit *&box, const QString &name, const QString &text)
{
    const QString shown = text.endsWith(u'\n') ? text.chopped(1) : text;
    if (!box && !shown.isEmpty()) {
        box = makeBox(name, m_details);
        auto *title = new QLabel(name, m_details);
        title->setProperty("role", u"muted"_s);
        title->setBuddy(box);
        m_column->addWidget(title);
        m_column->addWidget(box);
        if (&box == &m_diff) {
            m_colors = new DiffHighlighter(box->document());
            m_colors->setEnabled(true);
        }
    }
    if (!box || box->toPlainText() == shown)
        return;
    const bool atEnd = box->verticalScrollBar()->value() == box->verticalScrollBar()->maximum();
    box->setPlainText(shown);
    fitHeight(box, width() - indent());
    if (atEnd && &box == &m_output)
        box->verticalScrollBar()->setValue(box->verticalScrollBar()->maximum());
}

} // namespace muster
