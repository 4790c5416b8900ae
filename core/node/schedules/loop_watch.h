// How this process does while firings work: how late its event loop is, and how much memory it holds. Looks
// only while there is somebody to look for. Core thread.
#pragma once

#include "core/base/clock.h"
#include "core/events/schedule_words.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <array>
#include <vector>

namespace muster {

struct LoopMeasure {
    qint64 lagMs = 0; // p99
    qint64 peakMemory = 0;
};

using LoopMeasures = QHash<FiringId, LoopMeasure>;

class LoopWatch final : public QObject {
    Q_OBJECT
public:
    explicit LoopWatch(QObject *parent = nullptr);

    // Those that work now, and no other.
    void watch(const std::vector<FiringId> &running);
    // So far; none of who has not been looked at yet.
    [[nodiscard]] LoopMeasures measures() const;

private:
    struct Watched {
        std::array<quint32, 1001> lags{}; // how often, by milliseconds; the last: that and more
        quint32 looks = 0;
        qint64 peakMemory = 0;
    };

    void look();
    [[nodiscard]] static LoopMeasure measureOf(const Watched &watched);

    SystemClock m_clock; // a test's clock says nothing of this machine's lateness
    QTimer m_timer;
    QHash<FiringId, Watched> m_watched;
    qint64 m_lookedMs = 0;
    int m_untilMemory = 0;
};

} // namespace muster
