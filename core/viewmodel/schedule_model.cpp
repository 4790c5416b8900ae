#include "core/viewmodel/schedule_model.h"

#include "core/viewmodel/firing_tables.h"

#include <algorithm>

namespace muster {
namespace {

constexpr int page = 200;
constexpr int most = 5000; // what a node gives at once
constexpr int intervalMs = 100;

} // namespace

ScheduleModel::ScheduleModel(NodeFeed *feed, QObject *parent)
    : QObject(parent)
    , m_feed(feed)
    , m_firings(new FiringTable([this] { wantMore(); }, this))
    , m_occurrences(new OccurrenceTable([this] { wantMore(); }, this))
    , m_refresher([this] { ask(); }, this, intervalMs)
    , m_clock(this)
    , m_wanted(page)
{
    connect(&m_clock, &UntilClock::changed, this, &ScheduleModel::ticked);
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.schedules || changes.everything)
            m_refresher.request();
    });
}

void ScheduleModel::follow(ScheduleId schedule)
{
    if (schedule == m_schedule)
        return;
    m_schedule = schedule;
    m_wanted = page;
    m_detail = {};
    m_clock.setMoments({});
    m_firings->setMayHaveMore(false);
    m_occurrences->setMayHaveMore(false);
    m_firings->setFirings({});
    m_occurrences->setOccurrences({});
    emit changed();
    m_refresher.request();
}

void ScheduleModel::setActive(bool active)
{
    m_refresher.setActive(active);
    m_clock.setActive(active);
}

void ScheduleModel::wantMore()
{
    m_wanted = std::min(m_wanted + page, most);
    m_refresher.request();
}

void ScheduleModel::ask()
{
    const ScheduleId schedule = m_schedule;
    if (!schedule.isValid()) {
        m_refresher.done();
        return;
    }
    const int limit = m_wanted;
    m_feed->node().query(api::ShowSchedule{.schedule = schedule, .limit = limit}, this,
                         [this, schedule, limit](Result<api::ScheduleDetail> detail) {
        m_refresher.done();
        if (schedule != m_schedule)
            return;
        if (detail)
            take(std::move(*detail), limit);
        else if (detail.error().code == ErrorCode::NotFound)
            emit gone();
    });
}

void ScheduleModel::take(api::ScheduleDetail detail, int limit)
{
    m_detail = std::move(detail);
    std::vector<qint64> moments = m_detail.next;
    moments.push_back(m_detail.schedule.dueAt);
    m_clock.setMoments(std::move(moments));
    m_firings->setFirings(m_detail.firings);
    m_occurrences->setOccurrences(m_detail.occurrences);
    m_firings->setMayHaveMore(static_cast<int>(m_detail.firings.size()) >= limit && limit < most);
    m_occurrences->setMayHaveMore(static_cast<int>(m_detail.occurrences.size()) >= limit && limit < most);
    emit changed();
}

} // namespace muster
