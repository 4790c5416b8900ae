// The actions on the swarm as a whole, in the palette, the tray and the queue: all schedules paused for a
// while, and set going again. GUI thread.
#pragma once

namespace muster {

class MainWindow;
class SchedulePause;

void addLoadActions(MainWindow &window, SchedulePause *pause);

} // namespace muster
