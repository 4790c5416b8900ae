#include "core/node/work/step_effort.h"

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

bool isOwnEnd(FailureReason reason)
{
    switch (reason) {
    case FailureReason::RuntimeError:
    case FailureReason::PermissionDenied:
    case FailureReason::GateFailed:
    case FailureReason::Unknown:
        return true;
    default:
        return false;
    }
}

QString stuckDetail(const std::vector<EffortRow> &efforts)
{
    int idle = 0;
    qint64 most = 0;
    for (const EffortRow &effort : efforts) {
        const bool grew = effort.changedLines > most;
        most = std::max(most, effort.changedLines);
        idle = grew || effort.newReads > 0 ? 0 : idle + 1;
    }
    if (idle >= mostIdleEfforts)
        return u"no_progress %1"_s.arg(idle);
    if (efforts.size() >= mostUncommittedEfforts)
        return u"never_committed %1"_s.arg(efforts.size());
    return {};
}

} // namespace muster
