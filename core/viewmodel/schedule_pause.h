// SchedulePause: until when a person has paused all schedules of the node, and the way to say so. Asked once;
// what it changes to is told. GUI thread (the thread of the NodeApi); the functions on any.
#pragma once

#include "core/viewmodel/node_feed.h"

namespace muster {

// The setting of core/schedule/all_paused.h, as it is.
[[nodiscard]] qint64 pausedUntilIn(const std::vector<api::SettingInfo> &settings);
[[nodiscard]] api::SetSetting pauseOfSchedules(qint64 untilMs); // 0: they fire again
// When the day after this one begins here.
[[nodiscard]] qint64 startOfTomorrow(qint64 nowMs);
// "All schedules are paused until 14:30."; empty: they are not.
[[nodiscard]] QString describeAllPaused(qint64 untilMs, qint64 nowMs);

class SchedulePause final : public QObject {
    Q_OBJECT

public:
    explicit SchedulePause(NodeFeed *feed, QObject *parent = nullptr);

    [[nodiscard]] qint64 untilMs() const { return m_untilMs; } // past, or 0: they fire
    // As describeAllPaused(), now.
    [[nodiscard]] QString sentence() const;
    void pauseUntil(qint64 ms); // 0: they fire again

signals:
    void changed(); // also when it is over by itself
    void failed(const muster::Error &error);

private:
    void ask();
    void set(qint64 untilMs);
    void awaitEnd();

    NodeFeed *m_feed;
    QTimer m_end;
    qint64 m_untilMs = 0;
};

} // namespace muster
