// Which docks the window has: one block each in docks.cpp. GUI thread.
#pragma once

#include "ui/shell/main_window.h"

namespace muster {
class PtyTerminalHost;
}

namespace muster::app {

void registerDocks(MainWindow &window, const WindowServices &services, PtyTerminalHost &terminals);

} // namespace muster::app
