#include "ui/docks/workflow/step_delegate.h"

#include "core/viewmodel/run_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/status_look.h"

#include <QApplication>
#include <QDateTime>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

StatusLook lookOf(const QModelIndex &index)
{
    if (index.data(RunModel::StalledRole).toBool())
        return lookOfStall();
    return muster::lookOf(static_cast<StepStatus>(index.data(RunModel::StatusRole).toInt()));
}

// What is no agent's or command's own work is marked as such.
QString kindSign(const QModelIndex &index)
{
    const QString kind = index.data(RunModel::KindRole).toString();
    return kind == "flow"_L1 || kind == "merge"_L1 ? kind : QString();
}

bool isQuiet(const QModelIndex &index)
{
    const auto status = static_cast<StepStatus>(index.data(RunModel::StatusRole).toInt());
    return status == StepStatus::Pending || status == StepStatus::Skipped || status == StepStatus::Excluded ||
           status == StepStatus::Cancelled || index.data(RunModel::KeptRole).toBool();
}

void paintText(QPainter *painter, const QStyleOptionViewItem &option, const QRect &rect, const QString &text,
               const QColor &color, Qt::AlignmentFlag alignment, Qt::TextElideMode elide = Qt::ElideRight)
{
    painter->setFont(option.font);
    painter->setPen(color);
    painter->drawText(rect, static_cast<int>(alignment | Qt::AlignVCenter),
                      option.fontMetrics.elidedText(text, elide, rect.width()));
}

} // namespace

void StepDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
    painter->save();
    const ThemeColors &colors = Theme::colors();
    const QRect inner = option.rect.adjusted(metrics::tight(), 0, -metrics::tight(), 0);
    switch (index.column()) {
    case RunModel::StepColumn:
        paintStep(painter, option, index);
        break;
    case RunModel::StatusColumn:
        paintText(painter, option, inner.adjusted(metrics::tight(), 0, 0, 0), index.data().toString(),
                  isQuiet(index) ? colors.mutedText : colors.*lookOf(index).color, Qt::AlignLeft);
        break;
    case RunModel::TimeColumn:
        paintText(painter, option, inner.adjusted(0, 0, -metrics::tight(), 0), index.data().toString(),
                  colors.mutedText, Qt::AlignRight);
        break;
    default:
        paintLane(painter, option, index);
        break;
    }
    painter->restore();
}

QSize StepDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int text = option.fontMetrics.horizontalAdvance(index.data().toString()) + metrics::units(3);
    if (index.column() != RunModel::StepColumn)
        return {text, metrics::rowHeight()};
    const int kind = kindSign(index).isEmpty() ? 0 : metrics::iconSize() + metrics::tight();
    return {text + metrics::iconSize() + metrics::normal() + kind, metrics::rowHeight()};
}

void StepDelegate::paintStep(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const ThemeColors &colors = Theme::colors();
    const int size = metrics::iconSize();
    const QRect inner = option.rect.adjusted(metrics::tight(), 0, -metrics::tight(), 0);
    const qreal ratio = option.widget ? option.widget->devicePixelRatioF() : 1.0;
    const StatusLook look = lookOf(index);
    painter->drawPixmap(inner.left(), inner.top() + (inner.height() - size) / 2,
                        iconPixmap(look.icon, colors.*look.color, size, ratio));
    int right = 0;
    if (const QString sign = kindSign(index); !sign.isEmpty()) {
        right = size + metrics::tight();
        painter->drawPixmap(inner.right() - size, inner.top() + (inner.height() - size) / 2,
                            iconPixmap(sign, colors.mutedText, size, ratio));
    }
    // Names of steps often differ only at their end.
    paintText(painter, option, inner.adjusted(size + metrics::normal(), 0, -right, 0),
              index.data().toString(), isQuiet(index) ? colors.mutedText : colors.text, Qt::AlignLeft,
              Qt::ElideMiddle);
}

void StepDelegate::paintLane(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const qint64 start = index.data(RunModel::StartedAtRole).toLongLong();
    const qint64 length = m_span.endMs - m_span.startMs;
    if (start == 0 || length <= 0)
        return;
    const qint64 ended = index.data(RunModel::EndedAtRole).toLongLong();
    const qint64 end = ended > 0 ? ended : m_span.endMs;
    const QRectF lane = QRectF(option.rect).adjusted(metrics::normal(), 0, -metrics::units(3), 0);
    const auto at = [&](qint64 moment) {
        const qreal part = static_cast<qreal>(moment - m_span.startMs) / static_cast<qreal>(length);
        return lane.left() + lane.width() * std::clamp(part, 0.0, 1.0);
    };
    const qreal height = metrics::units(2);
    QRectF bar(at(start), lane.center().y() - height / 2, std::max<qreal>(at(end) - at(start), 3), height);
    bar.moveRight(std::min(bar.right(), lane.right()));
    QColor color = Theme::colors().*lookOf(index).color;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    // A foreach is the frame of its items.
    if (index.data(RunModel::ItemCountRole).toInt() > 0)
        color.setAlphaF(0.35F);
    painter->setBrush(color);
    painter->drawRoundedRect(bar, height / 2, height / 2);
}

} // namespace muster
