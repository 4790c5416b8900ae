#include "ui/docks/timeline/event_delegate.h"

#include "core/viewmodel/describe_event.h"
#include "core/viewmodel/timeline_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// The sign tells the tone as well as its colour does.
QString signOf(EventTone tone, const QString &kindIcon)
{
    switch (tone) {
    case EventTone::Bad:
        return u"status-failed"_s;
    case EventTone::Good:
        return u"status-completed"_s;
    case EventTone::Running:
        return u"status-running"_s;
    case EventTone::Waiting:
    case EventTone::Plain:
        break;
    }
    return kindIcon;
}

} // namespace

QColor toneColor(EventTone tone)
{
    const ThemeColors &colors = Theme::colors();
    switch (tone) {
    case EventTone::Bad:
        return colors.failed;
    case EventTone::Good:
        return colors.completed;
    case EventTone::Running:
        return colors.running;
    case EventTone::Waiting:
        return colors.waiting;
    case EventTone::Plain:
        break;
    }
    return colors.mutedText;
}

QSize EventDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {metrics::units(20), metrics::units(6)};
}

void EventDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    painter->save();
    const ThemeColors &colors = Theme::colors();
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, colors.selection);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, colors.hover);
    QRect line = option.rect.adjusted(metrics::normal(), 0, -metrics::tight(), 0);
    const auto tone = static_cast<EventTone>(index.data(TimelineModel::ToneRole).toInt());
    if (index.column() == TimelineModel::Kind) {
        const int size = metrics::iconSize();
        const QString sign = signOf(tone, index.data(TimelineModel::IconRole).toString());
        painter->drawPixmap(line.left(), line.center().y() - size / 2 + 1,
                            iconPixmap(sign, toneColor(tone), size, painter->device()->devicePixelRatioF()));
        line.setLeft(line.left() + size + metrics::normal());
    }
    const bool quiet = index.column() == TimelineModel::Time || index.column() == TimelineModel::Subject;
    painter->setFont(option.font);
    painter->setPen(quiet ? colors.mutedText : colors.text);
    painter->drawText(
        line, Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, line.width()));
    painter->restore();
}

} // namespace muster
