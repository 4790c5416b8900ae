// Files that usually hold secrets: an agent needs an explicit yes for them, which no pattern with a wildcard
// gives. By name only, so it errs on both sides; the sandbox is what really keeps an agent from them. Pure.
#pragma once

#include <QStringView>

namespace muster {

[[nodiscard]] bool isSensitivePath(QStringView path);

} // namespace muster
