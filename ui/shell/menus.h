// The menu bar, from the registry's actions alone. GUI thread.
#pragma once

class QMenuBar;

namespace muster {

class ActionRegistry;
class DockRegistry;

void buildMenus(QMenuBar *bar, ActionRegistry &actions, const DockRegistry &docks);

} // namespace muster
