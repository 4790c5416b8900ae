// What in a repository deserves a look: large files, files that change often, open notes, parts without
// tests. Each as Markdown; empty if there is nothing to say. Any thread.
#pragma once

#include "app/demo_agent/analysis/git.h"
#include "app/demo_agent/reading/coverage.h"
#include "app/demo_agent/reading/module_reading.h"

namespace muster::demo {

[[nodiscard]] QString largestFilesText(const Repository &repository, int limit);
[[nodiscard]] QString churnText(const Repository &repository, const History &history, int limit);
[[nodiscard]] QString notesText(const std::vector<PlacedNote> &notes, int limit);
[[nodiscard]] QString untestedText(const Repository &repository, const TestIndex &tests,
                                   const ModuleList &modules, int limit);

} // namespace muster::demo
