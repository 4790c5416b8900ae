// Unix signals as calls on the event loop: the handler itself only writes to a pipe (signal-safety(7)). Main
// thread, once for each signal.
#pragma once

#include <QObject>

#include <functional>
#include <vector>

namespace muster::app {

void onSignals(const std::vector<int> &signalNumbers, QObject *context, std::function<void(int)> handler);

// A standard stream that was closed by the caller is opened to nowhere: else the next file or connection
// would get its number and be written to by what is printed. Writing to such an output still fails. First in
// main().
void keepStandardStreams();

} // namespace muster::app
