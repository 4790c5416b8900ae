// Unix signals as calls on the event loop: the handler itself only writes to a pipe (signal-safety(7)). Main
// thread, once for each signal.
#pragma once

#include <QObject>

#include <functional>
#include <vector>

namespace muster::app {

void onSignals(const std::vector<int> &signalNumbers, QObject *context, std::function<void(int)> handler);

} // namespace muster::app
