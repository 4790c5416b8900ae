// From the command line to the window: `muster` without a command becomes the program muster-window, which
// lies beside it. So the command line, the node and a build without the window load nothing of Qt Gui. Main
// thread.
#pragma once

#include "core/base/error.h"

#include <QProcessEnvironment>
#include <QString>

namespace muster::app {

// What is in the way of a window in this environment, as a sentence; empty if nothing is known to be.
[[nodiscard]] QString displayProblem(const QProcessEnvironment &environment);

// Does not return if it can be done. Unavailable: `detail` says in plain words what to do instead.
[[nodiscard]] Error becomeWindow(char **argv);

} // namespace muster::app
