// What the agent says of itself. Any thread.
#pragma once

#include <QString>

namespace muster::demo {

[[nodiscard]] QString helpText();
[[nodiscard]] QString notUnderstoodText(const QString &instruction);

} // namespace muster::demo
