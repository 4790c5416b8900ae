// MachineGate: whether this machine can bear more work: free memory, free disk, load, against the settings.
// Memory and load are read when it is asked and the last look is older than a second; the disk, which may not
// answer at once, in the background. Core thread. Source: spec "tasks and schedules", Admission; proc(5).
#pragma once

#include "core/base/clock.h"
#include "core/tasks/admission_rules.h"

#include <QObject>
#include <QString>

#include <deque>
#include <functional>

namespace muster {

class MachineGate final : public QObject, public Admission {
    Q_OBJECT
public:
    // `folder`: on the disk that is looked at.
    MachineGate(const Clock &clock, QString folder, std::function<AdmissionLimits()> limits);

    [[nodiscard]] Room room() override;
    void begun(int tasks) override;
    // What a session took at most, with all that it started; of the last ones, what is usual is the median.
    void sessionTook(qint64 bytes);
    [[nodiscard]] qint64 usualBytes() const;

private:
    void look();

    const Clock &m_clock;
    QString m_folder;
    std::function<AdmissionLimits()> m_limits;
    MachineLook m_look;
    qint64 m_lookedMs = -1; // monotonic
    qint64 m_lookedDiskMs = -1;
    std::deque<qint64> m_begunMs;
    std::deque<qint64> m_took;
};

} // namespace muster
