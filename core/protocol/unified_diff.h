// A unified diff of two texts for a person to read before allowing an edit: one hunk from the first to the
// last line that differs, three lines of context, both sides complete. Pure, linear.
#pragma once

#include <QString>

namespace muster {

[[nodiscard]] QString unifiedDiff(const QString &path, const QString &oldText, const QString &newText);

} // namespace muster
