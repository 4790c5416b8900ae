#include "core/schedule/pass_check.h"

namespace muster {

bool PassCheck::isOverdue(qint64 passedAtMs, bool anyActive, qint64 monotonicMs)
{
    if (m_seenPass != passedAtMs || !anyActive) {
        m_seenPass = passedAtMs;
        m_seenAtMs = monotonicMs;
        m_told = false;
        return false;
    }
    if (m_told || monotonicMs - m_seenAtMs < kPassOverdueMs)
        return false;
    m_told = true;
    return true;
}

} // namespace muster
