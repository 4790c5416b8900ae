// ScheduleListModel: the schedules of the open project, by name, and what is wrong with its files that say
// some. Sleeps while inactive. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"
#include "core/viewmodel/rows_model.h"
#include "core/viewmodel/until_clock.h"

namespace muster {

class ProjectContext;

// A row for each mistake in a file of a schedule.
class ScheduleProblemModel final : public RowsModel<api::ScheduleFileProblem> {
    Q_OBJECT

public:
    using RowsModel::RowsModel;

    void setProblems(std::vector<api::ScheduleFileProblem> problems);
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
};

class ScheduleListModel final : public RowsModel<api::ScheduleInfo> {
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, RunningRole }; // runs or waits of it, as a number

    ScheduleListModel(NodeFeed *feed, ProjectContext *context, QObject *parent = nullptr);

    void setActive(bool active);
    // The node has answered for this project: an empty list means that there are none.
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] QModelIndex indexOf(ScheduleId schedule) const;
    [[nodiscard]] ScheduleProblemModel *problems() const { return m_problems; }

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void loaded();
    void ticked(); // what is told of times is another

private:
    void onProject();
    void ask();
    void take(api::ScheduleList list);

    NodeFeed *m_feed;
    ProjectContext *m_context;
    ScheduleProblemModel *m_problems;
    Refresher m_refresher;
    UntilClock m_clock;
    bool m_loaded = false;
};

// "Paused", "2 running · next Mon 23 Nov, 09:00": how it stands.
[[nodiscard]] QString scheduleStanding(const api::ScheduleInfo &schedule, qint64 nowMs);
// "in 12 min"; empty: it does not fire.
[[nodiscard]] QString scheduleUntil(const api::ScheduleInfo &schedule, qint64 nowMs);
// "last: Completed"; empty: it never fired, or its last firing has not ended.
[[nodiscard]] QString scheduleLast(const api::ScheduleInfo &schedule);

} // namespace muster
