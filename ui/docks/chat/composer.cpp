#include "ui/docks/chat/composer.h"

#include "ui/docks/chat/attachment_bar.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int fewestLines = 2;
constexpr int mostLines = 10;

QStringList localFiles(const QMimeData *data)
{
    QStringList paths;
    const QList<QUrl> urls = data->urls();
    for (const QUrl &url : urls)
        if (url.isLocalFile())
            paths += url.toLocalFile();
    return paths;
}

} // namespace

MessageEdit::MessageEdit(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setPlaceholderText(tr("Ask about this project, or say what to do"));
    setAccessibleName(tr("Message"));
    setTabChangesFocus(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(document(), &QTextDocument::contentsChanged, this, &QWidget::updateGeometry);
}

QSize MessageEdit::sizeHint() const
{
    // A plain text's document counts in lines as they are wrapped.
    const int lines = std::clamp(static_cast<int>(document()->size().height()), fewestLines, mostLines);
    const int frame = 2 * frameWidth() + 2 * static_cast<int>(document()->documentMargin());
    return {metrics::units(40), lines * fontMetrics().lineSpacing() + frame + metrics::units(2)};
}

void MessageEdit::keyPressEvent(QKeyEvent *event)
{
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isReturn && (event->modifiers() & Qt::ControlModifier))
        emit steerWanted();
    else if (isReturn && !(event->modifiers() & Qt::ShiftModifier))
        emit sendWanted();
    else if (event->key() == Qt::Key_Escape)
        emit stopWanted();
    else
        QPlainTextEdit::keyPressEvent(event);
}

void MessageEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

bool MessageEdit::canInsertFromMimeData(const QMimeData *source) const
{
    return !localFiles(source).isEmpty() || QPlainTextEdit::canInsertFromMimeData(source);
}

void MessageEdit::insertFromMimeData(const QMimeData *source)
{
    if (const QStringList files = localFiles(source); !files.isEmpty())
        emit filesDropped(files);
    else
        QPlainTextEdit::insertFromMimeData(source);
}

Composer::Composer(QWidget *parent)
    : QWidget(parent)
    , m_edit(new MessageEdit(this))
    , m_attachments(new AttachmentBar(this))
    , m_runtime(new QComboBox(this))
    , m_send(new QPushButton(tr("Send"), this))
    , m_stop(new QPushButton(tr("Stop"), this))
{
    m_runtime->setAccessibleName(tr("Agent of the new conversation"));
    m_runtime->setToolTip(m_runtime->accessibleName());
    m_runtime->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_send->setProperty("role", u"primary"_s);
    m_stop->setIcon(themedIcon(u"stop"_s));
    m_stop->setToolTip(tr("Stop the answer; what is written stays (Escape)"));
    auto *attach = new QToolButton(this);
    attach->setIcon(themedIcon(u"file-added"_s));
    attach->setToolTip(tr("Attach files; they can also be dropped here"));
    attach->setAccessibleName(tr("Attach files"));

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::tight());
    buttons->addWidget(attach);
    buttons->addWidget(m_runtime);
    buttons->addStretch();
    buttons->addWidget(m_stop);
    buttons->addSpacing(metrics::normal() - metrics::tight());
    buttons->addWidget(m_send);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::normal());
    column->setSpacing(metrics::tight());
    column->addWidget(m_attachments);
    column->addWidget(m_edit);
    column->addLayout(buttons);

    connect(attach, &QToolButton::clicked, this, [this] {
        const QStringList files = QFileDialog::getOpenFileNames(this, tr("Attach files"));
        for (const QString &file : files)
            m_attachments->add(file);
    });
    connect(m_edit, &MessageEdit::filesDropped, this, [this](const QStringList &files) {
        for (const QString &file : files)
            m_attachments->add(file);
    });
    connect(m_edit, &MessageEdit::sendWanted, this, [this] { send(false); });
    connect(m_edit, &MessageEdit::steerWanted, this, [this] { send(true); });
    connect(m_edit, &MessageEdit::stopWanted, this, [this] {
        if (m_working)
            emit stopWanted();
    });
    connect(this, &Composer::edited, this, &Composer::updateButtons);
    connect(m_edit, &QPlainTextEdit::textChanged, this, &Composer::edited);
    connect(m_attachments, &AttachmentBar::changed, this, &Composer::edited);
    connect(m_send, &QPushButton::clicked, this, [this] { send(false); });
    connect(m_stop, &QPushButton::clicked, this, &Composer::stopWanted);
    updateButtons();
}

void Composer::setRuntimes(const QList<std::pair<QString, QString>> &idsAndLabels)
{
    const QString chosen = m_runtime->currentData().toString();
    m_runtime->clear();
    for (const auto &[id, label] : idsAndLabels)
        m_runtime->addItem(label, id);
    m_runtime->setCurrentIndex(std::max(0, m_runtime->findData(chosen)));
}

void Composer::setChoosesRuntime(bool chooses) { m_runtime->setVisible(chooses); }

void Composer::setWorking(bool working)
{
    m_working = working;
    updateButtons();
}

void Composer::setText(const QString &text, const QStringList &attachments)
{
    m_edit->setPlainText(text);
    m_edit->moveCursor(QTextCursor::End);
    m_attachments->setPaths(attachments);
}

void Composer::setHeld(bool held)
{
    m_held = held;
    updateButtons();
}

void Composer::giveBack(const QString &text, const QStringList &attachments)
{
    QStringList texts{text, m_edit->toPlainText()};
    texts.removeAll(QString());
    QStringList files = attachments + m_attachments->paths();
    files.removeDuplicates();
    setText(texts.join(u"\n\n"_s), files);
}

QString Composer::text() const { return m_edit->toPlainText(); }

QStringList Composer::attachments() const { return m_attachments->paths(); }

void Composer::send(bool intoAnswer)
{
    const QString text = m_edit->toPlainText().trimmed();
    const QStringList attachments = m_attachments->paths();
    if (m_held || (text.isEmpty() && attachments.isEmpty()))
        return;
    m_edit->clear();
    m_attachments->setPaths({});
    if (intoAnswer && m_working)
        emit steerWanted(text, attachments);
    else
        emit sendWanted(text, attachments, m_runtime->currentData().toString());
}

void Composer::updateButtons()
{
    m_stop->setVisible(m_working);
    m_send->setEnabled(!m_held &&
                       (!m_edit->toPlainText().trimmed().isEmpty() || !m_attachments->paths().isEmpty()));
    m_send->setText(m_working ? tr("Queue") : tr("Send"));
    m_send->setToolTip(
        m_working
            ? tr("Enter; it is sent when the answer has ended. Ctrl+Enter adds it to the answer that is "
                 "being written, where the agent can take it")
            : tr("Enter; Shift+Enter begins a new line"));
}

} // namespace muster
