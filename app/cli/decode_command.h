// muster debug decode: the events that a recorded transcript of an agent decodes to, one a line. Starts
// nothing, needs no node. Main thread.
#pragma once

#include "app/command_line.h"
#include "core/base/paths.h"

namespace muster::app {

// Returns the exit code.
[[nodiscard]] int decodeTranscript(const DecodeOptions &options, const Paths &paths, bool json);

} // namespace muster::app
