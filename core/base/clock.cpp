#include "core/base/clock.h"

#include <chrono>

namespace muster {

namespace {
template <typename C> qint64 sinceEpochMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(C::now().time_since_epoch()).count();
}
} // namespace

qint64 SystemClock::nowMs() const { return sinceEpochMs<std::chrono::system_clock>(); }

qint64 SystemClock::monotonicMs() const { return sinceEpochMs<std::chrono::steady_clock>(); }

} // namespace muster
