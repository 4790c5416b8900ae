// ScheduleDesk: what a person does with schedules, as commands to the node. What is refused is told by
// failed(), except to who asked for the answer. GUI thread.
#pragma once

#include "core/node/api/node_api.h"

#include <QObject>

namespace muster {

class ScheduleDesk final : public QObject {
    Q_OBJECT

public:
    explicit ScheduleDesk(api::NodeApi *node, QObject *parent = nullptr);

    void pause(ScheduleId schedule);
    void resume(ScheduleId schedule);
    void remove(ScheduleId schedule);
    // Beside its times. Where no slot is free that is told by atCapacity(), and nothing has begun.
    void runNow(ScheduleId schedule);
    // The same; it waits for a slot where none is free.
    void queueNow(ScheduleId schedule);
    // Over the cap, which is written down (audit manual_force_bypass).
    void forceNow(ScheduleId schedule);
    // `done` gets an error, too; never after `context` has died.
    void save(const api::SaveSchedule &command, QObject *context,
              std::function<void(Result<ScheduleId>)> done);

signals:
    void failed(const muster::Error &error);
    void atCapacity(muster::ScheduleId schedule, const muster::Error &full);
    void begun(muster::ScheduleId schedule); // a firing beside its times is queued or runs

private:
    void submit(const api::Command &command);
    void begin(ScheduleId schedule, AtCapacity atCapacity);

    api::NodeApi *m_node;
};

// `mine` was written from `base`, which others have changed to `theirs` meanwhile: what I did not touch is
// theirs, and what I wrote stays. Keys are those of api::ScheduleSpec's JSON.
struct ScheduleMerge {
    api::ScheduleSpec spec;
    QStringList taken; // fields that are theirs now
    QStringList both;  // that both have changed, to other values: mine stay
};

[[nodiscard]] ScheduleMerge mergeSchedules(const api::ScheduleSpec &base, const api::ScheduleSpec &mine,
                                           const api::ScheduleSpec &theirs);

} // namespace muster
