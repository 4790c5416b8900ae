#include "core/viewmodel/timeline_model.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_event.h"
#include "core/viewmodel/refresher.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {

TimelineModel::TimelineModel(api::NodeApi *node, QObject *parent)
    : QAbstractTableModel(parent)
    , m_node(node)
    , m_names(node)
{
    m_frame.setSingleShot(true);
    m_frame.setInterval(frameMs);
    connect(&m_frame, &QTimer::timeout, this, &TimelineModel::takeArrived);
    const auto forget = [this] {
        m_lanes.reset();
    };
    connect(this, &QAbstractItemModel::modelReset, this, forget);
    connect(this, &QAbstractItemModel::rowsInserted, this, forget);
    connect(this, &QAbstractItemModel::rowsRemoved, this, forget);
    connect(&m_names, &EventNames::changed, this, [this] {
        if (!m_events.empty())
            emit dataChanged(index(0, Subject), index(size() - 1, Subject), {Qt::DisplayRole});
        emit stateChanged();
    });
}

void TimelineModel::setActive(bool active)
{
    if (std::exchange(m_active, active) == active)
        return;
    m_names.setActive(active);
    if (!active) {
        unsubscribe();
        return;
    }
    subscribe();
    if (m_following || m_events.empty()) {
        showNewest();
    } else { // what came meanwhile is read when it is scrolled to
        m_hasNewer = true;
        emit stateChanged();
    }
}

void TimelineModel::setFilter(const api::EventFilter &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    ++m_generation;
    m_underWay = false;
    m_next.reset();
    m_oldestSeq = 0;
    m_newestSeq = 0;
    m_following = true;
    if (!m_active) {
        replaceAll({});
        return;
    }
    unsubscribe();
    subscribe();
    showNewest();
}

void TimelineModel::setFollowing(bool following)
{
    m_following = following;
    if (following && !m_hasNewer && std::exchange(m_unseen, 0) > 0)
        emit stateChanged();
}

void TimelineModel::showNewest() { start({.to = Jump::To::Newest}); }

void TimelineModel::showOldest() { start({.to = Jump::To::Oldest}); }

void TimelineModel::showAt(qint64 seq)
{
    const int row = rowOf(seq);
    const bool inside = row >= 0 && (row + 1 < size() || eventAt(row).seq == seq || !m_hasNewer);
    if (inside)
        emit positioned(row);
    else
        start({.to = Jump::To::At, .seq = seq});
}

void TimelineModel::fetchOlder()
{
    if (m_hasOlder && !m_underWay && !m_events.empty())
        start({.to = Jump::To::Older, .seq = m_events.front().seq});
}

void TimelineModel::fetchNewer()
{
    if (m_hasNewer && !m_underWay && !m_events.empty())
        start({.to = Jump::To::Newer, .seq = m_events.back().seq});
}

int TimelineModel::rowOf(qint64 seq) const
{
    const auto after = std::ranges::upper_bound(m_events, seq, {}, &Event::seq);
    return static_cast<int>(after - m_events.begin()) - 1;
}

void TimelineModel::start(Jump jump)
{
    if (!m_active)
        return;
    if (m_underWay)
        m_next = jump;
    else
        run(jump);
}

void TimelineModel::run(Jump jump)
{
    m_underWay = true;
    emit stateChanged();
    using To = Jump::To;
    api::ListEvents query{.filter = m_filter, .limit = pageRows};
    query.backwards = jump.to == To::Newest || jump.to == To::At || jump.to == To::Older;
    if (jump.to == To::At)
        query.fromSeq = jump.seq + 1;
    else if (jump.to == To::Older || jump.to == To::Newer)
        query.fromSeq = jump.seq;
    m_node->query(query, this, [this, jump, generation = m_generation](Result<std::vector<Event>> page) {
        if (generation != m_generation)
            return;
        m_underWay = false;
        m_error = page ? std::nullopt : std::optional(page.error());
        // A page beside the window is of no use when a jump elsewhere was asked for meanwhile.
        const bool stale = m_next && jump.to >= To::Older;
        if (page && !stale)
            onPage(jump, std::move(*page));
        if (m_next && !m_underWay)
            run(*std::exchange(m_next, std::nullopt));
        emit stateChanged();
    });
}

void TimelineModel::onPage(const Jump &jump, std::vector<Event> page)
{
    using To = Jump::To;
    m_names.learn(page);
    const bool full = static_cast<int>(page.size()) == pageRows;
    switch (jump.to) {
    case To::Newest:
        m_hasOlder = full;
        m_hasNewer = false;
        m_unseen = 0;
        m_newestSeq = std::max(m_newestSeq, page.empty() ? 0 : page.back().seq);
        replaceAll(std::move(page));
        takeArrived();
        if (m_hasOlder)
            askOldest();
        else
            m_oldestSeq = m_events.empty() ? 0 : m_events.front().seq;
        emit positioned(size() - 1);
        break;
    case To::Oldest:
        m_hasOlder = false;
        m_hasNewer = full;
        replaceAll(std::move(page));
        emit positioned(m_events.empty() ? -1 : 0);
        break;
    case To::At:
        m_hasOlder = full;
        m_hasNewer = true;
        replaceAll(std::move(page));
        emit positioned(size() - 1);
        fetchNewer();
        break;
    case To::Older:
        m_hasOlder = full;
        prepend(std::move(page));
        break;
    case To::Newer:
        m_hasNewer = full;
        append(page);
        if (!m_hasNewer && std::exchange(m_unseen, 0) >= 0)
            takeArrived();
        break;
    }
}

void TimelineModel::replaceAll(std::vector<Event> page)
{
    beginResetModel();
    m_events.assign(std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
    endResetModel();
}

void TimelineModel::prepend(std::vector<Event> page)
{
    if (page.empty())
        return;
    emit windowAboutToChange();
    beginInsertRows({}, 0, static_cast<int>(page.size()) - 1);
    m_events.insert(m_events.begin(), std::make_move_iterator(page.begin()),
                    std::make_move_iterator(page.end()));
    endInsertRows();
    trimBack(maxRows);
    emit windowChanged();
}

void TimelineModel::append(std::span<const Event> page)
{
    const qint64 last = m_events.empty() ? 0 : m_events.back().seq;
    const auto first = std::ranges::upper_bound(page, last, {}, &Event::seq);
    if (first == page.end())
        return;
    emit windowAboutToChange();
    beginInsertRows({}, size(), size() + static_cast<int>(page.end() - first) - 1);
    m_events.insert(m_events.end(), first, page.end());
    endInsertRows();
    trimFront(maxRows);
    emit windowChanged();
}

void TimelineModel::trimFront(int keep)
{
    if (size() <= keep)
        return;
    const int gone = size() - keep;
    beginRemoveRows({}, 0, gone - 1);
    m_events.erase(m_events.begin(), m_events.begin() + gone);
    endRemoveRows();
    m_hasOlder = true;
}

void TimelineModel::trimBack(int keep)
{
    if (size() <= keep)
        return;
    beginRemoveRows({}, keep, size() - 1);
    m_events.erase(m_events.begin() + keep, m_events.end());
    endRemoveRows();
    m_hasNewer = true;
}

void TimelineModel::askOldest()
{
    m_node->query(api::ListEvents{.filter = m_filter, .limit = 1}, this,
                  [this, generation = m_generation](const Result<std::vector<Event>> &first) {
        if (generation != m_generation || !first || first->empty())
            return;
        m_oldestSeq = first->front().seq;
        emit stateChanged();
    });
}

void TimelineModel::subscribe()
{
    m_subscription = m_node->subscribe({.filter = m_filter}, this,
                                       [this](const api::Notice &notice) { onNotice(notice); });
}

void TimelineModel::unsubscribe()
{
    m_node->unsubscribe(std::exchange(m_subscription, 0));
    m_arrived.clear();
    m_frame.stop();
}

void TimelineModel::onNotice(const api::Notice &notice)
{
    const auto *events = std::get_if<api::EventsNotice>(&notice);
    if (!events)
        return;
    m_arrived.insert(m_arrived.end(), events->events.begin(), events->events.end());
    // Nobody sees more than a window of it in one frame.
    if (m_arrived.size() > 2 * static_cast<size_t>(maxRows))
        m_arrived.erase(m_arrived.begin(), m_arrived.end() - maxRows);
    if (!m_frame.isActive())
        m_frame.start();
}

void TimelineModel::takeArrived()
{
    if (m_arrived.empty())
        return;
    // A page of the newest is under way: what it holds would be there twice, what follows it would be
    // missing.
    if (m_underWay) {
        m_frame.start();
        return;
    }
    const std::vector<Event> arrived = std::exchange(m_arrived, {});
    const auto first = std::ranges::upper_bound(arrived, m_newestSeq, {}, &Event::seq);
    const auto fresh = static_cast<int>(arrived.end() - first);
    m_newestSeq = std::max(m_newestSeq, arrived.back().seq);
    m_names.learn(arrived);
    const bool room = m_following || size() + fresh <= maxRows;
    if (m_hasNewer || !room)
        m_hasNewer = true;
    else
        append(arrived);
    if (m_oldestSeq == 0 && !m_events.empty())
        m_oldestSeq = m_events.front().seq;
    m_unseen = m_following && !m_hasNewer ? 0 : m_unseen + fresh;
    emit stateChanged();
}

const TimelineLanes &TimelineModel::lanes() const
{
    if (!m_lanes)
        m_lanes.emplace(m_events);
    return *m_lanes;
}

int TimelineModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : size(); }

int TimelineModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnTotal; }

QString TimelineModel::textOf(const Event &event, int column) const
{
    switch (column) {
    case Time:
        return describeTime(event.atMs, true);
    case Kind:
        return describeEventKind(event.kind);
    case Subject:
        return m_names.subjectOf(event);
    case Summary:
        return describeEvent(event);
    default:
        return {};
    }
}

QVariant TimelineModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Event &event = eventAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return textOf(event, index.column());
    case Qt::ToolTipRole:
        return index.column() == Time ? describeTime(event.atMs) : textOf(event, index.column());
    case SeqRole:
        return event.seq;
    case AtRole:
        return event.atMs;
    case KindRole:
        return event.kind;
    case IconRole:
        return iconForEvent(event.kind);
    case ToneRole:
        return static_cast<int>(toneOf(event));
    case RunRole:
        return event.refs.run.value;
    default:
        return {};
    }
}

QVariant TimelineModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Kind:
        return tr("Event");
    case Subject:
        return tr("About");
    case Summary:
        return tr("What happened");
    default:
        return {};
    }
}

QHash<int, QByteArray> TimelineModel::roleNames() const
{
    QHash<int, QByteArray> names = QAbstractTableModel::roleNames();
    names.insert({{SeqRole, "seq"},
                  {AtRole, "at"},
                  {KindRole, "kind"},
                  {IconRole, "icon"},
                  {ToneRole, "tone"},
                  {RunRole, "run"}});
    return names;
}

} // namespace muster
