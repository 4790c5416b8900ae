// The actions on runs, in the menus, the palette and by shortcut: start, cancel, once more. GUI thread.
#pragma once

namespace muster {

class MainWindow;
struct WindowServices;

void addRunActions(MainWindow &window, const WindowServices &services);

} // namespace muster
