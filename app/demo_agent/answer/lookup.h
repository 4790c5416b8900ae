// Finds places in a repository: the part a prompt speaks of, where a name is declared, where a text
// stands. Any thread.
#pragma once

#include "app/demo_agent/analysis/repository.h"

namespace muster::demo {

// The longest path of a file or folder that stands in the text, else one whose last name does; "." stands
// for the whole. Empty if none.
[[nodiscard]] QString pathIn(const Repository &repository, const QString &text);
// What looks like a path in the text, though the repository has no such.
[[nodiscard]] QString missingPathIn(const QString &text);

[[nodiscard]] QString whereDefined(const Repository &repository, const QString &name, const StopCheck &stop);
[[nodiscard]] QString findText(const Repository &repository, const QString &text, const StopCheck &stop);

} // namespace muster::demo
