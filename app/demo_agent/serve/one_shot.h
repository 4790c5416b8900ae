// "muster-demo-agent --ask TEXT [--in FOLDER] [--yes]": one prompt from the command line, its answer on
// standard output, no session kept. For people who want to try the agent and for looking at its texts.
#pragma once

#include <QStringList>

namespace muster::demo {

// Exit code: 0 answered, 2 wrong arguments.
[[nodiscard]] int runOneShot(const QStringList &arguments);

} // namespace muster::demo
