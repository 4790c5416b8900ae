#include "tests/e2e/node_killer.h"

namespace muster::e2e {

NodeKiller::NodeKiller(MusterHome &home, QRandomGenerator &random)
    : m_home(home)
    , m_random(random)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &NodeKiller::kill);
}

void NodeKiller::start(int count)
{
    m_left = count;
    schedule();
}

void NodeKiller::stop()
{
    m_left = 0;
    m_timer.stop();
}

void NodeKiller::schedule()
{
    if (m_left > 0)
        m_timer.start(randomMoment());
}

void NodeKiller::kill()
{
    m_whileStarting += m_home.nodeAnswers() ? 0 : 1;
    m_home.killNode();
    ++m_kills;
    --m_left;
    m_home.startNode();
    schedule();
}

// Counted from the start of the program: while it starts and takes over, while it works, and late.
int NodeKiller::randomMoment()
{
    const int kind = m_random.bounded(10);
    if (kind < 3)
        return m_random.bounded(0, 80);
    if (kind < 8)
        return m_random.bounded(80, 700);
    return m_random.bounded(700, 2000);
}

} // namespace muster::e2e
