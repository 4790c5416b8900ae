// WakeUp over one timer per run, against the clock that says what is stored: after a sleep or a set clock a
// moment that has passed wakes at once (checked every few seconds). Core thread.
#pragma once

#include "core/flow/flow_ports.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace muster {

class WakeUps final : public QObject, public WakeUp {
    Q_OBJECT
public:
    explicit WakeUps(const Clock &clock, QObject *parent = nullptr);

    void wakeAt(RunId run, qint64 atMs) override;
    void forget(RunId run) override;

signals:
    void due(muster::RunId run);

private:
    void arm();
    void fire();

    const Clock &m_clock;
    QHash<RunId, qint64> m_moments;
    QTimer m_timer;
};

} // namespace muster
