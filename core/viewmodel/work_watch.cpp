#include "core/viewmodel/work_watch.h"

namespace muster {

WorkWatch::WorkWatch(api::NodeApi *node, QObject *parent)
    : QObject(parent)
    , m_node(node)
{
    m_timer.setInterval(everyMs);
    connect(&m_timer, &QTimer::timeout, this, &WorkWatch::ask);
}

void WorkWatch::setWanted(const QObject *by, bool wanted)
{
    if (wanted == m_wantedBy.contains(by))
        return;
    if (wanted) {
        m_wantedBy.insert(by);
        connect(by, &QObject::destroyed, this, [this, by] { setWanted(by, false); });
    } else {
        m_wantedBy.remove(by);
        disconnect(by, &QObject::destroyed, this, nullptr);
    }
    if (m_wantedBy.isEmpty()) {
        m_timer.stop();
        m_known.clear();
    } else if (!m_timer.isActive()) {
        m_timer.start();
        ask();
    }
}

const api::WorkInfo *WorkWatch::of(TaskId task) const
{
    const auto found = m_known.constFind(task);
    return task.isValid() && found != m_known.cend() ? &*found : nullptr;
}

void WorkWatch::ask()
{
    if (std::exchange(m_asking, true))
        return;
    m_node->query(api::ListWork{}, this, [this](const Result<std::vector<api::WorkInfo>> &work) {
        m_asking = false;
        if (!isWanted())
            return;
        m_known.clear(); // without an answer nothing is known of now
        if (work) {
            for (const api::WorkInfo &one : *work) {
                if (one.task.isValid())
                    m_known.insert(one.task, one);
            }
        }
        emit ticked();
    });
}

} // namespace muster
