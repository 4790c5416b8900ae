#include "ui/docks/chat/attachment_bar.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {

AttachmentBar::AttachmentBar(QWidget *parent)
    : QWidget(parent)
    , m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(metrics::tight());
    setVisible(false);
}

void AttachmentBar::add(const QString &path)
{
    if (path.isEmpty() || m_paths.contains(path))
        return;
    m_paths.append(path);
    rebuild();
}

void AttachmentBar::setPaths(const QStringList &paths)
{
    m_paths = paths;
    rebuild();
}

void AttachmentBar::rebuild()
{
    while (QLayoutItem *item = m_row->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    for (const QString &path : std::as_const(m_paths)) {
        auto *chip = new QToolButton(this);
        chip->setText(QFileInfo(path).fileName());
        chip->setIcon(themedIcon(u"close"_s));
        chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        chip->setToolTip(tr("%1\nClick to leave it out").arg(path));
        chip->setAccessibleName(tr("Leave out %1").arg(QFileInfo(path).fileName()));
        connect(chip, &QToolButton::clicked, this, [this, path] {
            m_paths.removeAll(path);
            rebuild();
        });
        m_row->addWidget(chip);
    }
    m_row->addStretch();
    setVisible(!m_paths.isEmpty());
    emit changed();
}

} // namespace muster
