#include "ui/shell/dock_title_bar.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QToolButton *smallButton(const QString &icon, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(themedIcon(icon));
    button->setAutoRaise(true);
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::TabFocus);
    button->setIconSize(QSize(metrics::units(3), metrics::units(3)));
    return button;
}

} // namespace

DockTitleBar::DockTitleBar(QDockWidget *dock, const QString &icon)
    : QWidget(dock)
{
    auto *name = new QLabel(dock->windowTitle(), this);
    name->setProperty("role", u"heading"_s);
    auto *sign = new QToolButton(this);
    sign->setIcon(themedIcon(icon));
    sign->setAutoRaise(true);
    sign->setFocusPolicy(Qt::NoFocus);
    sign->setAttribute(Qt::WA_TransparentForMouseEvents);
    sign->setAccessibleName(dock->windowTitle());
    QToolButton *floating = smallButton(u"layout"_s, tr("Float or dock %1").arg(dock->windowTitle()), this);
    QToolButton *close = smallButton(u"close"_s, tr("Hide %1").arg(dock->windowTitle()), this);
    connect(floating, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
    connect(close, &QToolButton::clicked, dock, &QDockWidget::close);
    connect(dock, &QDockWidget::windowTitleChanged, name, &QLabel::setText);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::tight(), 0, metrics::tight(), 0);
    row->setSpacing(metrics::tight());
    row->addWidget(sign);
    row->addWidget(name);
    row->addStretch();
    row->addWidget(floating);
    row->addWidget(close);
}

void DockTitleBar::setCollapsed(bool collapsed)
{
    const QList<QWidget *> parts = findChildren<QWidget *>(Qt::FindDirectChildrenOnly);
    for (QWidget *part : parts)
        part->setVisible(!collapsed);
    updateGeometry();
}

} // namespace muster
