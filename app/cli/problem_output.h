// How the command line shows a problem of a file.
#pragma once

#include "core/node/api/flow_values.h"

namespace muster::app {

class SourceExcerpt;

// "flows/x.yaml:12:3: what is wrong [code]", the place as compilers write it, so that editors and terminals
// jump there; then the line itself, as `excerpt` of the file has it, and what to do.
void printProblem(const api::FlowProblemInfo &problem, const QString &file, const SourceExcerpt &excerpt);

// Of the file at `path`.
[[nodiscard]] SourceExcerpt excerptOf(const QString &path);

} // namespace muster::app
