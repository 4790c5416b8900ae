#include "ui/docks/schedules/task_text_dialog.h"

#include "core/viewmodel/task_stream.h"
#include "ui/theme/metrics.h"

#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {

TaskTextDialog::TaskTextDialog(api::NodeApi *node, TaskId task, const QString &title, QWidget *parent)
    : QDialog(parent)
    , m_stream(new TaskStream(node, this))
    , m_text(new QPlainTextEdit(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    m_text->setReadOnly(true);
    m_text->setAccessibleName(tr("What the agent wrote"));
    m_text->setPlaceholderText(tr("Nothing yet"));
    m_text->setProperty("role", u"document"_s);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::normal(), metrics::normal(), metrics::normal(), metrics::normal());
    column->addWidget(m_text);
    column->addWidget(buttons);
    resize(metrics::units(170), metrics::units(120));
    connect(m_stream, &TaskStream::restarted, this, &TaskTextDialog::showText);
    connect(m_stream, &TaskStream::appended, this, &TaskTextDialog::showText);
    m_stream->follow(task);
}

// Who reads its end goes on doing so.
void TaskTextDialog::showText()
{
    QScrollBar *bar = m_text->verticalScrollBar();
    const bool atEnd = bar->value() == bar->maximum() && bar->maximum() > 0;
    const int before = bar->value();
    m_text->setPlainText(m_stream->text());
    bar->setValue(atEnd ? bar->maximum() : before);
}

} // namespace muster
