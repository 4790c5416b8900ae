#include "core/tasks/admission_rules.h"

#include <algorithm>

namespace muster {

Room roomFor(const MachineLook &look, const AdmissionLimits &limits, qint64 sessionBytes, int unseen)
{
    const int most = ClaimWish{}.most;
    if (limits.diskBytes > 0 && look.freeDiskBytes >= 0 && look.freeDiskBytes < limits.diskBytes)
        return {.most = 0, .heldBack = HeldBack::Disk};
    if (limits.load > 0 && look.load >= limits.load)
        return {.most = 0, .heldBack = HeldBack::Load};
    if (limits.memoryBytes <= 0 || look.freeMemoryBytes < 0 || sessionBytes <= 0)
        return {.most = most};
    const qint64 fits = (look.freeMemoryBytes - limits.memoryBytes) / sessionBytes - unseen;
    if (fits <= 0)
        return {.most = 0, .heldBack = HeldBack::Memory};
    return {.most = static_cast<int>(std::min<qint64>(fits, most))};
}

} // namespace muster
