// ScheduleModel: one schedule with what became of its times, kept up while it is active; older firings are
// fetched as a view scrolls to them. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"
#include "core/viewmodel/until_clock.h"

namespace muster {

class FiringTable;
class OccurrenceTable;

class ScheduleModel final : public QObject {
    Q_OBJECT

public:
    explicit ScheduleModel(NodeFeed *feed, QObject *parent = nullptr);

    // An id that is not valid: none.
    void follow(ScheduleId schedule);
    void setActive(bool active);

    [[nodiscard]] ScheduleId schedule() const { return m_schedule; }
    // Its `schedule.id` is not valid until the node has answered.
    [[nodiscard]] const api::ScheduleDetail &detail() const { return m_detail; }
    [[nodiscard]] FiringTable *firings() const { return m_firings; }
    [[nodiscard]] OccurrenceTable *occurrences() const { return m_occurrences; }

signals:
    void changed(); // detail() is another
    void ticked();  // what is told of times is another
    void gone();    // it was removed

private:
    void take(api::ScheduleDetail detail, int limit);
    void wantMore();
    void ask();

    NodeFeed *m_feed;
    ScheduleId m_schedule;
    api::ScheduleDetail m_detail;
    FiringTable *m_firings;
    OccurrenceTable *m_occurrences;
    Refresher m_refresher;
    UntilClock m_clock;
    int m_wanted;
};

} // namespace muster
