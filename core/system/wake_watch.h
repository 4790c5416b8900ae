// WakeWatch: tells at once that the machine is awake again, where the system says so (systemd-logind, over
// the system's D-Bus). A hint only: who listens looks at the clocks, and does so in any case every few
// seconds, so that nothing depends on a bus, a service, or on who really sent the signal. Core thread. Source
// of the signal: org.freedesktop.login1(5), PrepareForSleep.
#pragma once

#include <QObject>

namespace muster {

class WakeWatch final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    // False: there is no such bus.
    bool start();

signals:
    void woke();

private slots:
    void onPrepareForSleep(bool begins);
};

} // namespace muster
