#include "ui/docks/terminal/terminal_view.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/terminal_filter.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QFontDatabase>
#include <QLabel>
#include <QMessageBox>
#include <QMimeData>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <qtermwidget.h>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int scrollbackLines = 5000;
constexpr qsizetype maxPasteBytes = 1024 * 1024;
constexpr int previewLines = 12;

} // namespace

TerminalView::TerminalView(const TerminalFactory &factory, const QString &folder, QWidget *parent)
    : QWidget(parent)
    , m_folder(folder)
    , m_terminal(new QTermWidget(0, this))
    , m_channel(factory(this))
    , m_notice(new QLabel(this))
{
    setFocusProxy(m_terminal);
    m_terminal->setAccessibleName(tr("Terminal in %1").arg(folder));
    m_terminal->setTerminalFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_terminal->setHistorySize(scrollbackLines);
    m_terminal->setScrollBarPosition(QTermWidget::ScrollBarRight);
    m_terminal->setTerminalSizeHint(false);
    m_terminal->setMargin(metrics::unit());
    m_terminal->setFlowControlEnabled(false);
    // The dock itself asks; the widget's own question comes too late to clean what is pasted.
    m_terminal->setConfirmMultilinePaste(false);
    applyTheme();
    m_terminal->startTerminalTeletype();
    guardDisplay();

    m_notice->setContentsMargins(metrics::normal(), metrics::tight(), metrics::normal(), metrics::tight());
    m_notice->setProperty("role", u"muted"_s);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_terminal, 1);
    column->addWidget(m_notice);

    m_sizeSoon.setSingleShot(true);
    m_sizeSoon.setInterval(30);
    connect(&m_sizeSoon, &QTimer::timeout, this, &TerminalView::followSize);
    connect(m_terminal, &QTermWidget::sendData, this, &TerminalView::onTyped);
    connect(m_channel, &TerminalChannel::started, this, [this] { m_running = true; });
    connect(m_channel, &TerminalChannel::failed, this, [this](const Error &error) {
        showNotice(describe(error));
        emit ended();
    });
    connect(m_channel, &TerminalChannel::ended, this, &TerminalView::onEnded);
}

void TerminalView::copySelection() { m_terminal->copyClipboard(); }

void TerminalView::paste() { pasteText(QGuiApplication::clipboard()->text()); }

void TerminalView::pasteText(const QString &text)
{
    const PastedText pasted = sanitizePaste(text.left(maxPasteBytes));
    if (pasted.text.isEmpty())
        return;
    if (pasted.multiLine)
        askAboutPaste(pasted.text);
    else
        sendPaste(pasted.text);
}

void TerminalView::toggleSearch() { m_terminal->toggleShowSearchBar(); }

void TerminalView::zoom(int steps)
{
    for (int i = 0; i < std::abs(steps); ++i)
        steps > 0 ? m_terminal->zoomIn() : m_terminal->zoomOut();
    m_sizeSoon.start();
}

void TerminalView::applyTheme()
{
    m_terminal->setColorScheme(Theme::colors().dark ? u":/muster/themes/MusterDark.colorscheme"_s
                                                    : u":/muster/themes/MusterLight.colorscheme"_s);
}

// The part of the widget that draws also pastes on a middle click and on a drop, past every check: taken
// over.
bool TerminalView::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        if (static_cast<QMouseEvent *>(event)->button() == Qt::MiddleButton) {
            pasteText(QGuiApplication::clipboard()->text(QClipboard::Selection));
            return true;
        }
        break;
    case QEvent::Drop: {
        const auto *drop = static_cast<QDropEvent *>(event);
        pasteText(drop->mimeData()->text());
        return true;
    }
    case QEvent::ShortcutOverride:
        // A program in the terminal gets Ctrl+letter; the window keeps Ctrl+Shift and Alt ones.
        if (const auto *key = static_cast<QKeyEvent *>(event);
            key->modifiers() == Qt::ControlModifier && key->key() >= Qt::Key_A && key->key() <= Qt::Key_Z) {
            event->accept();
            return true;
        }
        break;
    case QEvent::KeyPress:
        if (static_cast<QKeyEvent *>(event)->matches(QKeySequence::Paste) &&
            static_cast<QKeyEvent *>(event)->modifiers() == Qt::ShiftModifier) { // Shift+Insert
            paste();
            return true;
        }
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

void TerminalView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_sizeSoon.start();
}

void TerminalView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_sizeSoon.start();
}

void TerminalView::guardDisplay()
{
    const QList<QWidget *> parts = m_terminal->findChildren<QWidget *>();
    for (QWidget *part : parts)
        part->installEventFilter(this);
}

void TerminalView::onTyped(const char *typed, int length)
{
    if (m_running)
        m_channel->write(cleanTyped(QByteArray(typed, length)));
}

void TerminalView::sendPaste(const QString &text)
{
    QString wrapped = text;
    wrapped.replace(u'\n', u'\r');
    m_terminal->bracketText(wrapped);
    if (m_running)
        m_channel->write(wrapped.toUtf8());
}

void TerminalView::askAboutPaste(const QString &text)
{
    const qsizetype lines = text.count(u'\n') + 1;
    const QStringList first = text.split(u'\n').mid(0, previewLines);
    auto *box = new QMessageBox(QMessageBox::Question, tr("Paste several lines?"),
                                tr("%n line(s) would be typed into the terminal, and a shell may run each.",
                                   nullptr, static_cast<int>(lines)),
                                QMessageBox::NoButton, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(first.join(u'\n') + (lines > previewLines ? u"\n…"_s : QString()));
    box->addButton(tr("&Paste"), QMessageBox::AcceptRole);
    QPushButton *cancelButton = box->addButton(QMessageBox::Cancel);
    box->setDefaultButton(cancelButton);
    connect(box, &QMessageBox::buttonClicked, this, [this, box, text](QAbstractButton *clicked) {
        if (clicked == box->button(QMessageBox::Cancel))
            return;
        sendPaste(text);
    });
    box->open();
}

// The widget has no signal for its size in characters: after each of its resizes it is asked.
void TerminalView::followSize()
{
    const int rows = m_terminal->screenLinesCount();
    const int columns = m_terminal->screenColumnsCount();
    if (rows < 2 || columns < 2 || (m_started && rows == m_rows && columns == m_columns))
        return;
    m_rows = rows;
    m_columns = columns;
    if (m_started) {
        m_channel->resize(rows, columns);
        return;
    }
    m_started = true;
    m_channel->start(
        {.folder = m_folder, .displayFd = m_terminal->getPtySlaveFd(), .rows = rows, .columns = columns});
}

void TerminalView::onEnded(int exitCode, int signal)
{
    m_running = false;
    if (signal != 0)
        showNotice(tr("The shell was ended by signal %1.").arg(signal));
    else
        showNotice(tr("The shell ended with code %1.").arg(exitCode));
    emit ended();
}

void TerminalView::showNotice(const QString &text)
{
    m_notice->setText(text);
    m_notice->show();
}

} // namespace muster
