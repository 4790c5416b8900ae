#include "ui/shell/command_palette.h"

#include "ui/shell/action_registry.h"
#include "ui/shell/palette_delegate.h"
#include "ui/shell/palette_model.h"
#include "ui/theme/metrics.h"

#include <QAction>
#include <QApplication>
#include <QGraphicsDropShadowEffect>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {

CommandPalette::CommandPalette(const ActionRegistry *actions, QWidget *window)
    : QFrame(window)
    , m_model(new PaletteModel(actions, this))
    , m_input(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_none(new QLabel(tr("No action has these letters in its name."), this))
{
    setObjectName(u"commandPalette"_s);
    setAccessibleName(tr("Command palette"));
    setAutoFillBackground(true);
    m_input->setPlaceholderText(tr("Type to find an action"));
    m_input->setAccessibleName(tr("Find an action"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setAccessibleName(tr("Actions that fit"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    m_list->setFrameShape(QFrame::NoFrame);
    m_none->setProperty("role", u"muted"_s);
    m_none->setWordWrap(true);
    m_none->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_none->setMargin(metrics::normal());
    m_none->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::normal(), metrics::normal(), metrics::normal(), metrics::normal());
    column->addWidget(m_input);
    column->addWidget(m_list);
    column->addWidget(m_none);

    auto *shadow = new QGraphicsDropShadowEffect(this);
    shadow->setBlurRadius(metrics::units(8));
    shadow->setOffset(0, metrics::unit());
    shadow->setColor(QColor(0, 0, 0, 90));
    setGraphicsEffect(shadow);

    connect(m_input, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_model->setPattern(text);
        selectFirst();
    });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) {
        m_list->setCurrentIndex(index);
        runCurrent();
    });
    m_input->installEventFilter(this);
    window->installEventFilter(this);
    hide();
}

void CommandPalette::openPalette()
{
    if (!isVisible())
        m_focusBefore = QApplication::focusWidget();
    m_input->clear();
    m_model->setPattern({});
    place();
    show();
    raise();
    selectFirst();
    m_input->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::closePalette()
{
    if (!isVisible())
        return;
    hide();
    if (m_focusBefore)
        m_focusBefore->setFocus(Qt::PopupFocusReason);
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched != m_input)
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut && !m_list->underMouse() &&
        static_cast<QFocusEvent *>(event)->reason() != Qt::ActiveWindowFocusReason)
        hide();
    // Keys that would trigger a shortcut of the window are typed here instead.
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return event->type() == QEvent::KeyPress && handleKey(static_cast<QKeyEvent *>(event)->key());
}

bool CommandPalette::handleKey(int key)
{
    const int rows = m_model->rowCount();
    const int row = m_list->currentIndex().row();
    const int page = std::max(1, m_list->height() / metrics::rowHeight() - 1);
    const auto go = [&](int to) {
        m_list->setCurrentIndex(m_model->index(std::clamp(to, 0, std::max(0, rows - 1)), 0));
        return true;
    };
    switch (key) {
    case Qt::Key_Down:
        return go(row + 1 >= rows ? 0 : row + 1);
    case Qt::Key_Up:
        return go(row <= 0 ? rows - 1 : row - 1);
    case Qt::Key_PageDown:
        return go(row + page);
    case Qt::Key_PageUp:
        return go(row - page);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        runCurrent();
        return true;
    case Qt::Key_Escape:
        closePalette();
        return true;
    default:
        return false;
    }
}

void CommandPalette::runCurrent()
{
    QAction *action = m_model->actionAt(m_list->currentIndex().row());
    if (!action || !action->isEnabled())
        return;
    m_model->noteUsed(actionId(*action));
    closePalette();
    // After the focus is back, so that the action sees the window as it was.
    QTimer::singleShot(0, action, &QAction::trigger);
}

void CommandPalette::selectFirst()
{
    const bool any = m_model->rowCount() > 0;
    m_list->setVisible(any);
    m_none->setVisible(!any);
    m_list->setCurrentIndex(m_model->index(0, 0));
}

void CommandPalette::place()
{
    const QWidget *window = parentWidget();
    const int width = std::min(metrics::units(150), window->width() - metrics::units(8));
    const int most = std::min(metrics::units(100), window->height() - metrics::units(24));
    // Whole rows: half a name at the end reads as a mistake.
    const QMargins margins = layout()->contentsMargins();
    const int around = margins.top() + m_input->sizeHint().height() + layout()->spacing() + margins.bottom() +
                       2 * frameWidth();
    const int height = around + std::max(1, (most - around) / metrics::rowHeight()) * metrics::rowHeight();
    setGeometry((window->width() - width) / 2, metrics::units(12), width, height);
}

} // namespace muster
