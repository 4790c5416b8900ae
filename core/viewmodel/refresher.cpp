#include "core/viewmodel/refresher.h"

#include <algorithm>

namespace muster {

Refresher::Refresher(std::function<void()> ask, QObject *parent, int minIntervalMs)
    : QObject(parent)
    , m_ask(std::move(ask))
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(minIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &Refresher::fire);
}

void Refresher::request()
{
    m_wanted = true;
    arm();
}

void Refresher::done()
{
    m_underWay = false;
    arm();
}

void Refresher::setActive(bool active)
{
    m_active = active;
    if (active)
        arm();
    else
        m_timer.stop();
}

void Refresher::arm()
{
    if (!m_active || !m_wanted || m_underWay || m_timer.isActive())
        return;
    const qint64 gone = m_sinceLast.isValid() ? m_sinceLast.elapsed() : m_timer.interval();
    const qint64 left = std::max<qint64>(0, m_timer.interval() - gone);
    if (left == 0)
        fire();
    else
        m_timer.start();
}

void Refresher::fire()
{
    m_wanted = false;
    m_underWay = true;
    m_sinceLast.start();
    m_ask();
}

} // namespace muster
