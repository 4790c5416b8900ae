// Refresher: asks again when something changed, but at most once per frame and never while an answer is under
// way. One per model. Lives on the thread of its parent (GUI); timers only run while there is something to
// do.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>

namespace muster {

// The shortest time between two updates of what a person sees.
inline constexpr int frameMs = 16;

class Refresher final : public QObject {
    Q_OBJECT

public:
    // `ask` starts one query; its callback must call done(), also when it failed.
    Refresher(std::function<void()> ask, QObject *parent, int minIntervalMs = frameMs);

    void request();
    void done();
    // While off, requests are remembered, and asked when it is on again.
    void setActive(bool active);
    [[nodiscard]] bool isActive() const { return m_active; }

private:
    void arm();
    void fire();

    std::function<void()> m_ask;
    QTimer m_timer;
    QElapsedTimer m_sinceLast;
    bool m_active = false;
    bool m_wanted = false;
    bool m_underWay = false;
};

} // namespace muster
