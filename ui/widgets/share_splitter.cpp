#include "ui/widgets/share_splitter.h"

#include <QResizeEvent>

#include <algorithm>
#include <numeric>

namespace muster {

ShareSplitter::ShareSplitter(Qt::Orientation orientation, QList<int> shares, QWidget *parent)
    : QSplitter(orientation, parent)
    , m_shares(std::move(shares))
{
    setChildrenCollapsible(false);
    connect(this, &QSplitter::splitterMoved, this, [this] {
        // A part that is hidden keeps its share.
        const QList<int> now = sizes();
        if (now.size() == m_shares.size() && std::ranges::all_of(now, [](int size) { return size > 0; }))
            m_shares = now;
    });
}

void ShareSplitter::setDirection(Qt::Orientation orientation)
{
    if (this->orientation() == orientation)
        return;
    setOrientation(orientation);
    apply();
}

bool ShareSplitter::event(QEvent *event)
{
    const bool done = QSplitter::event(event);
    // A part that needed more room for a while gives it back.
    if (event->type() == QEvent::LayoutRequest)
        apply();
    return done;
}

void ShareSplitter::resizeEvent(QResizeEvent *event)
{
    QSplitter::resizeEvent(event);
    apply();
}

void ShareSplitter::apply()
{
    const int whole = orientation() == Qt::Horizontal ? width() : height();
    const int all = std::max(1, std::accumulate(m_shares.cbegin(), m_shares.cend(), 0));
    QList<int> wanted;
    for (const int share : std::as_const(m_shares))
        wanted.append(static_cast<int>(qint64{whole} * share / all));
    setSizes(wanted);
}

} // namespace muster
