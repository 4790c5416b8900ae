// Kills the background node of a home at random moments and starts it again at once, so many times, while the
// test goes on with what it does. One thread with an event loop.
#pragma once

#include "tests/e2e/muster_home.h"

#include <QObject>
#include <QRandomGenerator>
#include <QTimer>

namespace muster::e2e {

class NodeKiller : public QObject {
    Q_OBJECT
public:
    NodeKiller(MusterHome &home, QRandomGenerator &random);

    // The node runs already. Killed `count` times from now on.
    void start(int count);
    void stop(); // no more kills; the node runs
    [[nodiscard]] bool isDone() const { return m_left == 0; }
    [[nodiscard]] int kills() const { return m_kills; }
    [[nodiscard]] int killsWhileStarting() const { return m_whileStarting; } // before it took connections

private:
    void schedule();
    void kill();
    [[nodiscard]] int randomMoment();

    MusterHome &m_home;
    QRandomGenerator &m_random;
    QTimer m_timer;
    int m_left = 0;
    int m_kills = 0;
    int m_whileStarting = 0;
};

} // namespace muster::e2e
