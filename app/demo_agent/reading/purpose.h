// One sentence on what a part of a repository is for, taken from what its authors wrote; where they wrote
// nothing, from the names it declares. Any thread.
#pragma once

#include "app/demo_agent/reading/modules.h"

namespace muster::demo {

struct Purpose {
    QString text;
    QString source; // the file that says so; empty if it was made from names
};

[[nodiscard]] Purpose purposeOf(const Repository &repository, const Module &module);
// What a file says of itself at its top; empty if nothing.
[[nodiscard]] QString purposeOfFile(const Repository &repository, const FileFacts &file);

} // namespace muster::demo
